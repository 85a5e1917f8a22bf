import { mkdirSync } from "node:fs";
import type { AttemptRecord, Logger, Store, UsageSink } from "@dragoman/gateway";
import { appendRecords } from "./append-records.ts";
import { JournalFile } from "./journal-file.ts";
import { JournalLines } from "./journal-lines.ts";
import { foundJournals } from "./journal-directory.ts";
import { replayJournal } from "./read-journal.ts";

export interface UsageJournalOptions {
  readonly store: Store;
  readonly logger: Logger;
  /** Absent: records are only in memory until the store has them. */
  readonly directory?: string;
  /** Records in memory at most; the rest waits in the journal. */
  readonly maxInMemory?: number;
}

/** Records wait this long for others. */
const GATHER_MS = 200;
/** Records that are given to the store at once. */
const BATCH = 500;
/** A journal that is full is put aside, and removed when the store has all of it. Bytes. */
const JOURNAL_SIZE = 4 * 1_048_576;
/** One of which the store has everything is written from its beginning again when it is this long: the same memory is used, and no other. */
const REWIND_AT = JOURNAL_SIZE / 16;
/** Beside a record that is larger than a journal: the line of its series. */
const SPARE = 65_536;
const MAX_IN_MEMORY = 20_000;
/** First and longest pause after the store could not be reached. */
const RETRY_MS = { first: 500, longest: 30_000 } as const;
/** After the disk refused a line, it is asked again this much later. */
const DISK_RETRY_MS = 5_000;
/** At the end, the store gets this long to take what is left. */
const CLOSE_MS = 5_000;

/**
 * The durable way of attempts into the store. A record is one line in a journal before `record` returns, and in the store
 * a moment later; if the process dies in between, the next one reads the journal. When the store is away for long, the
 * journal alone keeps what does not fit in memory.
 */
export class UsageJournal implements UsageSink {
  readonly #options: UsageJournalOptions;
  readonly #lines = new JournalLines();
  #pending: AttemptRecord[] = [];
  #accepted = 0;
  #stored = 0;
  #file: JournalFile | undefined;
  /** Full journals, with the number of the last record in them. */
  #full: { readonly file: JournalFile; readonly last: number }[] = [];
  /** Set while records go to the journal alone. */
  #spilling = false;
  /** Journals whose records are not in memory. */
  #spilled: JournalFile[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #retryMs: number = RETRY_MS.first;
  #storeAway = false;
  #diskAwayUntil = 0;
  #closed = false;
  #recovering: Promise<unknown> = Promise.resolve();

  constructor(options: UsageJournalOptions) {
    this.#options = options;
  }

