import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Files of this program may hold keys. */
const OWNER_ONLY = 0o600;

/** Writes the whole file or nothing: temporary file, fsync, rename. A link is followed, and stays a link. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const target = resolved(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  const file = openSync(temporary, "wx", OWNER_ONLY);
  try {
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    rename(temporary, target, content);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** A file that is mounted by itself, as containers do, cannot be replaced by another; it is written over. */
function rename(temporary: string, target: string, content: string | Uint8Array): void {
  try {
    renameSync(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EBUSY" && code !== "EXDEV") throw error;
    writeFileSync(target, content, { flush: true });
    rmSync(temporary, { force: true });
  }
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
