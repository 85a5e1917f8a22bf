import { chmodSync, existsSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { writeAtomically } from "../config/write-atomically.ts";

/** What may hold a key is for its owner alone. */
const OWNER_ONLY = 0o600;

/** Writes a file whole or not at all; it keeps its permissions, or is for its owner alone when it is new. */
export function writeFile(path: string, bytes: Uint8Array, mode: number | undefined): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeAtomically(path, bytes);
  chmodSync(path, mode ?? OWNER_ONLY);
}

/** Takes a file away, and of the directories that were made for it those that are empty. */
export function removeFile(path: string, madeDirectories: readonly string[]): void {
  rmSync(path, { force: true });
  for (const directory of madeDirectories.toReversed()) {
    try {
      rmdirSync(directory);
    } catch {
      // Somebody uses it meanwhile.
      return;
    }
  }
}

/** Directories that have to be made for a file, the outermost first. */
export function missingAbove(path: string): readonly string[] {
  const missing: string[] = [];
  for (let directory = dirname(path); !existsSync(directory) && directory !== dirname(directory); directory = dirname(directory)) missing.unshift(directory);
  return missing;
}
