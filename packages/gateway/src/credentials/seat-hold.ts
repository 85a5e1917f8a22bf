import type { ModelHealth } from "./health-book.ts";

/** A place at a credential that takes only so many requests at a time, from the choice to the end of the reply. */
export class SeatHold {
  readonly #health: ModelHealth;
  #isTaken = false;

  constructor(health: ModelHealth) {
    this.#health = health;
  }

  take(): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    this.#health.occupy(1);
  }

  /** May be called more than once. */
  release(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#health.occupy(-1);
  }
}
