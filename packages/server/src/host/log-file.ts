import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, renameSync, statSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { LogSink } from "./logger.ts";

/** A log file is put aside at this size. */
const MAX_FILE_BYTES = 10 * 1_048_576;

export interface LogFileOptions {
  readonly directory: string;
  /** All log files together; the oldest go first, the one in use never. 0 is no limit. */
  readonly maxTotalBytes: number;
}

/** Lines wait this long for others, so that a busy gateway writes once for many. */
const FLUSH_AFTER_MS = 50;

/** `main.log` in a directory, rotated by size to `main-<time>.log`. A write that fails never fails the caller. */
export class LogFile implements LogSink {
  readonly #options: LogFileOptions;
  readonly #path: string;
  #fd: number;
  #size: number;
  #waiting = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LogFileOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    this.#path = join(options.directory, "main.log");
    this.#fd = openSync(this.#path, "a", 0o600);
    this.#size = fstatSync(this.#fd).size;
  }

  write(line: string): void {
    this.#waiting += line;
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS);
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = "";
    if (bytes.length === 0) return;
    try {
      if (this.#size + bytes.length > MAX_FILE_BYTES && this.#size > 0) this.#rotate();
      this.#size += writeSync(this.#fd, bytes);
    } catch {
      // A full disk must not stop the gateway.
    }
  }

  #rotate(): void {
    closeSync(this.#fd);
    const time = new Date().toISOString().replace(/:/g, "-").replace("Z", "");
    renameSync(this.#path, join(this.#options.directory, `main-${time}.log`));
    this.#fd = openSync(this.#path, "a", 0o600);
    this.#size = 0;
    this.#trim();
  }

  #trim(): void {
    const { directory, maxTotalBytes } = this.#options;
    if (maxTotalBytes <= 0) return;
    const files = readdirSync(directory).filter((name) => name.endsWith(".log") && name !== "main.log").sort();
    let total = this.#size + files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    for (const name of files) {
      if (total <= maxTotalBytes) return;
      const path = join(directory, name);
      if (!existsSync(path)) continue;
      total -= statSync(path).size;
      unlinkSync(path);
    }
  }
}
