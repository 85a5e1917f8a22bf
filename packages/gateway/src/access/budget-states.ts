import type { BudgetStore, Spending } from "../store/port.ts";
import { runningReset, windowEnd, windowStart } from "./budget-window.ts";
import type { Budget, BudgetWindow, Limits } from "./limits.ts";
import { toUsd } from "../prices/nano-usd.ts";

/** A budget and what of it is used. */
export interface BudgetState {
  readonly window: BudgetWindow;
  readonly limitTokens?: number;
  readonly usedTokens: number;
  readonly limitUsd?: number;
  readonly usedUsd: number;
  /** Epoch ms; absent where it never begins anew. */
  readonly resetsAt?: number;
}

/** How the budgets of a key or a user stand, as the store knows it. */
export function budgetStates(store: BudgetStore, holder: string, { budgets = [] }: Limits, now: number): Promise<BudgetState[]> {
  return Promise.all(budgets.map((budget) => stateOf(store, holder, budget, now)));
}

async function stateOf(store: BudgetStore, holder: string, { window, tokens, usd }: Budget, now: number): Promise<BudgetState> {
  const { spent, resetsAt } = await usedIn(store, holder, window, now);
  return {
    window,
    ...(tokens !== undefined && { limitTokens: tokens }),
    usedTokens: spent.tokens,
    ...(usd !== undefined && { limitUsd: usd }),
    usedUsd: toUsd(spent.costNanoUsd),
    ...(resetsAt !== undefined && { resetsAt }),
  };
}

/** The running window is free again when all that is in it now has left it. */
async function usedIn(store: BudgetStore, holder: string, window: BudgetWindow, now: number): Promise<{ readonly spent: Spending; readonly resetsAt: number | undefined }> {
  const from = windowStart(window, now);
  if (window !== "5h") return { spent: await store.spent(holder, from), resetsAt: windowEnd(window, now) };
  const hours = await store.spentByHour(holder, from);
  const sum = (member: keyof Spending): number => hours.reduce((total, hour) => total + hour[member], 0);
  const last = hours.at(-1);
  return {
    spent: { tokens: sum("tokens"), costNanoUsd: sum("costNanoUsd") },
    resetsAt: last === undefined ? undefined : runningReset([{ hour: last.hour, amount: 1 }], 1, now),
  };
}
