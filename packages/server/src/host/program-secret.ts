import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { unlessMissing } from "./named-files.ts";

/** What a program's npm package says. */
export interface ProgramSecret {
  readonly value: string;
  /** Where it was read. */
  readonly directory: string;
}

/** Larger files are no source. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const SOURCE = /\.(js|mjs|cjs)$/;

/** Looks for a value in the sources of an installed npm package. @returns `undefined` when it is not installed, or does not say */
export function readFromProgram({ npmPackage, pattern }: { readonly npmPackage: string; readonly pattern: RegExp }, path = process.env.PATH ?? ""): ProgramSecret | undefined {
  for (const directory of packageDirectories(npmPackage, path)) {
    const value = searchSources(directory, pattern);
    if (value !== undefined) return { value, directory };
  }
  return undefined;
}

/** Where npm puts global packages, and where the programs on PATH live. */
function packageDirectories(npmPackage: string, path: string): readonly string[] {
  const bins = path.split(delimiter).filter((bin) => bin !== "");
  const besideBins = bins.flatMap((bin) => [join(bin, "../lib/node_modules", npmPackage), join(bin, "../node_modules", npmPackage), join(bin, "node_modules", npmPackage)]);
  const candidates = [...besideBins, ...bins.flatMap((bin) => linkedPackages(bin, npmPackage)), ...globalPackage(npmPackage)];
  return [...new Set(candidates.filter((candidate) => existsSync(join(candidate, "package.json"))).map((candidate) => realpathSync(candidate)))];
}

/** Programs on PATH are often links into the package. */
function linkedPackages(bin: string, npmPackage: string): readonly string[] {
  const inside = `${sep}node_modules${sep}${npmPackage.replaceAll("/", sep)}${sep}`;
  return namesIn(bin).flatMap((name) => {
    try {
      readlinkSync(join(bin, name));
      const target = realpathSync(join(bin, name));
      const at = target.lastIndexOf(inside);
      return at < 0 ? [] : [target.slice(0, at + inside.length - 1)];
    } catch {
      return [];
    }
  });
}

function globalPackage(npmPackage: string): readonly string[] {
  const { status, stdout } = spawnSync("npm", ["root", "-g"], { encoding: "utf8", timeout: 10_000, shell: process.platform === "win32" });
  return status === 0 && stdout.trim() !== "" ? [join(stdout.trim(), npmPackage)] : [];
}

/** Files before folders, so that a package's own code goes before what it brings along. */
function searchSources(directory: string, pattern: RegExp): string | undefined {
  const paths = namesIn(directory).map((name) => join(directory, name));
  const facts = paths.map((path) => ({ path, stat: unlessMissing(() => statSync(path)) }));
  for (const { path, stat } of facts) {
    if (stat?.isFile() !== true || !SOURCE.test(path) || stat.size > MAX_FILE_BYTES) continue;
    const found = pattern.exec(readFileSync(path, "utf8"))?.[1];
    if (found !== undefined) return found;
  }
  for (const { path, stat } of facts) {
    const found = stat?.isDirectory() === true && dirname(realpathSync(path)) === realpathSync(directory) ? searchSources(path, pattern) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
