import { randomBytes } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";

export interface PartLimits {
  /** Characters kept in memory; what is longer goes to a file on disk, or is cut where there is no directory for one. */
  readonly memory: number;
  /** Characters kept at all. */
  readonly total: number;
}

/** Pieces that wait for the disk; when it is slower than the network, further ones are left out. */
const MAX_WAITING = 100;
/** Written at once, so that a stream of small pieces is not a stream of small writes. */
const PIECE_CHARACTERS = 65_536;

/** A body or a stream on its way into a request log. Never waits, never holds more than it may. */
export class LogPart {
  readonly #limits: PartLimits;
  readonly #spoolDirectory: string | undefined;
  readonly #decoder = new TextDecoder();
  #memory = "";
  #kept = 0;
  #cut = false;
  #gaps = false;
  #spool: string | undefined;
  #waiting = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(limits: PartLimits, spoolDirectory?: string) {
    this.#limits = limits;
    this.#spoolDirectory = spoolDirectory;
  }

  add(chunk: string | Uint8Array): void {
    if (this.#cut) return;
    const room = (this.#spoolDirectory === undefined ? this.#limits.memory : this.#limits.total) - this.#kept;
    const text = typeof chunk === "string" ? chunk : this.#decoder.decode(chunk.byteLength > room ? chunk.subarray(0, room) : chunk, { stream: true });
    this.#cut = text.length > room || (typeof chunk !== "string" && chunk.byteLength > room);
    const kept = text.length > room ? text.slice(0, room) : text;
    this.#kept += kept.length;
    this.#memory += kept;
    if (this.#spoolDirectory !== undefined && this.#memory.length > (this.#spool === undefined ? this.#limits.memory : PIECE_CHARACTERS)) this.#spoolOut(this.#spoolDirectory);
  }

  /** All that is kept, piece by piece, and a word about what is not. @throws when the disk fails */
  async *pieces(): AsyncGenerator<string> {
    await this.#writing;
    if (this.#spool !== undefined && existsSync(this.#spool)) for await (const piece of createReadStream(this.#spool, { encoding: "utf8", highWaterMark: PIECE_CHARACTERS })) yield String(piece);
    for (let at = 0; at < this.#memory.length; at += PIECE_CHARACTERS) yield this.#memory.slice(at, at + PIECE_CHARACTERS);
    if (this.#gaps) yield "\n[INCOMPLETE: the disk was full, or slower than the stream]";
    if (this.#cut) yield `\n[TRUNCATED: only the first ${this.#kept} characters are kept]`;
  }

  /** Lets go of it, and of its file. */
  async discard(): Promise<void> {
    this.#memory = "";
    this.#cut = true;
    await this.#writing;
    if (this.#spool !== undefined) await rm(this.#spool, { force: true });
  }

  #spoolOut(directory: string): void {
    const piece = this.#memory;
    this.#memory = "";
    if (this.#waiting >= MAX_WAITING) {
      this.#gaps = true;
      return;
    }
    const path = (this.#spool ??= join(directory, `.part-${randomBytes(8).toString("hex")}.tmp`));
    this.#waiting++;
    this.#writing = this.#writing.then(() => appendFile(path, piece, { mode: 0o600 })).catch(() => {
      this.#gaps = true;
    }).finally(() => {
      this.#waiting--;
    });
  }
}
