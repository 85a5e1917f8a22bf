import { HOURLY_DAYS, type GroupedUsage, type UsageDimension, type UsageQuery } from "../../../usage/query.ts";
import { present } from "../columns.ts";
import type { SqlConnection, SqlRow, SqlValue } from "../executor.ts";
import { amongSeries, seriesCondition, withoutIndex, type Condition } from "./filter.ts";
import { ALL_SERIES } from "./series.ts";
import { DAY_MS, END_OF_TIME, HOUR_MS, partsOf, startOf, type Part } from "./spans.ts";
import { SUM_COLUMNS, SUM_OF_ATTEMPT } from "./sum-columns.ts";

const SERIES_COLUMN: Readonly<Record<Exclude<UsageDimension, "hour" | "day">, string>> = {
  user: "user_id", key: "key_id", principal: "principal", endpoint: "endpoint", dialect: "client_dialect",
  provider: "provider", credential: "credential_index", model: "model_asked", upstreamModel: "model_upstream",
};

const isSeriesDimension = (dimension: UsageDimension): dimension is Exclude<UsageDimension, "hour" | "day"> => dimension !== "hour" && dimension !== "day";

/** Sums usage: whole days and hours from sums, the ends of the span from single attempts. */
export async function groupUsage(connection: SqlConnection, query: UsageQuery): Promise<readonly GroupedUsage[]> {
  const dimensions = await inSteps(connection, query);
  const parts = partsOf(query.from ?? 0, query.to ?? END_OF_TIME, dimensions.includes("hour") ? "hours" : "days");
  const series = seriesCondition(query);
  const filter = series === undefined ? undefined : await filterOf(connection, series);
  const rows = parts.length === 0 ? [] : await connection.query(...statement(parts, dimensions, filter));
  const labels = dimensions.includes("credential") ? await credentialLabels(connection) : undefined;
  const groups = rows.map((row) => toGroup(row, dimensions, labels));
  return groups.length === 0 && dimensions.length === 0 ? [toGroup(NOTHING, [], undefined)] : groups.filter(({ attempts }) => attempts > 0 || dimensions.length === 0);
}

/** The dimensions, with days in the place of hours where there would be too many of those. */
async function inSteps(connection: SqlConnection, query: UsageQuery): Promise<readonly UsageDimension[]> {
  const dimensions = new Set(query.groupBy);
  const others = [...dimensions].filter(isSeriesDimension).length;
  if (!dimensions.has("hour") || (others === 0 && seriesCondition(query) === undefined)) return [...dimensions];
  const longest = (HOURLY_DAYS[others] ?? HOURLY_DAYS[2]) * DAY_MS;
  const { from = 0, to = END_OF_TIME } = query;
  if (to - from <= longest) return [...dimensions];
  const [row] = await connection.query(`SELECT (SELECT MIN(hour) FROM usage_hours WHERE hour >= ?) AS first, (SELECT MAX(hour) FROM usage_hours WHERE hour < ?) AS last`, [startOf(HOUR_MS, from), to]);
  const span = Math.min(to, Number(row?.last ?? 0) + HOUR_MS) - Math.max(from, Number(row?.first ?? 0));
  return span <= longest ? [...dimensions] : [...new Set(query.groupBy.map((dimension) => (dimension === "hour" ? "day" : dimension)))];
}

/** Above this share of all series it is less work to read everything of a span in its order than to look each series up. */
const WIDE = 0.1;

async function filterOf(connection: SqlConnection, series: Condition): Promise<Condition> {
  const [row] = await connection.query(`SELECT COUNT(*) AS every, COUNT(CASE WHEN ${series.sql} THEN 1 END) AS wanted FROM usage_series`, series.params);
  const among = amongSeries(series);
  return Number(row?.wanted) > Number(row?.every) * WIDE ? withoutIndex(among) : among;
}

/** Each part is summed up first, by series if they are asked for: few rows are then left to join and sort. */
function statement(parts: readonly Part[], dimensions: readonly UsageDimension[], filter: Condition | undefined): [string, SqlValue[]] {
  const bucketMs = dimensions.includes("hour") ? HOUR_MS : dimensions.includes("day") ? DAY_MS : undefined;
  const bySeries = dimensions.some(isSeriesDimension);
  const params: SqlValue[] = [];
  const selects = parts.map((part) => {
    const condition = filter !== undefined ? filter : part.source === "attempts" ? undefined : { sql: `series_id ${bySeries ? "<>" : "="} ${ALL_SERIES}`, params: [] };
    params.push(...(condition?.params ?? []), part.from, part.to);
    return partSelect(part, { bucketMs, bySeries, condition, isSumOfAll: filter === undefined && !bySeries });
  });
  const columns = [...dimensions.filter(isSeriesDimension).map((dimension) => SERIES_COLUMN[dimension]), ...(bucketMs === undefined ? [] : ["bucket"])];
  const join = bySeries ? "JOIN usage_series ON usage_series.series_id = parts.series_id" : "";
  const sums = SUM_COLUMNS.map((column) => `CAST(COALESCE(SUM(${column}), 0) AS BIGINT) AS ${column}`);
  const grouping = columns.length === 0 ? "" : `GROUP BY ${columns.join(", ")} ORDER BY ${columns.toReversed().join(", ")}`;
  return [`SELECT ${[...columns, ...sums].join(", ")} FROM (${selects.join(" UNION ALL ")}) AS parts ${join} ${grouping}`, params];
}

