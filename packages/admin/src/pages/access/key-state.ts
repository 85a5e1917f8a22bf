import type { KeyView } from "../../../../gateway/src/management/contract/people.ts";
import type { Tone } from "../../ui/badge.tsx";

export type KeyState = "active" | "disabled" | "expired" | "soon" | "spent";
type BudgetState = KeyView["budgets"][number];

export const KEY_TONES: Readonly<Record<KeyState, Tone>> = { active: "success", disabled: "neutral", expired: "danger", soon: "warning", spent: "danger" };
const SOON_MS = 14 * 86_400_000;

export function stateOf({ active, expiresAt, budgets }: KeyView, now: number = Date.now()): KeyState {
  if (!active) return "disabled";
  if (expiresAt !== undefined && expiresAt <= now) return "expired";
  if (budgets.some((budget) => shareOf(budget) >= 1)) return "spent";
  return expiresAt !== undefined && expiresAt - now < SOON_MS ? "soon" : "active";
}

/** How much of a budget is used, from 0; the fuller of tokens and dollars. */
export function shareOf({ limitTokens, usedTokens, limitUsd, usedUsd }: BudgetState): number {
  return Math.max(limitTokens === undefined ? 0 : usedTokens / limitTokens, limitUsd === undefined ? 0 : usedUsd / limitUsd);
}

/** The budget that ends first. */
export function tightestOf(budgets: readonly BudgetState[]): BudgetState | undefined {
  return budgets.toSorted((one, other) => shareOf(other) - shareOf(one))[0];
}
