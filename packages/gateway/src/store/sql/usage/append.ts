import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import { asText } from "../columns.ts";
import type { SqlConnection, SqlExecutor } from "../executor.ts";
import { insertRows } from "../insert-rows.ts";
import { ATTEMPT_COLUMNS, toAttemptValues, tokensOf } from "./attempt-row.ts";
import { ALL_SERIES, type SeriesBook } from "./series.ts";
import { DAY_MS, HOUR_MS, startOf } from "./spans.ts";
import { SUM_COLUMNS, type SumColumn, type Sums } from "./sum-columns.ts";

/** Writes records down and adds those that are new to the sums, as one. */
export async function appendRecords(executor: SqlExecutor, series: SeriesBook, records: readonly AttemptRecord[]): Promise<void> {
  // In one order everywhere, so that two programs with the same records do not wait for each other.
  const batch = [...new Map(records.map((record) => [rowName(record.requestId, record.attempt), record])).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  if (batch.length === 0) return;
  const seriesIds = await series.idsOf(batch.map(([, record]) => record));
  await executor.transaction(async (inside) => {
    const rows = batch.map(([, record], at) => toAttemptValues(record, seriesIds[at] as number));
    const inserted = await insertRows(inside, { table: "attempts", columns: ATTEMPT_COLUMNS, suffix: "ON CONFLICT (request_id, attempt) DO NOTHING RETURNING request_id, attempt" }, rows);
    const isNew = inserted.length === batch.length ? undefined : new Set(inserted.map((row) => rowName(String(row.request_id), Number(row.attempt))));
    const added = batch.flatMap(([name, record], at) => (isNew === undefined || isNew.has(name) ? [{ record, seriesId: seriesIds[at] as number }] : []));
    await addUp(inside, "usage_hours", "hour", added);
    await addUp(inside, "usage_days", "day", added);
  });
}

const rowName = (requestId: string, attempt: number): string => `${asText(requestId)} ${attempt}`;

type Added = readonly { readonly record: AttemptRecord; readonly seriesId: number }[];

async function addUp(inside: SqlConnection, table: string, span: "hour" | "day", added: Added): Promise<void> {
  const spanMs = span === "hour" ? HOUR_MS : DAY_MS;
  const sums = new Map<string, { readonly seriesId: number; readonly start: number; readonly sums: Sums }>();
  for (const { record, seriesId } of added) {
    const start = startOf(spanMs, record.startedAt);
    for (const id of [seriesId, ALL_SERIES]) {
      const name = `${id} ${start}`;
      let row = sums.get(name);
      if (row === undefined) sums.set(name, (row = { seriesId: id, start, sums: noSums() }));
      addTo(row.sums, record);
    }
  }
  // Everybody writes to the sums over all series: they come last, and are locked for the shortest time.
  const rows = [...sums.values()].sort((a, b) => b.seriesId - a.seriesId || a.start - b.start);
  const suffix = `ON CONFLICT (series_id, ${span}) DO UPDATE SET ${SUM_COLUMNS.map((column) => `${column} = ${table}.${column} + excluded.${column}`).join(", ")}`;
  await insertRows(inside, { table, columns: ["series_id", span, ...SUM_COLUMNS], suffix }, rows.map((row) => [row.seriesId, row.start, ...SUM_COLUMNS.map((column) => row.sums[column])]));
}

const noSums = (): Sums => Object.fromEntries(SUM_COLUMNS.map((column): [SumColumn, number] => [column, 0])) as Sums;

/** The same as `SUM_OF_ATTEMPT` says in SQL. */
function addTo(sums: Sums, record: AttemptRecord): void {
  const tokens = tokensOf(record.usage);
  const total = tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.output + tokens.reasoning;
  sums.attempts += 1;
  if (record.attempt === 1) sums.requests += 1;
  sums[record.outcome] += 1;
  sums.input_tokens += tokens.input;
  sums.cache_read_tokens += tokens.cacheRead;
  sums.cache_write_tokens += tokens.cacheWrite;
  sums.output_tokens += tokens.output;
  sums.reasoning_tokens += tokens.reasoning;
  sums.cost_nano_usd += Math.round(record.costNanoUsd ?? 0);
  if (record.costNanoUsd === undefined && total > 0) sums.unpriced += 1;
  if (record.usage?.estimated === true) sums.estimated += 1;
  if (record.outcome !== "succeeded") return;
  if (record.firstEventMs !== undefined) {
    sums.first_events += 1;
    sums.first_event_ms += Math.round(record.firstEventMs);
  }
  sums.duration_ms += Math.round(record.durationMs);
}
