import type { GroupedUsage, UsageSums } from "../../../usage/query.ts";
import type { UsageStore } from "../../../store/port.ts";
import { NO_SUMS } from "./views.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export type Range = "1h" | "24h" | "7d" | "30d";

/** Length of a step, and how many make the span. Steps begin on multiples of their length (UTC); the last one is under way. */
const STEPS: Readonly<Record<Range, { readonly stepMs: number; readonly count: number }>> = {
  "1h": { stepMs: 2 * MINUTE_MS, count: 30 },
  "24h": { stepMs: HOUR_MS, count: 24 },
  "7d": { stepMs: 3 * HOUR_MS, count: 56 },
  "30d": { stepMs: DAY_MS, count: 30 },
};

export interface Span {
  /** Epoch ms, inclusive; on a step. */
  readonly from: number;
  /** Exclusive: now and this very moment. */
  readonly to: number;
  readonly stepMs: number;
  readonly count: number;
}

export function spanOf(range: Range, now: number): Span {
  const { stepMs, count } = STEPS[range];
  return { from: Math.floor(now / stepMs) * stepMs - (count - 1) * stepMs, to: now + 1, stepMs, count };
}

export interface Step {
  readonly at: number;
  readonly sums: UsageSums;
}

/** Every step of a span, those without usage as well. */
export async function seriesOf(store: Pick<UsageStore, "group">, span: Span): Promise<readonly Step[]> {
  const starts = Array.from({ length: span.count }, (_, step) => span.from + step * span.stepMs);
  if (span.stepMs < HOUR_MS) {
    const rows = await Promise.all(starts.map((from) => store.group({ from, to: Math.min(from + span.stepMs, span.to), groupBy: [] })));
    return starts.map((at, step) => ({ at, sums: rows[step]?.[0] ?? NO_SUMS }));
  }
  const rows = await store.group({ from: span.from, to: span.to, groupBy: [span.stepMs === DAY_MS ? "day" : "hour"] });
  const byStep = new Map<number, GroupedUsage[]>();
  for (const row of rows) {
    const at = row.hour ?? Date.parse(`${row.day}T00:00:00Z`);
    const start = span.from + Math.floor((at - span.from) / span.stepMs) * span.stepMs;
    byStep.set(start, [...(byStep.get(start) ?? []), row]);
  }
  return starts.map((at) => ({ at, sums: addUp(byStep.get(at) ?? []) }));
}

/** Several rows as one. Means are weighed by the successes that they are of. */
export function addUp(rows: readonly UsageSums[]): UsageSums {
  const [only] = rows;
  if (only !== undefined && rows.length === 1) return only;
  const sums: Mutable<Counted> = { ...NO_SUMS };
  for (const row of rows) for (const name of COUNTED) sums[name] += row[name];
  const firstEvent = mean(rows, "averageFirstEventMs");
  const duration = mean(rows, "averageDurationMs");
  return { ...sums, ...(firstEvent !== undefined && { averageFirstEventMs: firstEvent }), ...(duration !== undefined && { averageDurationMs: duration }) };
}

type Counted = Omit<UsageSums, "averageFirstEventMs" | "averageDurationMs">;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
const COUNTED = Object.keys(NO_SUMS) as (keyof Counted)[];

function mean(rows: readonly UsageSums[], member: "averageFirstEventMs" | "averageDurationMs"): number | undefined {
  const known = rows.filter((row) => row[member] !== undefined && row.succeeded > 0);
  const weight = known.reduce((sum, { succeeded }) => sum + succeeded, 0);
  return weight === 0 ? undefined : known.reduce((sum, row) => sum + (row[member] ?? 0) * row.succeeded, 0) / weight;
}
