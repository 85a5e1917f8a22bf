import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Platform } from "./platforms.ts";

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string } | undefined>>;
}

/**
 * Bun for another kind of machine, from the npm registry: the version and the digest that package-lock.json names. The compiler
 * would fetch it from elsewhere, and unchecked.
 * @returns the path of the executable, kept in the directory for the next time
 * @throws when it cannot be had, or is not the one of the lockfile
 */
export function foreignRuntime({ runtime, suffix }: Platform, directory: string): string {
  const locked = (JSON.parse(readFileSync("package-lock.json", "utf8")) as Lockfile).packages[`node_modules/${runtime}`];
  if (locked === undefined) throw new Error(`package-lock.json does not name ${runtime}`);
  const place = join(directory, `${runtime.replace("@oven/", "")}-${locked.version}`);
  const executable = join(place, "bin", `bun${suffix}`);
  if (existsSync(executable)) return executable;
  const unpacked = `${place}.part`;
  mkdirSync(unpacked, { recursive: true });
  const name = run("npm", "pack", "--silent", "--pack-destination", unpacked, `${runtime}@${locked.version}`).trim();
  check(join(unpacked, name), locked.integrity);
  run("tar", "-xzf", join(unpacked, name), "-C", unpacked);
  renameSync(join(unpacked, "package"), place);
  rmSync(unpacked, { recursive: true });
  return executable;
}

/** @throws when a file has another digest than `sha512-…` in base64 */
function check(file: string, integrity: string): void {
  const digest = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (digest !== integrity) throw new Error(`${file} is not what package-lock.json names`);
}

function run(...command: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${exitCode}: ${stderr.toString()}`);
  return stdout.toString();
}
