import type { Clock } from "../../ports.ts";

/** Consecutive failures after which an address is shut out. */
const MAX_FAILURES = 5;
const BAN_MS = 30 * 60_000;
/** Counts that nobody touched for this long are forgotten. */
const IDLE_MS = 2 * 60 * 60_000;
const PURGE_EVERY_MS = 60 * 60_000;
/** More addresses than this are never remembered; the ones that have been quiet longest go first. */
const MAX_ADDRESSES = 10_000;

interface Tally {
  failures: number;
  touchedAt: number;
  bannedUntil: number;
}

/** Failed keys by address. Only addresses of other machines are counted: who is on this one has better ways in. */
export class Bans {
  readonly #tallies = new Map<string, Tally>();
  readonly #clock: Clock;
  #purgedAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#purgedAt = clock.now();
  }

  /** How much longer an address is shut out, in ms; 0 when it is not. */
  remainingMs(address: string): number {
    return Math.max(0, (this.#tallies.get(address)?.bannedUntil ?? 0) - this.#clock.now());
  }

  /** After a ban the count starts over. */
  fail(address: string): void {
    const now = this.#clock.now();
    this.#purge(now);
    const tally = this.#tallies.get(address) ?? { failures: 0, touchedAt: now, bannedUntil: 0 };
    tally.failures += 1;
    tally.touchedAt = now;
    if (tally.failures >= MAX_FAILURES) {
      tally.failures = 0;
      tally.bannedUntil = now + BAN_MS;
    }
    // Put at the end: the map's order is the order in which addresses were last heard of.
    this.#tallies.delete(address);
    this.#tallies.set(address, tally);
  }

  succeed(address: string): void {
    this.#tallies.delete(address);
  }

  #purge(now: number): void {
    if (this.#tallies.size >= MAX_ADDRESSES) {
      const oldest = this.#tallies.keys().next().value;
      if (oldest !== undefined) this.#tallies.delete(oldest);
    }
    if (now - this.#purgedAt < PURGE_EVERY_MS) return;
    this.#purgedAt = now;
    for (const [address, tally] of this.#tallies) if (now - tally.touchedAt > IDLE_MS) this.#tallies.delete(address);
  }
}

/** As Go writes durations, rounded to seconds: `29m58s`, `45s`, `1h0m0s`. */
export function durationText(ms: number): string {
  const total = Math.round(ms / 1000);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = `${total % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
