import type { UsageStore } from "../../../store/port.ts";
import type { RecordQuery, UsageDimension } from "../../../usage/query.ts";
import type { AttemptView, UsageRow, UsageSumsView } from "../../contract/usage.ts";
import { csvLine } from "./csv.ts";
import type { Names } from "./names.ts";
import { attemptViewOf } from "./views.ts";

const SUM_COLUMNS = [
  "requests", "attempts", "succeeded", "failed", "cancelled", "inputTokens", "cacheReadTokens", "cacheWriteTokens", "outputTokens", "reasoningTokens",
  "totalTokens", "costUsd", "unpriced", "estimated", "averageFirstEventMs", "averageDurationMs",
] as const satisfies readonly (keyof UsageSumsView)[];

/** Dimensions whose value people know by another name. */
const NAMED: ReadonlySet<UsageDimension> = new Set(["user", "key", "principal", "credential"]);

export async function* summaryLines(dimensions: readonly UsageDimension[], rows: readonly UsageRow[]): AsyncGenerator<string> {
  const shown = dimensions.flatMap((dimension) => (NAMED.has(dimension) ? [dimension, `${dimension}Name`] : [dimension]));
  yield csvLine([...shown, ...SUM_COLUMNS]);
  for (const row of rows) {
    const named = dimensions.flatMap((dimension) => (NAMED.has(dimension) ? [row.dimensions[dimension], row.labels[dimension]] : [dimension === "hour" ? row.labels.hour : row.dimensions[dimension]]));
    yield csvLine([...named, ...SUM_COLUMNS.map((column) => row[column])]);
  }
}

const RECORD_COLUMNS = [
  "startedAt", "requestId", "attempt", "outcome", "status", "principal", "keyId", "keyName", "userId", "username", "clientAddress", "endpoint", "clientDialect", "upstreamDialect",
  "provider", "credential", "credentialIndex", "modelAsked", "modelUpstream", "modelAnswered", "streamed", "passthrough", "firstEventMs", "durationMs",
  "inputTokens", "cacheReadTokens", "cacheWriteTokens", "outputTokens", "reasoningTokens", "totalTokens", "estimated", "costUsd",
  "failure", "errorCode", "finishReason", "reasoningEffort", "losses",
] as const satisfies readonly (keyof AttemptView)[];

/** Records that are asked for at once. */
const PAGE = 1000;

/** A page at a time: memory does not grow with the ledger. */
export async function* recordLines(store: Pick<UsageStore, "records">, query: Omit<RecordQuery, "limit" | "cursor">, names: Names): AsyncGenerator<string> {
  yield csvLine(RECORD_COLUMNS);
  let cursor: string | undefined;
  do {
    const page = await store.records({ ...query, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    yield page.records.map((record) => recordLine(attemptViewOf(record, names))).join("");
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function recordLine(view: AttemptView): string {
  return csvLine(RECORD_COLUMNS.map((column) => {
    if (column === "startedAt") return new Date(view.startedAt).toISOString();
    return column === "losses" ? view.losses.join(" ") : view[column];
  }));
}
