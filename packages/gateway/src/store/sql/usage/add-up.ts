import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import type { SqlExecutor, SqlStatement } from "../executor.ts";
import { insertStatements } from "../insert-rows.ts";
import { totalOf, type Tokens } from "./attempt-row.ts";
import { ALL_SERIES } from "./series.ts";
import { DAY_MS, HOUR_MS, startOf } from "./spans.ts";
import { SUM_COLUMNS, type SumColumn, type Sums } from "./sum-columns.ts";

/** A record, what it is counted under, and its tokens. */
export interface Counted {
  readonly record: AttemptRecord;
  readonly seriesId: number;
  readonly tokens: Tokens;
}

/** What is added to one series in the span that begins at `start`, epoch ms. */
interface Row {
  readonly seriesId: number;
  readonly start: number;
  readonly sums: Sums;
}

/** Adds records to the sums by hour and by day. Each is counted once, for its series and hour; all other sums are sums of those. */
export function addUp(added: readonly Counted[], limits: Pick<SqlExecutor, "maxParameters">): readonly SqlStatement[] {
  const ofSeries = byHour(added);
  const hours = [...ofSeries, ...joined(ofSeries, ({ start }) => ({ seriesId: ALL_SERIES, start }))];
  const days = joined(hours, ({ seriesId, start }) => ({ seriesId, start: startOf(DAY_MS, start) }));
  return [...writeSums("hour", hours, limits), ...writeSums("day", days, limits)];
}

function byHour(added: readonly Counted[]): readonly Row[] {
  const rows = new Map<number, Map<number, Row>>();
  for (const { record, seriesId, tokens } of added) {
    const start = startOf(HOUR_MS, record.startedAt);
    let ofSeries = rows.get(seriesId);
    if (ofSeries === undefined) rows.set(seriesId, (ofSeries = new Map()));
    let row = ofSeries.get(start);
    if (row === undefined) ofSeries.set(start, (row = { seriesId, start, sums: noSums() }));
    count(row.sums, record, tokens);
  }
  return [...rows.values()].flatMap((ofSeries) => [...ofSeries.values()]);
}

function joined(rows: readonly Row[], groupOf: (row: Row) => Pick<Row, "seriesId" | "start">): readonly Row[] {
  const groups = new Map<string, Row>();
  for (const row of rows) {
    const { seriesId, start } = groupOf(row);
    const name = `${seriesId} ${start}`;
    let group = groups.get(name);
    if (group === undefined) groups.set(name, (group = { seriesId, start, sums: noSums() }));
    for (const column of SUM_COLUMNS) group.sums[column] += row.sums[column];
  }
  return [...groups.values()];
}

function writeSums(span: "hour" | "day", rows: readonly Row[], limits: Pick<SqlExecutor, "maxParameters">): readonly SqlStatement[] {
  const table = `usage_${span}s`;
  // Everybody writes to the sums over all series: they come last, and are locked for the shortest time.
  const ordered = rows.toSorted((a, b) => b.seriesId - a.seriesId || a.start - b.start);
  const suffix = `ON CONFLICT (series_id, ${span}) DO UPDATE SET ${SUM_COLUMNS.map((column) => `${column} = ${table}.${column} + excluded.${column}`).join(", ")}`;
  return insertStatements({ table, columns: ["series_id", span, ...SUM_COLUMNS], suffix }, ordered.map((row) => [row.seriesId, row.start, ...SUM_COLUMNS.map((column) => row.sums[column])]), limits);
}

const noSums = (): Sums => Object.fromEntries(SUM_COLUMNS.map((column): [SumColumn, number] => [column, 0])) as Sums;

/** The same as `SUM_OF_ATTEMPT` says in SQL. */
function count(sums: Sums, record: AttemptRecord, tokens: Tokens): void {
  sums.attempts += 1;
  if (record.attempt === 1) sums.requests += 1;
  sums[record.outcome] += 1;
  sums.input_tokens += tokens.input;
  sums.cache_read_tokens += tokens.cacheRead;
  sums.cache_write_tokens += tokens.cacheWrite;
  sums.output_tokens += tokens.output;
  sums.reasoning_tokens += tokens.reasoning;
  sums.cost_nano_usd += Math.round(record.costNanoUsd ?? 0);
  if (record.costNanoUsd === undefined && totalOf(tokens) > 0) sums.unpriced += 1;
  if (record.usage?.estimated === true) sums.estimated += 1;
  if (record.outcome !== "succeeded") return;
  if (record.firstEventMs !== undefined) {
    sums.first_events += 1;
    sums.first_event_ms += Math.round(record.firstEventMs);
  }
  sums.duration_ms += Math.round(record.durationMs);
}
