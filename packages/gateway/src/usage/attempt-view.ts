import { inputTotal, outputTotal } from "@dragoman/core";
import type { AttemptView } from "../management/contract/usage.ts";
import { toUsd } from "../prices/nano-usd.ts";
import type { AttemptRecord } from "./attempt-record.ts";

/** A record as it goes over the wire. Tokens that nobody told are left out. */
export function attemptView(record: AttemptRecord, names: Pick<AttemptView, "keyName" | "username">): AttemptView {
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
    ...(costNanoUsd !== undefined && { costUsd: toUsd(costNanoUsd) }),
  };
}
