import { randomBytes } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";

export interface PartLimits {
  /** Characters or bytes kept in memory; what is longer goes to a file on disk, or is cut where there is no directory for one. */
  readonly memory: number;
  /** Kept at all. */
  readonly total: number;
}

type Piece = string | Uint8Array;

/** Pieces that wait for the disk; when it is slower than the network, further ones are left out. */
const MAX_WAITING = 100;
/** Written at once, so that a stream of small pieces is not a stream of small writes. */
const PIECE_LENGTH = 65_536;

/** A body or a stream on its way into a request log. Never waits, never holds more than it may; text is made of it when it is read. */
export class LogPart {
  readonly #limits: PartLimits;
  readonly #spoolDirectory: string | undefined;
  #pieces: Piece[] = [];
  /** Length of `#pieces`. */
  #held = 0;
  #kept = 0;
  #cut = false;
  #gaps = false;
  #decoder: TextDecoder | undefined;
  #spool: string | undefined;
  #waiting = 0;
  #writing: Promise<void> | undefined;

  constructor(limits: PartLimits, spoolDirectory?: string) {
    this.#limits = limits;
    this.#spoolDirectory = spoolDirectory;
  }

  add(chunk: Piece): void {
    if (this.#cut) return;
    const room = (this.#spoolDirectory === undefined ? this.#limits.memory : this.#limits.total) - this.#kept;
    this.#cut = chunk.length > room;
    const kept = chunk.length <= room ? chunk : typeof chunk === "string" ? chunk.slice(0, room) : chunk.subarray(0, room);
    this.#pieces.push(kept);
    this.#kept += kept.length;
    this.#held += kept.length;
    if (this.#spoolDirectory !== undefined && this.#held > (this.#spool === undefined ? this.#limits.memory : PIECE_LENGTH)) this.#spoolOut(this.#spoolDirectory);
  }

  /** All that is kept, piece by piece, and a word about what is not. @throws when the disk fails */
  async *pieces(): AsyncGenerator<string> {
    await this.#writing;
    if (this.#spool !== undefined && existsSync(this.#spool)) for await (const piece of createReadStream(this.#spool, { encoding: "utf8", highWaterMark: PIECE_LENGTH })) yield String(piece);
    const rest = this.#takeText();
    for (let at = 0; at < rest.length; at += PIECE_LENGTH) yield rest.slice(at, at + PIECE_LENGTH);
    if (this.#gaps) yield "\n[INCOMPLETE: the disk was full, or slower than the stream]";
    if (this.#cut) yield `\n[TRUNCATED: only the first ${this.#kept} characters are kept]`;
  }

  /** Lets go of it, and of its file. */
  async discard(): Promise<void> {
    this.#pieces = [];
    this.#cut = true;
    await this.#writing;
    if (this.#spool !== undefined) await rm(this.#spool, { force: true });
  }

  /** A letter that the network cut in two is put together with the next piece. */
  #takeText(): string {
    let text = "";
    for (const piece of this.#pieces) text += typeof piece === "string" ? piece : (this.#decoder ??= new TextDecoder()).decode(piece, { stream: true });
    this.#pieces = [];
    this.#held = 0;
    return text;
  }

  #spoolOut(directory: string): void {
    const text = this.#takeText();
    if (this.#waiting >= MAX_WAITING) {
      this.#gaps = true;
      return;
    }
    const path = (this.#spool ??= join(directory, `.part-${randomBytes(8).toString("hex")}.tmp`));
    this.#waiting++;
    this.#writing = (this.#writing ?? Promise.resolve()).then(() => appendFile(path, text, { mode: 0o600 })).catch(() => {
      this.#gaps = true;
    }).finally(() => {
      this.#waiting--;
    });
  }
}
