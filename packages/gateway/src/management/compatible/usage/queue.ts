import type { CallObserver } from "../../../observe/call-observer.ts";
import type { Call } from "../../../pipeline/call.ts";
import type { Clock } from "../../../ports.ts";
import type { AttemptRecord } from "../../../usage/attempt-record.ts";

/** An attempt and what the client's request said of itself. */
export interface QueuedAttempt {
  readonly record: AttemptRecord;
  readonly userAgent: string;
  readonly forwardedFor: string;
}

/** Beyond so many the oldest goes: fewer while no program fetches them, so that nobody pays for what nobody asks for. */
const MOST = { fetched: 10_000, unasked: 500 } as const;
/** A program that has not asked for so long is gone, ms. */
const GONE_MS = 3_600_000;

/** The last attempts, for programs that fetch them one after another. In memory, and only for a while. */
export class UsageQueue implements CallObserver {
  readonly #clock: Clock;
  #entries: QueuedAttempt[] = [];
  #first = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  attemptEnded(call: Call, record: AttemptRecord): void {
    const { usageQueueMs } = call.settings;
    if (usageQueueMs === 0) return this.clear();
    this.#expire(endOf(record) - usageQueueMs);
    this.#entries.push({ record, userAgent: call.headers.get("user-agent") ?? "", forwardedFor: call.headers.get("x-forwarded-for") ?? "" });
    const most = endOf(record) - this.#askedAt < GONE_MS ? MOST.fetched : MOST.unasked;
    this.#first = Math.max(this.#first, this.#entries.length - most);
    this.#tidy();
  }

  /** Takes the oldest away. */
  pop(count: number, retentionMs: number): readonly QueuedAttempt[] {
    this.#askedAt = this.#clock.now();
    if (retentionMs === 0) this.clear();
    this.#expire(this.#askedAt - retentionMs);
    const taken = this.#entries.slice(this.#first, this.#first + count);
    this.#first += taken.length;
    this.#tidy();
    return taken;
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
  }

  #expire(before: number): void {
    for (let oldest = this.#entries[this.#first]; oldest !== undefined && endOf(oldest.record) < before; oldest = this.#entries[this.#first]) this.#first += 1;
  }

  /** Moving all the rest up is put off until it is worth it. */
  #tidy(): void {
    if (this.#first < 1000 && this.#first < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}

const endOf = ({ startedAt, durationMs }: AttemptRecord): number => startedAt + durationMs;
