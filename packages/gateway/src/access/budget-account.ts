import type { BudgetStore, Spending } from "../store/port.ts";
import { FIVE_HOURS, HOUR_MS, hourOf, runningReset, windowEnd, windowStart } from "./budget-window.ts";
import type { Budget, BudgetWindow } from "./limits.ts";
import type { Shortfall } from "./limit-refusal.ts";
import { minus, NANO_USD, NOTHING, plus } from "./spending.ts";

/** What was spent in one window, kept up to date by every record. */
interface Tally {
  add(amount: Spending, startedAt: number, now: number): void;
  spent(now: number): Spending;
  /** When the window holds less than what makes a limit, epoch ms; `undefined`: never. */
  resetsAt(member: keyof Spending, limit: number, now: number): number | undefined;
}

/** A calendar window: when the next one begins, it is empty. */
class CalendarTally implements Tally {
  readonly #window: Exclude<BudgetWindow, "5h">;
  #from: number;
  #spent: Spending;

  constructor(window: Exclude<BudgetWindow, "5h">, from: number, spent: Spending) {
    this.#window = window;
    this.#from = from;
    this.#spent = spent;
  }

  add(amount: Spending, startedAt: number, now: number): void {
    this.#roll(now);
    if (startedAt >= this.#from) this.#spent = plus(this.#spent, amount);
  }

  spent(now: number): Spending {
    this.#roll(now);
    return this.#spent;
  }

  resetsAt(_member: keyof Spending, _limit: number, now: number): number | undefined {
    return windowEnd(this.#window, now);
  }

  #roll(now: number): void {
    const from = windowStart(this.#window, now);
    if (from <= this.#from) return;
    this.#from = from;
    this.#spent = NOTHING;
  }
}

/** The running window, an hour at a time. */
class RunningTally implements Tally {
  readonly #hours: Map<number, Spending>;

  constructor(hours: readonly (Spending & { readonly hour: number })[]) {
    this.#hours = new Map(hours.map(({ hour, ...spent }) => [hour, spent]));
  }

  add(amount: Spending, startedAt: number, now: number): void {
    this.#forget(now);
    const hour = hourOf(startedAt);
    this.#hours.set(hour, plus(this.#hours.get(hour) ?? NOTHING, amount));
  }

  spent(now: number): Spending {
    this.#forget(now);
    let sum = NOTHING;
    for (const amount of this.#hours.values()) sum = plus(sum, amount);
    return sum;
  }

  resetsAt(member: keyof Spending, limit: number, now: number): number {
    const hours = [...this.#hours].map(([hour, spent]) => ({ hour, amount: spent[member] })).sort((a, b) => a.hour - b.hour);
    return runningReset(hours, limit, now);
  }

  #forget(now: number): void {
    const from = hourOf(now) - (FIVE_HOURS - 1) * HOUR_MS;
    for (const hour of this.#hours.keys()) if (hour < from) this.#hours.delete(hour);
  }
}

/** What one holder of limits has spent and set aside, as this process knows it. */
export class BudgetAccount {
  readonly #holder: string;
  readonly #tallies = new Map<BudgetWindow, Tally>();
  #setAside: Spending = NOTHING;
  /** Records that came while the store was read; whether it has told of them nobody knows. */
  #meanwhile: { readonly amount: Spending; readonly startedAt: number }[] = [];
  #loading: Promise<void> | undefined;

  constructor(holder: string) {
    this.#holder = holder;
  }

  isReady(budgets: readonly Budget[]): boolean {
    return budgets.every(({ window }) => this.#tallies.has(window));
  }

  /** Reads what the windows of these budgets hold so far. `flush` brings all records of this process to the store. */
  async load(budgets: readonly Budget[], store: BudgetStore, now: number, flush: () => Promise<void>): Promise<void> {
    while (!this.isReady(budgets)) {
      this.#loading ??= this.#load(budgets, store, now, flush).finally(() => (this.#loading = undefined));
      await this.#loading;
    }
  }

  note(amount: Spending, startedAt: number, now: number): void {
    if (this.#loading !== undefined) this.#meanwhile.push({ amount, startedAt });
    for (const tally of this.#tallies.values()) tally.add(amount, startedAt, now);
  }

  /** The first budget that has no room for the amount. */
  shortfall(budgets: readonly Budget[], amount: Spending, now: number): Shortfall | undefined {
    for (const budget of budgets) {
      const tally = this.#tallies.get(budget.window);
      if (tally === undefined) continue;
      const spent = tally.spent(now);
      for (const [member, limit] of limitsOf(budget)) {
        if (allows(spent[member], this.#setAside[member], amount[member], limit)) continue;
        return { window: budget.window, member, limit, spent: spent[member], setAside: this.#setAside[member], resetsAt: tally.resetsAt(member, limit, now) };
      }
    }
    return undefined;
  }

  setAside(amount: Spending): void {
    this.#setAside = plus(this.#setAside, amount);
  }

  free(amount: Spending): void {
    this.#setAside = minus(this.#setAside, amount);
  }

  /** Once more if records came meanwhile; at last they are counted twice rather than not at all. */
  async #load(budgets: readonly Budget[], store: BudgetStore, now: number, flush: () => Promise<void>): Promise<void> {
    const windows = [...new Set(budgets.map(({ window }) => window))].filter((window) => !this.#tallies.has(window));
    for (let left = MOST_READS; left > 0; left--) {
      this.#meanwhile = [];
      await flush();
      const tallies = await Promise.all(windows.map((window) => readTally(store, this.#holder, window, now)));
      if (this.#meanwhile.length > 0 && left > 1) continue;
      for (const [index, tally] of tallies.entries()) {
        for (const { amount, startedAt } of this.#meanwhile) tally.add(amount, startedAt, now);
        this.#tallies.set(windows[index] as BudgetWindow, tally);
      }
      return;
    }
  }
}

const MOST_READS = 3;

/** The rule of all budgets; a shared store applies the same one. */
function allows(spent: number, setAside: number, amount: number, limit: number): boolean {
  return spent < limit && (setAside === 0 || spent + setAside + amount <= limit);
}

/** What a budget limits, in the units of `Spending`. */
export function limitsOf({ tokens, usd }: Budget): readonly (readonly [keyof Spending, number])[] {
  return [...(tokens === undefined ? [] : [["tokens", tokens] as const]), ...(usd === undefined ? [] : [["costNanoUsd", Math.round(usd * NANO_USD)] as const])];
}

async function readTally(store: BudgetStore, holder: string, window: BudgetWindow, now: number): Promise<Tally> {
  const from = windowStart(window, now);
  return window === "5h" ? new RunningTally(await store.spentByHour(holder, from)) : new CalendarTally(window, from, await store.spent(holder, from));
}
