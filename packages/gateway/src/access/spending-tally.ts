import type { Spending } from "../store/port.ts";
import { FIVE_HOURS, HOUR_MS, hourOf, runningReset, windowEnd, windowStart } from "./budget-window.ts";
import type { BudgetWindow } from "./limits.ts";

/** What was spent in one window, kept up to date by every record. Asked for each request: it counts in place and looks at the calendar only when a window has ended. */
export interface Tally {
  add(amount: Spending, startedAt: number, now: number): void;
  /** Good until the next call. */
  spent(now: number): Spending;
  /** When the window holds less than what makes a limit, epoch ms; `undefined`: never. */
  resetsAt(member: keyof Spending, limit: number, now: number): number | undefined;
}

/** A calendar window: when the next one begins, it is empty. */
export class CalendarTally implements Tally {
  readonly #window: Exclude<BudgetWindow, "5h">;
  #from: number;
  /** Epoch ms; infinite for the window that never ends. */
  #end: number;
  readonly #spent: { tokens: number; costNanoUsd: number };

  constructor(window: Exclude<BudgetWindow, "5h">, from: number, { tokens, costNanoUsd }: Spending) {
    this.#window = window;
    this.#from = from;
    this.#end = windowEnd(window, from) ?? Number.POSITIVE_INFINITY;
    this.#spent = { tokens, costNanoUsd };
  }

  add(amount: Spending, startedAt: number, now: number): void {
    this.#roll(now);
    if (startedAt < this.#from) return;
    this.#spent.tokens += amount.tokens;
    this.#spent.costNanoUsd += amount.costNanoUsd;
  }

  spent(now: number): Spending {
    this.#roll(now);
    return this.#spent;
  }

  resetsAt(_member: keyof Spending, _limit: number, now: number): number | undefined {
    return windowEnd(this.#window, now);
  }

  #roll(now: number): void {
    if (now < this.#end) return;
    this.#from = windowStart(this.#window, now);
    this.#end = windowEnd(this.#window, now) ?? Number.POSITIVE_INFINITY;
    this.#spent.tokens = 0;
    this.#spent.costNanoUsd = 0;
  }
}

/** The running window, an hour at a time. */
export class RunningTally implements Tally {
  readonly #hours = new Map<number, { tokens: number; costNanoUsd: number }>();
  /** Of all hours together. */
  readonly #spent = { tokens: 0, costNanoUsd: 0 };
  /** When the oldest hour that may be there leaves the window, epoch ms. */
  #changesAt = Number.NEGATIVE_INFINITY;

  constructor(hours: readonly (Spending & { readonly hour: number })[]) {
    for (const { hour, tokens, costNanoUsd } of hours) this.#hours.set(hour, { tokens, costNanoUsd });
  }

  add(amount: Spending, startedAt: number, now: number): void {
    this.#forget(now);
    const hour = hourOf(startedAt);
    if (hour < oldestHour(now)) return;
    const sum = this.#hours.get(hour);
    if (sum === undefined) this.#hours.set(hour, { tokens: amount.tokens, costNanoUsd: amount.costNanoUsd });
    else add(sum, amount);
    add(this.#spent, amount);
  }

  spent(now: number): Spending {
    this.#forget(now);
    return this.#spent;
  }

  resetsAt(member: keyof Spending, limit: number, now: number): number {
    const hours = [...this.#hours].map(([hour, spent]) => ({ hour, amount: spent[member] })).sort((a, b) => a.hour - b.hour);
    return runningReset(hours, limit, now);
  }

  #forget(now: number): void {
    if (now < this.#changesAt) return;
    this.#changesAt = hourOf(now) + HOUR_MS;
    const from = oldestHour(now);
    this.#spent.tokens = 0;
    this.#spent.costNanoUsd = 0;
    for (const [hour, amount] of this.#hours) {
      if (hour < from) this.#hours.delete(hour);
      else add(this.#spent, amount);
    }
  }
}

const oldestHour = (now: number): number => hourOf(now) - (FIVE_HOURS - 1) * HOUR_MS;

function add(sum: { tokens: number; costNanoUsd: number }, amount: Spending): void {
  sum.tokens += amount.tokens;
  sum.costNanoUsd += amount.costNanoUsd;
}
