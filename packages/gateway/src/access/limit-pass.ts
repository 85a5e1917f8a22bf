import type { LimitHeaders } from "@dragoman/core";
import type { Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import type { Hold } from "./budgets.ts";
import type { Pass } from "./guard.ts";
import { MinuteWindow } from "./minute-window.ts";
import type { LimitHolder } from "./principal.ts";

/** What one holder of limits does in this process. */
export class Activity {
  readonly requests = new MinuteWindow();
  readonly tokens = new MinuteWindow();
  running = 0;
}

export interface Watched {
  readonly holder: LimitHolder;
  readonly activity: Activity;
}

export const NO_HEADERS: LimitHeaders = {};

interface PassParts {
  /** Is told of each record. */
  readonly book: { note(record: AttemptRecord): Spending };
  readonly watched: readonly Watched[];
  readonly amount: Spending;
  readonly spends: boolean;
  /** Epoch ms of its admission. */
  readonly now: number;
  readonly hasRates: boolean;
}

/** The permission of a request whose sender has limits: it counts along, and gives back what it did not use. */
export class LimitPass implements Pass {
  headers: LimitHeaders = NO_HEADERS;
  readonly #parts: PassParts;
  #usedTokens = 0;
  #hold: Hold | undefined;
  #isOver = false;

  constructor(parts: PassParts) {
    this.#parts = parts;
    const { amount, now, spends } = parts;
    for (const { activity } of parts.watched) {
      activity.requests.add(1, now);
      if (!spends) continue;
      activity.running++;
      activity.tokens.add(amount.tokens, now);
    }
  }

  get hasRates(): boolean {
    return this.#parts.hasRates;
  }

  holding(hold: Hold): this {
    this.#hold = hold;
    return this;
  }

  spend(record: AttemptRecord): void {
    const amount = this.#parts.book.note(record);
    this.#usedTokens += amount.tokens;
    this.#hold?.spend(amount);
    // An answer that could not be read is followed by another attempt, although the request was taken for over.
    if (this.#isOver) for (const { activity } of this.#parts.watched) activity.tokens.add(amount.tokens, this.#parts.now);
  }

  release(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hold?.release();
    const { watched, amount, spends, now } = this.#parts;
    if (!spends) return;
    for (const { activity } of watched) {
      activity.running--;
      activity.tokens.add(this.#usedTokens - amount.tokens, now);
    }
  }

  /** It was refused after all. */
  takeBack(): void {
    this.release();
    for (const { activity } of this.#parts.watched) activity.requests.add(-1, this.#parts.now);
  }
}
