import { closeSync, fstatSync, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { journalName } from "./journal-directory.ts";

/** One file of lines that are only ever added to. A line that `append` has taken survives the death of the process. */
export class JournalFile {
  readonly path: string;
  readonly #fd: number;
  #bytes = 0;
  /** A write ended halfway: the next line begins on a line of its own. */
  #torn = false;

  /** @throws the file system's own error */
  constructor(directory: string) {
    this.path = join(directory, journalName(randomBytes(6).toString("hex")));
    this.#fd = openSync(this.path, "ax", 0o600);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A line is the first `length` bytes, the last of them a line feed. @throws the file system's own error; the line does not count then */
  append(bytes: Uint8Array, length: number): void {
    if (this.#torn) this.#bytes += writeSync(this.#fd, "\n");
    this.#torn = true;
    const written = writeSync(this.#fd, bytes, 0, length);
    this.#bytes += written;
    if (written < length) throw new Error("the disk took only a part of the line");
    this.#torn = false;
  }

  /** Somebody has removed the file; what is written goes nowhere. */
  get isLost(): boolean {
    return fstatSync(this.#fd).nlink === 0;
  }

  close(): void {
    closeSync(this.#fd);
  }

  remove(): void {
    try {
      unlinkSync(this.path);
    } catch {
      // What is left over is read again at the next start, and is there already.
    }
  }
}
