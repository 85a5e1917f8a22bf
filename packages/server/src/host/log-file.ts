import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { backupTime } from "./local-time.ts";
import type { LogSink } from "./logger.ts";

/** A log file is put aside at this size. */
const MAX_FILE_BYTES = 10 * 1_048_576;
/** Lines wait this long for others, so that a busy gateway writes once for many. */
const FLUSH_AFTER_MS = 50;

export const MAIN_LOG = "main.log";

/** `main.log` in a directory, rotated by size to `main-<time>.log`. A write that fails never fails the caller. */
export class LogFile implements LogSink {
  readonly #directory: string;
  readonly #path: string;
  readonly #maxBytes: number;
  #fd: number;
  #waiting = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @throws when the directory cannot be written to */
  constructor(directory: string, maxBytes: number = MAX_FILE_BYTES) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#path = join(directory, MAIN_LOG);
    this.#fd = openSync(this.#path, "a", 0o600);
  }

  write(line: string): void {
    this.#waiting += line;
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  /** Puts waiting lines into the file now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = "";
    if (bytes.length === 0) return;
    try {
      // Others may have emptied it meanwhile.
      const { size } = fstatSync(this.#fd);
      if (size + bytes.length > this.#maxBytes && size > 0) this.#rotate();
      writeSync(this.#fd, bytes);
    } catch {
      // A full disk must not stop the gateway.
    }
  }

  close(): void {
    this.flush();
    closeSync(this.#fd);
  }

  #rotate(): void {
    closeSync(this.#fd);
    try {
      renameSync(this.#path, this.#freeName());
    } finally {
      this.#fd = openSync(this.#path, "a", 0o600);
    }
  }

  #freeName(): string {
    for (let at = Date.now(); ; at++) {
      const path = join(this.#directory, `main-${backupTime(at)}.log`);
      if (!existsSync(path)) return path;
    }
  }
}
