import { inputTotal, outputTotal } from "@dragoman/core";
import type { Spending } from "../store/port.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";

export const NOTHING: Spending = { tokens: 0, costNanoUsd: 0 };

/** What an attempt has used, whatever became of it. */
export function spendingOf({ usage, costNanoUsd = 0 }: AttemptRecord): Spending {
  if (usage === undefined) return NOTHING;
  return { tokens: inputTotal(usage) + outputTotal(usage), costNanoUsd };
}
