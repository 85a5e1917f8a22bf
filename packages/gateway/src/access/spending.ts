import { inputTotal, outputTotal } from "@dragoman/core";
import type { Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";

export const NANO_USD = 1_000_000_000;
export const NOTHING: Spending = { tokens: 0, costNanoUsd: 0 };

/** What an attempt has used, whatever became of it. */
export function spendingOf({ usage, costNanoUsd = 0 }: AttemptRecord): Spending {
  if (usage === undefined) return NOTHING;
  return { tokens: inputTotal(usage) + outputTotal(usage), costNanoUsd };
}

export function plus(a: Spending, b: Spending): Spending {
  return { tokens: a.tokens + b.tokens, costNanoUsd: a.costNanoUsd + b.costNanoUsd };
}

/** Never below nothing. */
export function minus(a: Spending, b: Spending): Spending {
  return { tokens: Math.max(0, a.tokens - b.tokens), costNanoUsd: Math.max(0, a.costNanoUsd - b.costNanoUsd) };
}
