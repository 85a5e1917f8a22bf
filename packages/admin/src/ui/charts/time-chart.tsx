import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import uPlot from "uplot";
import { useFormat } from "../../format/use-format.ts";
import { useLanguage } from "../../i18n/language.tsx";
import { useChartPalette, type ChartColour, type ChartPalette } from "./theme-colours.ts";

export interface ChartSeries {
  readonly label: string;
  /** One for each time; `undefined` leaves a gap. */
  readonly values: readonly (number | undefined)[];
  readonly colour: ChartColour;
}

export interface TimeChartProps {
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
  /** Epoch ms, rising. */
  readonly at: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly kind?: "line" | "area" | "bars";
  /** On top of each other, the first lowest. */
  readonly stacked?: boolean;
  readonly height?: number;
  readonly format: (value: number) => string;
}

/** Series over time. The legend shows the values under the pointer, else the sums or nothing. */
export function TimeChart({ label, at, series, kind = "line", stacked = false, height = 200, format }: TimeChartProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number>();
  const palette = useChartPalette();
  const { language } = useLanguage();
  const words = useFormat();
  const data = useMemo(() => chartData(at, series, stacked), [at, series, stacked]);
  const shape = `${kind}/${stacked}/${series.map(({ label: name, colour }) => name + colour).join()}`;
  const plot = useRef<uPlot>(undefined);
  const formatNow = useRef(format);
  const dataNow = useRef(data);
  useEffect(() => {
    formatNow.current = format;
    dataNow.current = data;
    plot.current?.setData(data);
  }, [data, format]);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const made = new uPlot(chartOptions({ palette, series, kind, stacked, height, language, width: element.clientWidth, format: (value) => formatNow.current(value), onPoint: setPointed }), dataNow.current, element);
    plot.current = made;
    const follow = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    follow.observe(element);
    return () => {
      follow.disconnect();
      made.destroy();
      plot.current = undefined;
    };
    // A new plot for a new shape; new values go into the plot that is there.
    // `shape` stands for the series.
  }, [palette, shape, height, language]);
  const index = pointed !== undefined && pointed < at.length ? pointed : undefined;
  return (
    <figure className="chart" aria-label={label}>
      <div ref={frame} className="chart-canvas" style={{ height }} aria-hidden="true" />
      <figcaption className="chart-legend">
        {series.map(({ label: name, colour, values }) => (
          <span key={name} className="chart-key">
            <span className="chart-swatch" style={{ background: `var(--chart-${colour})` }} aria-hidden="true" />
            {name}
            {index !== undefined && <strong>{values[index] === undefined ? "–" : format(values[index])}</strong>}
          </span>
        ))}
        {index !== undefined && <span className="chart-moment">{words.dateTime(at[index] ?? 0)}</span>}
      </figcaption>
    </figure>
  );
}

function chartData(at: readonly number[], series: readonly ChartSeries[], stacked: boolean): uPlot.AlignedData {
  const columns = series.map(({ values }) => values.map((value) => value ?? null));
  if (stacked) {
    for (let row = 1; row < columns.length; row += 1) {
      columns[row] = (columns[row] ?? []).map((value, index) => (value ?? 0) + (columns[row - 1]?.[index] ?? 0));
    }
    // The tallest is drawn first and the lower ones over it.
    columns.reverse();
  }
  return [at.map((ms) => ms / 1000), ...columns] as uPlot.AlignedData;
}

interface OptionsInput {
  readonly palette: ChartPalette;
  readonly series: readonly ChartSeries[];
  readonly kind: "line" | "area" | "bars";
  readonly stacked: boolean;
  readonly width: number;
  readonly height: number;
  readonly language: string;
  readonly format: (value: number) => string;
  readonly onPoint: (index: number | undefined) => void;
}

function chartOptions({ palette, series, kind, stacked, width, height, language, format, onPoint }: OptionsInput): uPlot.Options {
  const drawn = stacked ? series.toReversed() : series;
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: palette.text, font, ticks: { show: false }, grid: { stroke: palette.line, width: 1 } };
  return {
    width,
    height,
    legend: { show: false },
    padding: [10, 4, 0, 0],
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 7, width: 2, stroke: palette.surface, fill: (_plot, index) => palette.colour(drawn[index - 1]?.colour ?? "1") } },
    scales: { x: { time: true, ...(kind === "bars" && { range: roomForBars }) }, y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.08 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, size: 26, space: 64, ...(kind === "bars" && { incrs: (plot: uPlot) => incrementsOf(plot) }), values: (_plot, moments) => moments.map((seconds) => timeLabel(seconds, (moments[1] ?? seconds) - (moments[0] ?? seconds), language)) },
      { ...axis, size: 52, space: 36, gap: 6, values: (_plot, values) => values.map((value) => format(value)) },
    ],
    series: [{}, ...drawn.map(({ label, colour }) => seriesOptions(label, palette.colour(colour), kind, stacked))],
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? undefined)] },
  };
}

/** Bars stand on their time: the first and the last need half a bar more. */
function roomForBars(plot: uPlot, first: number, last: number): uPlot.Range.MinMax {
  const half = (last - first) / Math.max(1, (plot.data[0]?.length ?? 2) - 1) / 2 || 1800;
  return [first - half, last + half];
}

function seriesOptions(label: string, colour: string, kind: "line" | "area" | "bars", stacked: boolean): uPlot.Series {
  const bars = uPlot.paths.bars?.({ size: [0.7, 28], radius: 0.12 });
  const smooth = uPlot.paths.spline?.();
  return {
    label,
    stroke: kind === "bars" ? undefined : colour,
    width: kind === "bars" ? 0 : 1.5,
    fill: kind === "bars" ? colour : kind === "area" ? `${colour}${stacked ? "cc" : "1f"}` : undefined,
    points: { show: false },
    ...(kind === "bars" && bars !== undefined && { paths: bars }),
    ...(kind !== "bars" && smooth !== undefined && { paths: smooth }),
  } as uPlot.Series;
}

const DAY_SECONDS = 86_400;
const INCREMENTS = [60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, ...[1, 2, 7, 14, 30, 60, 90, 180, 365].map((days) => days * DAY_SECONDS)];

/** No marks between two bars. */
function incrementsOf({ data: [at] }: uPlot): number[] {
  const step = (at?.[1] ?? 0) - (at?.[0] ?? 0);
  return INCREMENTS.filter((increment) => increment >= step);
}

function timeLabel(seconds: number, step: number, language: string): string {
  const options: Intl.DateTimeFormatOptions = step >= DAY_SECONDS ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", options).format(seconds * 1000);
}
