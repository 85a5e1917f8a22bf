import { budgetStates, type BudgetState } from "../../access/budget-states.ts";
import type { Limits } from "../../access/limits.ts";
import type { Office } from "../../management/office.ts";
import { gaugeText, labelText } from "./series.ts";

/** Holders told apart; whoever has more of them asks the management API. */
const MAX_HOLDERS = 100;
/** Sums are asked of the store, so an answer serves for a while. */
const KEPT_MS = 15_000;

interface Kept {
  readonly at: number;
  readonly text: Promise<string>;
}

const kept = new WeakMap<Office, Kept>();

/** What keys and users with budgets have left. Empty without a store, or when it is away. */
export function budgetGauges(office: Office): Promise<string> {
  const now = office.engine.ports.clock.now();
  const last = kept.get(office);
  if (last !== undefined && now - last.at < KEPT_MS) return last.text;
  const text = readBudgets(office, now).catch(() => "");
  kept.set(office, { at: now, text });
  return text;
}

async function readBudgets({ store }: Office, now: number): Promise<string> {
  if (store === undefined) return "";
  const [keys, users] = await Promise.all([store.keys.list(), store.users.list()]);
  const holders = [...keys.map(({ id, limits }) => ({ holder: `key:${id}`, limits })), ...users.map(({ id, limits }) => ({ holder: `user:${id}`, limits }))].filter(hasBudgets).slice(0, MAX_HOLDERS);
  const tokens: [string, number][] = [];
  const dollars: [string, number][] = [];
  for (const { holder, limits } of holders) {
    for (const state of await budgetStates(store.budgets, holder, limits, now)) {
      const labels = labelText({ holder, window: state.window });
      if (state.limitTokens !== undefined) tokens.push([labels, left(state.limitTokens, state.usedTokens)]);
      if (state.limitUsd !== undefined) dollars.push([labels, left(state.limitUsd, state.usedUsd)]);
    }
  }
  return gaugeText("dragoman_budget_left_tokens", "Tokens that a key or a user has left in the window.", tokens) + gaugeText("dragoman_budget_left_usd", "US dollars that a key or a user has left in the window.", dollars);
}

function hasBudgets({ limits }: { readonly limits: Limits }): boolean {
  return (limits.budgets?.length ?? 0) > 0;
}

const left = (limit: number, used: BudgetState["usedTokens"]): number => Math.max(0, limit - used);
