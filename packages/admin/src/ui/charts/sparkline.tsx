import type { ReactNode } from "react";
import type { ChartColour } from "./theme-colours.ts";

/** A line of the size of a word. */
export function Sparkline({ values, colour = "1", width = 96, height = 28 }: { readonly values: readonly number[]; readonly colour?: ChartColour; readonly width?: number; readonly height?: number }): ReactNode {
  const highest = Math.max(...values, 0);
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const points = values.map((value, index) => [index * step, height - 2 - (highest === 0 ? 0 : (value / highest) * (height - 4))] as const);
  const line = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" style={{ color: `var(--chart-${colour})` }}>
      <path d={`${line}L${width} ${height}L0 ${height}Z`} className="sparkline-area" />
      <path d={line} className="sparkline-line" />
    </svg>
  );
}
