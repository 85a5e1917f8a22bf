import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeAtomically } from "../config/write-atomically.ts";

/** Where the program keeps what it makes itself: `$DRAGOMAN_HOME`, else `~/.dragoman`. */
export function dataDirectory(): string {
  return process.env.DRAGOMAN_HOME ?? join(homedir(), ".dragoman");
}

/** Bytes of the key that signs envelopes. */
const KEY_BYTES = 32;

/**
 * The key that signs envelopes of sealed reasoning, made at the first start and kept, so that conversations survive a
 * restart. On a read-only disk it lives only as long as the process.
 */
export function sealKey(directory: string = dataDirectory()): { readonly key: Uint8Array; readonly kept: boolean } {
  const path = join(directory, "seal.key");
  if (existsSync(path)) return { key: new Uint8Array(readFileSync(path)), kept: true };
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeAtomically(path, key);
    return { key, kept: true };
  } catch {
    return { key, kept: false };
  }
}
