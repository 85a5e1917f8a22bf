import type { RecordPage, RecordQuery } from "../../../usage/query.ts";
import type { SqlConnection, SqlRow, SqlValue } from "../executor.ts";
import { toAttemptRecord } from "./attempt-row.ts";
import { amongSeries, seriesCondition, withoutIndex, type Condition } from "./filter.ts";
import { planPage, type PagePlan } from "./page-plan.ts";
import { END_OF_TIME } from "./spans.ts";

/** Records one by one, newest first. */
export async function pageOfRecords(connection: SqlConnection, query: RecordQuery): Promise<RecordPage> {
  const from = query.from ?? 0;
  const to = query.to ?? END_OF_TIME;
  const cursor = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const series = seriesCondition(query);
  const search: Search = { series, outcomes: query.outcomes, cursor, limit: query.limit, to: cursor === undefined ? to : Math.min(to, cursor.startedAt + 1) };
  const plan = await planPage(connection, { series, ...(query.outcomes !== undefined && { outcomes: query.outcomes }), from, to: search.to, count: query.limit + 1 });
  let rows = await find(connection, search, plan);
  // The sums know of records that are swept by now: then the rest of the page is further back.
  if (rows.length <= query.limit && plan.from > from) rows = await find(connection, search, { ...plan, from });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return { records: page.map(toAttemptRecord), ...(rows.length > query.limit && last !== undefined && { nextCursor: `${String(last.started_at)}.${String(last.id)}` }) };
}

interface Cursor {
  readonly startedAt: number;
  readonly id: number;
}

interface Search {
  readonly series: Condition | undefined;
  readonly outcomes: RecordQuery["outcomes"];
  readonly cursor: Cursor | undefined;
  readonly limit: number;
  readonly to: number;
}

async function find(connection: SqlConnection, search: Search, plan: PagePlan): Promise<readonly SqlRow[]> {
  const { series, outcomes, cursor } = search;
  const conditions = [`started_at >= ?`, `started_at < ?`];
  const params: SqlValue[] = [plan.from, search.to];
  if (cursor !== undefined) {
    conditions.push(`(started_at < ? OR (started_at = ? AND id < ?))`);
    params.push(cursor.startedAt, cursor.startedAt, cursor.id);
  }
  // An expression has no index: what is found by its series is not to be found by its time.
  const bySeries = plan.way === "series" || plan.way === "failures of series";
  if (outcomes !== undefined) {
    conditions.push(outcomes.length === 0 ? "1 = 0" : `outcome IN (${outcomes.map(() => "?").join(", ")})`);
    params.push(...outcomes);
    // Said in the words of the index, so that it can be used.
    if (plan.way === "failures" || plan.way === "failures of series") conditions.push(`outcome <> 'succeeded'`);
  }
  if (series !== undefined) {
    const among = bySeries ? amongSeries(series) : withoutIndex(amongSeries(series));
    conditions.push(among.sql);
    params.push(...among.params);
  }
  // Names first, whole rows after: what is sorted stays small.
  const names = `SELECT id FROM attempts WHERE ${conditions.join(" AND ")} ORDER BY started_at${bySeries ? " + 0" : ""} DESC, id DESC LIMIT ?`;
  return connection.query(
    `SELECT * FROM attempts JOIN usage_series ON usage_series.series_id = attempts.series_id WHERE id IN (${names}) ORDER BY started_at DESC, id DESC`,
    [...params, search.limit + 1],
  );
}

/** @throws Error when it is none of ours */
function parseCursor(text: string): Cursor {
  const found = /^(\d{1,16})\.(\d{1,16})$/.exec(text);
  if (found === null) throw new RangeError("the cursor is not one of an earlier page");
  return { startedAt: Number(found[1]), id: Number(found[2]) };
}
