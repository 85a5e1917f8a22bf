import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

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
    writeWhole(path, key);
    return { key, kept: true };
  } catch {
    return { key, kept: false };
  }
}

/** Write, fsync, rename: there is never half a file. Readable by the owner only. */
function writeWhole(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const fd = openSync(temporary, "w", 0o600);
  try {
    writeSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
}
