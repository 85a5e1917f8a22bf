import type { BudgetStore, Spending } from "../store/port.ts";
import { HOUR_MS, hourOf, windowStart } from "./budget-window.ts";
import type { Budget, BudgetWindow } from "./limits.ts";
import type { Shortfall } from "./limit-refusal.ts";
import { toNanoUsd } from "../prices/nano-usd.ts";
import { CalendarTally, RunningTally, type Tally } from "./spending-tally.ts";

/** What one holder of limits has spent and set aside, as this process knows it. */
export class BudgetAccount {
  readonly #holder: string;
  readonly #tallies = new Map<BudgetWindow, Tally>();
  readonly #setAside = { tokens: 0, costNanoUsd: 0 };
  /** Spent in the hour that is looked at, and not in the tallies yet. */
  readonly #fresh = { tokens: 0, costNanoUsd: 0 };
  /** Below this, set aside and asked for together, every budget has room: nearly every request touches this and no window. */
  readonly #room = { tokens: 0, costNanoUsd: 0 };
  /** Whose room it is. */
  #roomOf: readonly Budget[] | undefined;
  /** The hour that is looked at. No window begins within one. Epoch ms. */
  #from = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;
  /** Records that came while the store was read; whether it has told of them nobody knows. */
  #meanwhile: { readonly amount: Spending; readonly startedAt: number }[] = [];
  #loading: Promise<void> | undefined;

  constructor(holder: string) {
    this.#holder = holder;
  }

  isReady(budgets: readonly Budget[]): boolean {
    if (budgets === this.#roomOf) return true;
    for (const { window } of budgets) if (!this.#tallies.has(window)) return false;
    return true;
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
    if (startedAt >= this.#from && now < this.#until) {
      this.#fresh.tokens += amount.tokens;
      this.#fresh.costNanoUsd += amount.costNanoUsd;
      this.#room.tokens -= amount.tokens;
      this.#room.costNanoUsd -= amount.costNanoUsd;
      return;
    }
    this.#settle(now);
    for (const tally of this.#tallies.values()) tally.add(amount, startedAt, now);
  }

  /** The first budget that has no room for the amount. */
  shortfall(budgets: readonly Budget[], amount: Spending, now: number): Shortfall | undefined {
    if (budgets === this.#roomOf && now < this.#until && this.#setAside.tokens + amount.tokens < this.#room.tokens && this.#setAside.costNanoUsd + amount.costNanoUsd < this.#room.costNanoUsd) return undefined;
    this.#settle(now);
    const shortfall = this.#firstShortfall(budgets, amount, now);
    if (shortfall === undefined) this.#measure(budgets, now);
    return shortfall;
  }

  #firstShortfall(budgets: readonly Budget[], amount: Spending, now: number): Shortfall | undefined {
    for (const budget of budgets) {
      const tally = this.#tallies.get(budget.window);
      if (tally === undefined) continue;
      const spent = tally.spent(now);
      const { tokens, usd } = budget;
      if (tokens !== undefined && !this.#allows("tokens", spent, amount, tokens)) return this.#shortfallOf(tally, "tokens", budget, now);
      if (usd !== undefined && !this.#allows("costNanoUsd", spent, amount, toNanoUsd(usd))) return this.#shortfallOf(tally, "costNanoUsd", budget, now);
    }
    return undefined;
  }

  /** Brings the tallies up to date; from here on nobody knows how much room there is. */
  #settle(now: number): void {
    const { tokens, costNanoUsd } = this.#fresh;
    if (tokens !== 0 || costNanoUsd !== 0) {
      for (const tally of this.#tallies.values()) tally.add({ tokens, costNanoUsd }, this.#from, now);
      this.#fresh.tokens = 0;
      this.#fresh.costNanoUsd = 0;
    }
    this.#roomOf = undefined;
    this.#from = Number.POSITIVE_INFINITY;
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** How much room there is while this hour lasts. */
  #measure(budgets: readonly Budget[], now: number): void {
    this.#room.tokens = Number.POSITIVE_INFINITY;
    this.#room.costNanoUsd = Number.POSITIVE_INFINITY;
    for (const budget of budgets) {
      const spent = this.#tallies.get(budget.window)?.spent(now);
      if (spent === undefined) continue;
      for (const [member, limit] of limitsOf(budget)) this.#room[member] = Math.min(this.#room[member], limit - spent[member]);
    }
    this.#roomOf = budgets;
    this.#from = hourOf(now);
    this.#until = this.#from + HOUR_MS;
  }

  setAside({ tokens, costNanoUsd }: Spending): void {
    this.#setAside.tokens += tokens;
    this.#setAside.costNanoUsd += costNanoUsd;
  }

  /** Never below nothing. */
  free(tokens: number, costNanoUsd: number): void {
    this.#setAside.tokens = Math.max(0, this.#setAside.tokens - tokens);
    this.#setAside.costNanoUsd = Math.max(0, this.#setAside.costNanoUsd - costNanoUsd);
  }

  /** The rule of all budgets; a shared store applies the same one. */
  #allows(member: keyof Spending, spent: Spending, amount: Spending, limit: number): boolean {
    const setAside = this.#setAside[member];
    return spent[member] < limit && (setAside === 0 || spent[member] + setAside + amount[member] <= limit);
  }

  #shortfallOf(tally: Tally, member: keyof Spending, { window, tokens = 0, usd = 0 }: Budget, now: number): Shortfall {
    const limit = member === "tokens" ? tokens : toNanoUsd(usd);
    return { window, member, limit, spent: tally.spent(now)[member], setAside: this.#setAside[member], resetsAt: tally.resetsAt(member, limit, now) };
  }

  /** Once more if records came meanwhile; at last they are counted twice rather than not at all. */
  async #load(budgets: readonly Budget[], store: BudgetStore, now: number, flush: () => Promise<void>): Promise<void> {
    const windows = [...new Set(budgets.map(({ window }) => window))].filter((window) => !this.#tallies.has(window));
    for (let left = MOST_READS; left > 0; left--) {
      this.#meanwhile = [];
      await flush();
      const tallies = await Promise.all(windows.map((window) => readTally(store, this.#holder, window, now)));
      if (this.#meanwhile.length > 0 && left > 1) continue;
      // What is fresh is no news to the tallies that come now.
      this.#settle(now);
      for (const [index, tally] of tallies.entries()) {
        for (const { amount, startedAt } of this.#meanwhile) tally.add(amount, startedAt, now);
        this.#tallies.set(windows[index] as BudgetWindow, tally);
      }
      return;
    }
  }
}

const MOST_READS = 3;

/** What a budget limits, in the units of `Spending`. */
export function limitsOf({ tokens, usd }: Budget): readonly (readonly [keyof Spending, number])[] {
  return [...(tokens === undefined ? [] : [["tokens", tokens] as const]), ...(usd === undefined ? [] : [["costNanoUsd", toNanoUsd(usd)] as const])];
}

async function readTally(store: BudgetStore, holder: string, window: BudgetWindow, now: number): Promise<Tally> {
  const from = windowStart(window, now);
  return window === "5h" ? new RunningTally(await store.spentByHour(holder, from)) : new CalendarTally(window, from, await store.spent(holder, from));
}
