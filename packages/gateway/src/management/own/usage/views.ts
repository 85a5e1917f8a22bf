import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import { toUsd } from "../../../prices/nano-usd.ts";
import { attemptView } from "../../../usage/attempt-view.ts";
import type { GroupedUsage, UsageDimension, UsageSums } from "../../../usage/query.ts";
import type { AttemptView, UsageRow, UsageSumsView } from "../../contract/usage.ts";
import { labelOf, type Names } from "./names.ts";

export const NO_SUMS: Omit<UsageSums, "averageFirstEventMs" | "averageDurationMs"> = {
  attempts: 0, requests: 0, succeeded: 0, failed: 0, cancelled: 0,
  inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0, costNanoUsd: 0, unpriced: 0, estimated: 0,
};

export function sumsView(sums: UsageSums): UsageSumsView {
  return {
    attempts: sums.attempts, requests: sums.requests, succeeded: sums.succeeded, failed: sums.failed, cancelled: sums.cancelled,
    inputTokens: sums.inputTokens, cacheReadTokens: sums.cacheReadTokens, cacheWriteTokens: sums.cacheWriteTokens,
    outputTokens: sums.outputTokens, reasoningTokens: sums.reasoningTokens, totalTokens: sums.totalTokens,
    costUsd: toUsd(sums.costNanoUsd), unpriced: sums.unpriced, estimated: sums.estimated,
    ...(sums.averageFirstEventMs !== undefined && { averageFirstEventMs: sums.averageFirstEventMs }),
    ...(sums.averageDurationMs !== undefined && { averageDurationMs: sums.averageDurationMs }),
  };
}

export function rowView(row: GroupedUsage, dimensions: readonly UsageDimension[], names: Names): UsageRow {
  const present = dimensions.filter((dimension) => row[dimension] !== undefined);
  return {
    ...sumsView(row),
    dimensions: Object.fromEntries(present.map((dimension) => [dimension, row[dimension] as string | number])),
    labels: Object.fromEntries(dimensions.map((dimension) => [dimension, labelOf(dimension, row, names)])),
  };
}

export function attemptViewOf(record: AttemptRecord, names: Names): AttemptView {
  return attemptView(record, {
    ...(record.keyId !== undefined ? { keyName: names.key(record.keyId) } : record.principal.startsWith("key-") && { keyName: names.principal(record.principal) }),
    ...(record.userId !== undefined && { username: names.user(record.userId) }),
  });
}
