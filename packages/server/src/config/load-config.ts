import { type Config, type Environment, parseConfig } from "@dragoman/gateway";
import { chooseConfigPath, type FileNote, type FileProblem, hashText, parseConfigText, readConfigText } from "./config-file.ts";
import { withEnvironmentFile } from "./environment-file.ts";

/** A configuration and where it came from. */
export interface LoadedConfig {
  readonly config: Config;
  readonly notes: readonly FileNote[];
  /** Variables that its references were replaced by: those of the process and of `.env`. */
  readonly environment: Environment;
  /** Absent: nothing was configured, the defaults hold. */
  readonly path?: string;
  /** Whose file it is, where it is another gateway's: it is read, and never written. */
  readonly fileOf?: string;
  /** Of the file's text; empty without a file. */
  readonly hash: string;
}

export type LoadResult =
  | { readonly ok: true; readonly loaded: LoadedConfig }
  | { readonly ok: false; readonly path: string; readonly problems: readonly FileProblem[] };

export interface LoadOptions {
  /** `--config`. */
  readonly named?: string | undefined;
  /** The working directory. */
  readonly directory: string;
  /** Where the program keeps a configuration that it made itself; it is the last to be looked for. */
  readonly home?: string;
  readonly environment: Environment;
}

/** Finds and reads the configuration at start. A file that was named must be there. */
export function loadConfig(options: LoadOptions): LoadResult {
  const { environment, warning } = withEnvironmentFile(options.directory, options.environment);
  const warnings: readonly FileNote[] = warning === undefined ? [] : [{ path: "", kind: "warning", message: warning }];
  const path = chooseConfigPath(options.named, options.directory, options.home);
  const result = path === undefined ? loadDefaults(environment) : loadFile(path, environment);
  return result.ok ? { ok: true, loaded: { ...result.loaded, notes: [...warnings, ...result.loaded.notes] } } : result;
}

/** Reads one file; also used when it changes. */
export function loadFile(path: string, environment: Environment): LoadResult {
  let text: string;
  try {
    text = readConfigText(path);
  } catch (error) {
    return { ok: false, path, problems: [{ path: "", message: unreadable(error as NodeJS.ErrnoException) }] };
  }
  const parsed = parseConfigText(text, environment);
  if (!parsed.ok) return { ok: false, path, problems: parsed.problems };
  return { ok: true, loaded: { config: parsed.config, notes: parsed.notes, environment, path, hash: hashText(text), ...(parsed.fileOf !== undefined && { fileOf: parsed.fileOf }) } };
}

function loadDefaults(environment: Environment): LoadResult {
  const parsed = parseConfig({}, environment);
  if (!parsed.ok) return { ok: false, path: "", problems: parsed.problems };
  return { ok: true, loaded: { config: parsed.config, notes: parsed.notes, environment, hash: "" } };
}

function unreadable(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no such file";
  return error.code === "EISDIR" ? "is a directory" : `cannot be read (${error.code ?? error.message})`;
}
