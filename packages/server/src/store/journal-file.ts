import { closeSync, fstatSync, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { AttemptRecord } from "@dragoman/gateway";
import { journalName } from "./journal-directory.ts";
import type { JournalLines } from "./journal-lines.ts";

/**
 * One file of lines. A line that `append` has taken survives the death of the process: the file is mapped into memory, and
 * what was written there belongs to the system, as if it had been given to `write`, which takes ten times as long. All of
 * the file is there from the beginning, so that a full disk is heard of when it is made and not while it is written.
 */
export class JournalFile {
  readonly path: string;
  readonly #fd: number;
  readonly #bytes: Uint8Array;
  readonly #isMapped: boolean;
  /** Where the next line goes. */
  #end = 0;
  readonly #told = new Set<number>();

  /** @param size bytes @throws the file system's own error */
  constructor(directory: string, size: number) {
    this.path = join(directory, journalName(randomBytes(6).toString("hex")));
    this.#fd = openSync(this.path, "wx+", 0o600);
    try {
      writeWhole(this.#fd, new Uint8Array(size), 0, size);
      const map = mapped(this.path);
      this.#isMapped = map !== undefined;
      this.#bytes = map ?? new Uint8Array(size);
    } catch (error) {
      this.close();
      this.remove();
      throw error;
    }
  }

  /** Bytes of its lines. */
  get length(): number {
    return this.#end;
  }

  /** @returns 0, or the size of a file that would have had room for it @throws the file system's own error; the line does not count then */
  append(record: AttemptRecord, lines: JournalLines): number {
    const start = this.#end;
    const end = lines.write(this.#bytes, start, record, this.#told);
    if (end > this.#bytes.length) {
      this.#bytes.fill(0, start);
      return end - start;
    }
    if (!this.#isMapped) writeWhole(this.#fd, this.#bytes, start, end);
    this.#end = end;
    return 0;
  }

  /**
   * Nobody needs what is in it any more: it is wiped, and the next line is the first. Records that were left behind would
   * be counted again if the store had let go of them by the time that they are read.
   */
  rewind(): void {
    const end = this.#end;
    this.#end = 0;
    this.#told.clear();
    this.#bytes.fill(0, 0, end);
    if (this.#isMapped) return;
    try {
      writeWhole(this.#fd, this.#bytes, 0, end);
    } catch {
      // The next line will tell that the disk is away.
    }
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

/** `undefined` where the system or the file system cannot: Bun has no maps on Windows. */
function mapped(path: string): Uint8Array | undefined {
  try {
    return Bun.mmap(path);
  } catch {
    return undefined;
  }
}

/** The bytes from one place to another, at their place in the file. */
function writeWhole(fd: number, bytes: Uint8Array, from: number, to: number): void {
  if (writeSync(fd, bytes, from, to - from, from) < to - from) throw new Error("the disk took only a part of it");
}
