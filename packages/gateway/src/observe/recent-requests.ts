import type { Clock } from "../ports.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import type { CallObserver } from "./call-observer.ts";

/** Length of one bucket. */
export const BUCKET_MS = 10 * 60_000;
const BUCKETS = 20;

export interface RecentBucket {
  /** Epoch ms. */
  readonly startsAt: number;
  readonly succeeded: number;
  readonly failed: number;
}

export interface RecentTally {
  /** Since the start of the program. */
  readonly succeeded: number;
  readonly failed: number;
  /** The last 200 minutes in steps of ten, oldest first; always as many. */
  readonly buckets: readonly RecentBucket[];
}

interface Slot {
  number: number;
  succeeded: number;
  failed: number;
}

class Tally {
  succeeded = 0;
  failed = 0;
  /** Reused in turn: a slot counts only while its number is that of a bucket that is still shown. */
  readonly slots: Slot[] = Array.from({ length: BUCKETS }, () => ({ number: -1, succeeded: 0, failed: 0 }));

  count(number: number, outcome: "succeeded" | "failed"): void {
    const slot = this.slots[number % BUCKETS];
    if (slot === undefined) return;
    if (slot.number !== number) Object.assign(slot, { number, succeeded: 0, failed: 0 });
    slot[outcome] += 1;
    this[outcome] += 1;
  }
}

/** How each credential fared of late, by credential index; in memory. Cancelled attempts say nothing about a credential. */
export class RecentRequests implements CallObserver {
  readonly #clock: Clock;
  readonly #tallies = new Map<string, Tally>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  attemptEnded(_call: unknown, { credentialIndex, outcome, startedAt, durationMs }: AttemptRecord): void {
    if (outcome === "cancelled") return;
    let tally = this.#tallies.get(credentialIndex);
    if (tally === undefined) {
      tally = new Tally();
      this.#tallies.set(credentialIndex, tally);
    }
    tally.count(Math.floor((startedAt + durationMs) / BUCKET_MS), outcome);
  }

  of(credentialIndex: string): RecentTally {
    const tally = this.#tallies.get(credentialIndex);
    const last = Math.floor(this.#clock.now() / BUCKET_MS);
    const buckets = Array.from({ length: BUCKETS }, (_, step): RecentBucket => {
      const number = last - BUCKETS + 1 + step;
      const slot = tally?.slots[number % BUCKETS];
      const counts = slot?.number === number ? slot : undefined;
      return { startsAt: number * BUCKET_MS, succeeded: counts?.succeeded ?? 0, failed: counts?.failed ?? 0 };
    });
    return { succeeded: tally?.succeeded ?? 0, failed: tally?.failed ?? 0, buckets };
  }
}
