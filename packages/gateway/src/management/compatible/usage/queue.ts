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

/** Beyond so many the oldest goes. */
const MOST = 10_000;

/** The last attempts, for programs that fetch them one after another. In memory, and only for a while. */
export class UsageQueue implements CallObserver {
  readonly #clock: Clock;
  #entries: { readonly at: number; readonly attempt: QueuedAttempt }[] = [];
  #first = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  attemptEnded(call: Call, record: AttemptRecord): void {
    const { usageQueueMs } = call.settings;
    if (usageQueueMs === 0) return this.clear();
    const at = this.#clock.now();
    this.#expire(at - usageQueueMs);
    this.#entries.push({ at, attempt: { record, userAgent: call.headers.get("user-agent") ?? "", forwardedFor: call.headers.get("x-forwarded-for") ?? "" } });
    if (this.#entries.length - this.#first > MOST) this.#first += 1;
    this.#tidy();
  }

  /** Takes the oldest away. */
  pop(count: number, retentionMs: number): readonly QueuedAttempt[] {
    if (retentionMs === 0) this.clear();
    this.#expire(this.#clock.now() - retentionMs);
    const taken = this.#entries.slice(this.#first, this.#first + count).map(({ attempt }) => attempt);
    this.#first += taken.length;
    this.#tidy();
    return taken;
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
  }

  #expire(before: number): void {
    while ((this.#entries[this.#first]?.at ?? Number.POSITIVE_INFINITY) < before) this.#first += 1;
  }

  /** Moving all the rest up is put off until it is worth it. */
  #tidy(): void {
    if (this.#first < 1000 && this.#first < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
