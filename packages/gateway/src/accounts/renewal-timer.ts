import type { Clock } from "../ports.ts";
import { RenewalSchedule } from "./renewal-schedule.ts";

export interface RenewalTimerOptions<T> {
  readonly clock: Clock;
  /** When it is due; epoch ms, `undefined` for never. */
  dueAt(one: T): number | undefined;
  /** What it throws is known already. */
  renew(one: T): Promise<void>;
  /** Called before each look at who is due. */
  before(): Promise<void>;
}

/** At most so many renewals by themselves at a time. */
const RENEWALS_AT_ONCE = 16;
/** The timer looks again at least this often, should clocks jump. */
const LOOK_EVERY_MS = 60_000;
/** Those that are overdue are not looked at in one breath with what made them so. */
const SOONEST_MS = 100;

/** Renews whoever is due, with one timer for all, set to the first of them. */
export class RenewalTimer<T extends object> {
  readonly #options: RenewalTimerOptions<T>;
  readonly #schedule = new RenewalSchedule<T>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Epoch ms for which the timer is set. */
  #armedFor: number | undefined;
  #running = 0;
  #isClosed = false;

  constructor(options: RenewalTimerOptions<T>) {
    this.#options = options;
  }

  /** Asks anew when it is due. */
  reckon(one: T): void {
    this.#schedule.set(one, this.#options.dueAt(one));
    this.arm();
  }

  forget(one: T): void {
    this.#schedule.set(one, undefined);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  arm(): void {
    const next = this.#schedule.nextAt;
    if (this.#isClosed || (this.#timer !== undefined && next === this.#armedFor)) return;
    clearTimeout(this.#timer);
    this.#armedFor = next;
    const wait = next === undefined ? LOOK_EVERY_MS : Math.min(Math.max(next - this.#options.clock.now(), SOONEST_MS), LOOK_EVERY_MS);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.tick().finally(() => this.arm());
    }, wait);
  }

  /** Renews those who are due by now. @returns when they are done */
  async tick(): Promise<void> {
    await this.#options.before();
    const hands = Math.max(0, RENEWALS_AT_ONCE - this.#running);
    await Promise.all(Array.from({ length: hands }, () => this.#workOff()));
  }

  async #workOff(): Promise<void> {
    const next = (): T | undefined => this.#schedule.takeDue(this.#options.clock.now());
    for (let one = next(); one !== undefined; one = next()) {
      this.#running += 1;
      try {
        await this.#options.renew(one);
      } catch {
        // Told where it happened, and tried again after a pause.
      } finally {
        this.#running -= 1;
      }
    }
  }
}