interface PartOptions {
  readonly bucketMs: number | undefined;
  readonly bySeries: boolean;
  readonly condition: Condition | undefined;
  /** Only the sums over all series are read. */
  readonly isSumOfAll: boolean;
}

function partSelect({ source }: Part, { bucketMs, bySeries, condition, isSumOfAll }: PartOptions): string {
  const { table, time, spanMs } = TABLES[source];
  // A row of sums by the hour is the whole of its series in that hour, and need not be summed up before it is joined.
  const isWhole = bucketMs === spanMs && (bySeries || isSumOfAll);
  const group = [...(bySeries ? ["series_id"] : []), ...(bucketMs === undefined ? [] : ["bucket"])];
  const columns = [
    ...(bySeries ? ["series_id"] : []),
    ...(bucketMs === undefined ? [] : [`${bucketMs === spanMs ? time : `${time} / ${bucketMs} * ${bucketMs}`} AS bucket`]),
    ...SUM_COLUMNS.map((column) => (isWhole ? column : `SUM(${source === "attempts" ? SUM_OF_ATTEMPT[column] : column}) AS ${column}`)),
  ];
  const where = [...(condition === undefined ? [] : [condition.sql]), `${time} >= ?`, `${time} < ?`];
  return `SELECT ${columns.join(", ")} FROM ${table} WHERE ${where.join(" AND ")}${isWhole || group.length === 0 ? "" : ` GROUP BY ${group.join(", ")}`}`;
}

const TABLES = {
  attempts: { table: "attempts", time: "started_at", spanMs: 1 },
  hours: { table: "usage_hours", time: "hour", spanMs: HOUR_MS },
  days: { table: "usage_days", time: "day", spanMs: DAY_MS },
} as const;

const NOTHING: SqlRow = Object.fromEntries(SUM_COLUMNS.map((column) => [column, 0]));

/** What people call each credential by now. */
async function credentialLabels(connection: SqlConnection): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.query(`SELECT credential_index, credential FROM usage_series WHERE series_id IN (SELECT MAX(series_id) FROM usage_series GROUP BY credential_index)`);
  return new Map(rows.map((row) => [String(row.credential_index), String(row.credential)]));
}

function toGroup(row: SqlRow, dimensions: readonly UsageDimension[], labels: ReadonlyMap<string, string> | undefined): GroupedUsage {
  const sum = (column: (typeof SUM_COLUMNS)[number]): number => Number(row[column] ?? 0);
  const average = (total: number, count: number): number | undefined => (count === 0 ? undefined : total / count);
  const tokens = { inputTokens: sum("input_tokens"), cacheReadTokens: sum("cache_read_tokens"), cacheWriteTokens: sum("cache_write_tokens"), outputTokens: sum("output_tokens"), reasoningTokens: sum("reasoning_tokens") };
  return {
    ...Object.fromEntries(dimensions.flatMap((dimension) => dimensionOf(row, dimension))),
    ...present("credentialLabel", labels?.get(String(row.credential_index))),
    attempts: sum("attempts"), requests: sum("requests"), succeeded: sum("succeeded"), failed: sum("failed"), cancelled: sum("cancelled"),
    ...tokens,
    totalTokens: Object.values(tokens).reduce((total, count) => total + count, 0),
    costNanoUsd: sum("cost_nano_usd"), unpriced: sum("unpriced"), estimated: sum("estimated"),
    ...present("averageFirstEventMs", average(sum("first_event_ms"), sum("first_events"))),
    ...present("averageDurationMs", average(sum("duration_ms"), sum("succeeded"))),
  };
}

/** Nobody's usage has no user, that of configured keys no key. */
function dimensionOf(row: SqlRow, dimension: UsageDimension): [string, SqlValue][] {
  if (dimension === "hour") return [["hour", row.bucket ?? 0]];
  if (dimension === "day") return [["day", new Date(Number(row.bucket)).toISOString().slice(0, 10)]];
  const value = row[SERIES_COLUMN[dimension]] ?? null;
  return (dimension === "user" || dimension === "key") && value === 0 ? [] : [[dimension, value]];
}
