import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import type { SqlConnection } from "../executor.ts";
import { amongSeries, type Condition } from "./filter.ts";
import { ALL_SERIES } from "./series.ts";
import { DAY_MS, HOUR_MS, partsOf, startOf, type Part } from "./spans.ts";

export interface PageRequest {
  readonly series: Condition | undefined;
  readonly outcomes?: readonly AttemptRecord["outcome"][];
  readonly from: number;
  readonly to: number;
  /** Records wanted. */
  readonly count: number;
}

/** Where a page's records are, and by which index they are found with the least work. */
export interface PagePlan {
  /** Enough of them started at or after this. */
  readonly from: number;
  readonly way: "time" | "series" | "failures" | "failures of series";
}

/** A day with more matches than this is looked at by the hour. */
const BUSY_DAY = 2_000;

/**
 * The sums say when the last matching attempts were, and how many others lie between them. So neither a rare thing nor a
 * common one needs more than some thousand rows to be read, however many there are.
 */
export async function planPage(connection: SqlConnection, request: PageRequest): Promise<PagePlan> {
  const { series, outcomes, from } = request;
  if (series === undefined && outcomes === undefined) return { from, way: "time" };
  const start = await startOfPage(connection, request);
  const [mine, all] = await Promise.all([countsSince(connection, request, start), countsSince(connection, { ...request, series: undefined }, start)]);
  const matches = Math.max(1, outcomes === undefined ? mine.attempts : sumOf(mine, outcomes));
  const costs: [PagePlan["way"], number][] = [["time", (request.count * all.attempts) / matches]];
  const onlyFailures = outcomes !== undefined && !outcomes.includes("succeeded");
  if (series !== undefined) costs.push(onlyFailures ? ["failures of series", mine.failed + mine.cancelled] : ["series", mine.attempts]);
  if (onlyFailures) costs.push(["failures", all.failed + all.cancelled]);
  return { from: start, way: costs.reduce((best, other) => (other[1] < best[1] ? other : best))[0] };
}

interface Counts {
  readonly attempts: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}

const sumOf = (counts: Counts, outcomes: readonly AttemptRecord["outcome"][]): number => [...new Set(outcomes)].reduce((sum, outcome) => sum + counts[outcome], 0);

/** Goes back day by day, and within the last day hour by hour, until there are enough. */
async function startOfPage(connection: SqlConnection, request: PageRequest): Promise<number> {
  const { from, to, count } = request;
  let found = 0;
  // What is at the very end of the span is not counted: its hour is not whole.
  for (const part of partsOf(from, to, "days").toReversed()) {
    if (part.source === "attempts") continue;
    for (const { start, matches } of await countsByStart(connection, request, part)) {
      if (found + matches >= count) {
        if (part.source === "hours" || matches < BUSY_DAY) return start;
        const day = { source: "hours" as const, from: start, to: start + DAY_MS };
        let inDay = found;
        for (const hour of await countsByStart(connection, request, day)) if ((inDay += hour.matches) >= count) return hour.start;
        return start;
      }
      found += matches;
    }
  }
  return from;
}

async function countsByStart(connection: SqlConnection, { series, outcomes }: PageRequest, part: Part): Promise<readonly { readonly start: number; readonly matches: number }[]> {
  const [table, time] = part.source === "days" ? ["usage_days", "day"] : ["usage_hours", "hour"];
  const condition = conditionOf(series);
  const counted = outcomes === undefined ? "attempts" : outcomes.length === 0 ? "0" : [...new Set(outcomes)].join(" + ");
  const rows = await connection.query(
    `SELECT ${time} AS start, CAST(SUM(${counted}) AS BIGINT) AS matches FROM ${table} WHERE ${condition.sql} AND ${time} >= ? AND ${time} < ? GROUP BY ${time} ORDER BY ${time} DESC`,
    [...condition.params, part.from, part.to],
  );
  return rows.map((row) => ({ start: Number(row.start), matches: Number(row.matches) }));
}

/** Attempts since the start of an hour, those of the rest of the day or hour at the end included. */
async function countsSince(connection: SqlConnection, { series, to }: PageRequest, from: number): Promise<Counts> {
  const condition = conditionOf(series);
  const start = startOf(HOUR_MS, from);
  const firstDay = Math.ceil(start / DAY_MS) * DAY_MS;
  const select = (table: string, time: string): string => `SELECT attempts, succeeded, failed, cancelled FROM ${table} WHERE ${condition.sql} AND ${time} >= ? AND ${time} < ?`;
  const [row] = await connection.query(
    `SELECT ${["attempts", "succeeded", "failed", "cancelled"].map((column) => `CAST(COALESCE(SUM(${column}), 0) AS BIGINT) AS ${column}`).join(", ")}
     FROM (${select("usage_hours", "hour")} UNION ALL ${select("usage_days", "day")}) AS counts`,
    [...condition.params, start, Math.min(to, firstDay), ...condition.params, firstDay, to],
  );
  return { attempts: Number(row?.attempts), succeeded: Number(row?.succeeded), failed: Number(row?.failed), cancelled: Number(row?.cancelled) };
}

const conditionOf = (series: Condition | undefined): Condition => (series === undefined ? { sql: `series_id = ${ALL_SERIES}`, params: [] } : amongSeries(series));
