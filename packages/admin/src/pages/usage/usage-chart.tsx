import { useMemo, type ReactNode } from "react";
import type { UsageRow } from "../../../../gateway/src/management/contract/usage.ts";
import { useRead } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CHART_COLOURS, type ChartColour } from "../../ui/charts/theme-colours.ts";
import { TimeChart, type ChartSeries } from "../../ui/charts/time-chart.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { useRowLabel } from "./row-label.ts";
import { usageMessages } from "./usage-messages.ts";
import { metricOf, stepOf, timeOf, type Group, type Metric, type UsageQuestion } from "./usage-question.ts";

const HEIGHT = 220;
const STEP_MS = { hour: 3_600_000, day: 86_400_000 };
/** As many as there are colours that can be told apart; the rest is drawn together. */
const DRAWN = 6;

/** The chosen measure over time, by what the table is grouped by. */
export function UsageChart({ question }: { readonly question: UsageQuestion }): ReactNode {
  const messages = useMessages(usageMessages);
  const format = useFormat();
  const { metric, group, range, query } = question;
  const step = stepOf(range);
  const parts: readonly Group[] = group === "day" || group === "hour" ? [] : [group];
  const reading = useRead("usageSummary", { query: { ...query, groupBy: [step, ...parts].join(",") } }, { keep: true });
  const number = (value: number): string => (metric === "cost" ? format.money(value) : format.compact(value));
  return (
    <Loaded query={reading} skeleton={<Skeleton lines={1} height={HEIGHT} />}>
      {({ rows }) => <Bars rows={rows} step={step} metric={metric} group={parts[0]} {...(range.from !== undefined && { from: range.from })} to={range.to ?? Date.now()} label={`${messages[metric]} ${messages.over}`} format={number} />}
    </Loaded>
  );
}

interface BarsProps {
  readonly rows: readonly UsageRow[];
  readonly step: "hour" | "day";
  readonly metric: Metric;
  readonly group: Group | undefined;
  readonly from?: number;
  readonly to: number;
  readonly label: string;
  readonly format: (value: number) => string;
}

function Bars({ rows, step, metric, group, from, to, label, format }: BarsProps): ReactNode {
  const messages = useMessages(usageMessages);
  const labelOf = useRowLabel();
  const { at, series } = useMemo(() => {
    const length = STEP_MS[step];
    const times = rows.map(timeOf);
    const first = Math.floor((from ?? Math.min(...times, to)) / length) * length;
    const last = Math.floor(Math.max(...times, Math.min(to - 1, Date.now())) / length) * length;
    const at = Array.from({ length: Math.min(2000, Math.max(1, Math.round((last - first) / length) + 1)) }, (_, place) => first + place * length);
    return { at, series: seriesOf(rows, { at, metric, nameOf: (row) => (group === undefined ? label : labelOf(row, group)), other: messages.other, length }) };
  }, [rows, step, metric, group, from, to, label, labelOf, messages.other]);
  return <TimeChart label={label} at={at} series={series} kind="bars" stacked height={HEIGHT} format={format} />;
}

interface SeriesInput {
  readonly at: readonly number[];
  readonly metric: Metric;
  readonly nameOf: (row: UsageRow) => string;
  readonly other: string;
  readonly length: number;
}

function seriesOf(rows: readonly UsageRow[], { at, metric, nameOf, other, length }: SeriesInput): readonly ChartSeries[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(nameOf(row), (sums.get(nameOf(row)) ?? 0) + metricOf(row, metric));
  const drawn = [...sums].sort(([, one], [, two]) => two - one).map(([name]) => name).slice(0, sums.size > DRAWN ? DRAWN - 1 : DRAWN);
  const names = sums.size > drawn.length ? [...drawn, other] : drawn;
  const values = new Map(names.map((name) => [name, at.map(() => 0)]));
  for (const row of rows) {
    const column = values.get(drawn.includes(nameOf(row)) ? nameOf(row) : other);
    const place = Math.round((timeOf(row) - (at[0] ?? 0)) / length);
    if (column?.[place] !== undefined) column[place] += metricOf(row, metric);
  }
  return names.map((name, place) => ({ label: name, values: values.get(name) ?? [], colour: name === other && names.length > drawn.length ? "quiet" : (CHART_COLOURS[place] as ChartColour) }));
}
