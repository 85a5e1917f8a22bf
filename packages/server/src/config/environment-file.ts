import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentFile {
  /** The given variables, and those of the file that were not among them. */
  readonly environment: Environment;
  /** Why the file could not be read; a missing file is fine. */
  readonly warning?: string;
}

/** Adds the variables of `.env` in a directory. Variables that are already set win. */
export function withEnvironmentFile(directory: string, environment: Environment): EnvironmentFile {
  const path = join(directory, ".env");
  try {
    const fromFile = parseEnv(readFileSync(path, "utf8"));
    return { environment: { ...fromFile, ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)) } };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? { environment } : { environment, warning: `${path} could not be read (${code ?? "not valid"})` };
  }
}
