import type { UsageRow, UsageSumsView } from "../../../../gateway/src/management/contract/usage.ts";
import { useDateRange, type DateRange } from "../../ui/date-range.tsx";
import { useSearchState, type SearchState } from "../parts/search-state.ts";

/** What the table can be grouped by, and under which name the address filters by it. */
export const GROUPS = ["model", "user", "key", "provider", "credential", "dialect", "endpoint", "upstreamModel", "day", "hour"] as const;
export type Group = (typeof GROUPS)[number];
export const FILTERS = ["model", "user", "key", "provider", "credential", "dialect"] as const;
export type Filter = (typeof FILTERS)[number];
export const METRICS = ["cost", "tokens", "requests", "failed"] as const;
export type Metric = (typeof METRICS)[number];
export const OUTCOMES = ["succeeded", "failed", "cancelled"] as const;

export type FilterValues = { readonly [Name in Filter]?: readonly string[] };

/** The whole state of the page, as its address says it. */
export interface UsageQuestion {
  readonly search: SearchState;
  readonly range: DateRange;
  readonly setRange: (range: DateRange) => void;
  readonly view: "summary" | "attempts";
  readonly group: Group;
  readonly metric: Metric;
  readonly filters: FilterValues;
  readonly outcomes: readonly string[];
  /** Range and filters, as the operations want them. */
  readonly query: FilterValues & { readonly from?: number; readonly to?: number };
}

export function useUsageQuestion(): UsageQuestion {
  const search = useSearchState();
  const [range, setRange] = useDateRange("7d");
  const filters = Object.fromEntries(FILTERS.map((name) => [name, search.list(name)] as const).filter(([, values]) => values.length > 0)) as FilterValues;
  return {
    search, range, setRange, filters,
    view: search.get("view") === "attempts" ? "attempts" : "summary",
    group: GROUPS.find((name) => name === search.get("group")) ?? "model",
    metric: METRICS.find((name) => name === search.get("metric")) ?? "cost",
    outcomes: search.list("outcome"),
    query: { ...filters, ...(range.from !== undefined && { from: range.from }), ...(range.to !== undefined && { to: range.to }) },
  };
}

const TWO_DAYS_MS = 2 * 86_400_000;

/** Short ranges are drawn by the hour. */
export function stepOf({ from, to }: DateRange): "hour" | "day" {
  return from !== undefined && (to ?? Date.now()) - from <= TWO_DAYS_MS + 60_000 ? "hour" : "day";
}

export function metricOf(sums: UsageSumsView, metric: Metric): number {
  return metric === "cost" ? sums.costUsd : metric === "tokens" ? sums.totalTokens : sums[metric];
}

/** Epoch ms of a row that was grouped by hour or day. */
export function timeOf({ dimensions }: UsageRow): number {
  return typeof dimensions.hour === "number" ? dimensions.hour : Date.parse(`${String(dimensions.day)}T00:00:00Z`);
}