  record(attempt: AttemptRecord): void {
    const written = this.#write(attempt);
    if (this.#spilling && !written) {
      this.#options.logger.log("error", "usage.lost", { requestId: attempt.requestId, reason: "neither the journal nor the database can be written" });
      return;
    }
    this.#accepted += 1;
    if (!this.#spilling) {
      this.#pending.push(attempt);
      if (this.#pending.length >= (this.#options.maxInMemory ?? MAX_IN_MEMORY)) this.#spill();
    }
    if (this.#timer === undefined) this.#schedule(GATHER_MS);
    else if (this.#pending.length === BATCH && !this.#storeAway) this.#schedule(0);
  }

  backlog(): number {
    return this.#accepted - this.#stored;
  }

  /** @throws Error when the store cannot be reached */
  async flush(): Promise<void> {
    const target = this.#accepted;
    do await this.#drain();
    while (this.#stored < target);
  }

  /** Reads what dead processes have left behind. @returns records read */
  recover(): Promise<number> {
    const recovering = this.#recover();
    this.#recovering = recovering.catch(() => undefined);
    return recovering;
  }

  async #recover(): Promise<number> {
    const { directory, store, logger } = this.#options;
    if (directory === undefined) return 0;
    let read = 0;
    for (const { path, inUse } of foundJournals(directory)) {
      if (inUse) continue;
      read += await replayJournal(path, store, (record, error) => this.#refused(record, error));
      await Bun.file(path).delete();
    }
    if (read > 0) logger.log("info", "usage.recovered", { records: read });
    return read;
  }

  /** Gives the store what is left. What it does not take stays in the journal for the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    try {
      await before(CLOSE_MS, Promise.all([this.flush(), this.#recovering]));
      for (const file of this.#files()) file.remove();
    } catch (error) {
      this.#options.logger.log("warn", "usage.left", { records: this.#accepted - this.#stored, reason: reasonOf(error) });
    }
    for (const file of this.#files()) file.close();
  }

  #files(): readonly JournalFile[] {
    return [...this.#full.map(({ file }) => file), ...this.#spilled, ...(this.#file === undefined ? [] : [this.#file])];
  }

  /** @returns whether the record is on disk */
  #write(attempt: AttemptRecord): boolean {
    const { directory, logger } = this.#options;
    if (directory === undefined || (this.#diskAwayUntil > 0 && Date.now() < this.#diskAwayUntil)) return false;
    try {
      this.#append(directory, attempt);
      this.#diskAwayUntil = 0;
      return true;
    } catch (error) {
      if (this.#diskAwayUntil === 0) logger.log("warn", "usage.unjournalled", { reason: reasonOf(error), effect: "attempts that are not in the database yet would be lost if the process died" });
      this.#diskAwayUntil = Date.now() + DISK_RETRY_MS;
      return false;
    }
  }

  /** @throws the file system's own error */
  #append(directory: string, attempt: AttemptRecord): void {
    this.#file ??= openIn(directory, JOURNAL_SIZE);
    const wanted = this.#file.append(attempt, this.#lines);
    if (wanted === 0) return;
    this.#putAside();
    this.#file = openIn(directory, Math.max(JOURNAL_SIZE, wanted + SPARE));
    if (this.#file.append(attempt, this.#lines) > 0) throw new Error("a record does not fit into a journal of its own size");
  }

  #schedule(afterMs: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#drain().catch(() => undefined), afterMs);
    this.#timer.unref();
  }

  #drain(): Promise<void> {
    this.#running ??= this.#drainOnce().then(() => this.#reached(), (error: unknown) => this.#missed(error)).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #drainOnce(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watchFile();
    while (this.#pending.length > 0) {
      const batch = this.#pending.slice(0, BATCH);
      await appendRecords(this.#options.store, batch, (record, error) => this.#refused(record, error));
      this.#pending.splice(0, batch.length);
      this.#stored += batch.length;
      this.#removeStored();
    }
    if (this.#spilling || this.#spilled.length > 0) await this.#fetchSpilled();
    // What a lost file held will never come; nobody shall wait for it.
    if (this.#pending.length === 0 && !this.#spilling) this.#stored = this.#accepted;
  }

  #reached(): void {
    if (this.#storeAway) this.#options.logger.log("info", "usage.store-back");
    this.#storeAway = false;
    this.#retryMs = RETRY_MS.first;
    // Records came in while the last batch was on its way, and set no timer of their own if one was set then.
    if (this.#pending.length > 0 && this.#timer === undefined) this.#schedule(GATHER_MS);
  }

  #missed(error: unknown): never {
    if (!this.#storeAway) this.#options.logger.log("warn", "usage.store-away", { reason: reasonOf(error), effect: "attempts wait in the journal" });
    this.#storeAway = true;
    this.#schedule(this.#retryMs);
    this.#retryMs = Math.min(RETRY_MS.longest, this.#retryMs * 2);
    throw error;
  }

  #refused(record: AttemptRecord, error: unknown): void {
    this.#options.logger.log("error", "usage.refused", { requestId: record.requestId, attempt: record.attempt, reason: reasonOf(error) });
  }

  /** The journal was removed under our feet: what it held is written again. */
  #watchFile(): void {
    if (this.#file?.isLost !== true) return;
    this.#file.close();
    this.#file = undefined;
    for (const record of this.#pending) this.#write(record);
  }

  #putAside(): void {
    if (this.#file === undefined) return;
    if (this.#spilling) this.#spilled.push(this.#file);
    else this.#full.push({ file: this.#file, last: this.#accepted });
    this.#file = undefined;
  }

  #removeStored(): void {
    if (this.#pending.length === 0 && !this.#spilling && this.#file !== undefined && this.#file.length > REWIND_AT) this.#file.rewind();
    while (this.#full[0] !== undefined && this.#full[0].last <= this.#stored) {
      const { file } = this.#full.shift() as { file: JournalFile };
      file.close();
      file.remove();
    }
  }

  /** From here on, records are kept by the journal alone. */
  #spill(): void {
    this.#putAside();
    this.#spilling = true;
  }

  async #fetchSpilled(): Promise<void> {
    this.#putAside();
    this.#spilling = false;
    while (this.#spilled[0] !== undefined) {
      const file = this.#spilled[0];
      this.#stored += await replayJournal(file.path, this.#options.store, (record, error) => this.#refused(record, error));
      this.#spilled.shift();
      file.close();
      file.remove();
    }
  }
}

function openIn(directory: string, size: number): JournalFile {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return new JournalFile(directory, size);
}

/** @throws Error when the work takes longer */
async function before(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the database takes too long")), limitMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
