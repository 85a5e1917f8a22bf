import { inputTotal, outputTotal } from "@dragoman/core";
import type { AttemptView } from "../../management/contract/usage.ts";
import type { AttemptRecord } from "../../usage/attempt-record.ts";
import type { Names } from "./live-view.ts";

const NANO_USD = 1e9;

/** A record as it goes over the wire. Tokens that nobody told are left out. */
export function recordView(record: AttemptRecord, names: Names): AttemptView {
  const { usage, costNanoUsd, losses, ...rest } = record;
  return {
    ...rest,
    ...names,
    losses: [...losses],
    estimated: usage?.estimated === true,
    ...(usage !== undefined && {
      inputTokens: (usage.inputFresh ?? 0) + (usage.toolPrompt ?? 0),
      cacheReadTokens: usage.cacheRead ?? 0,
      cacheWriteTokens: usage.cacheWrite ?? 0,
      outputTokens: usage.outputVisible ?? 0,
      reasoningTokens: usage.reasoning ?? 0,
      totalTokens: inputTotal(usage) + outputTotal(usage),
    }),
    ...(costNanoUsd !== undefined && { costUsd: costNanoUsd / NANO_USD }),
  };
}
