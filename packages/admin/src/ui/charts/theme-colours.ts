import { useMemo } from "react";
import { useTheme } from "../../theme/theme.tsx";

/** Names of the tokens `--chart-…`. */
export const CHART_COLOURS = ["1", "2", "3", "4", "5", "6", "danger", "quiet"] as const;
export type ChartColour = (typeof CHART_COLOURS)[number];

export interface ChartPalette {
  readonly colour: (name: ChartColour) => string;
  readonly text: string;
  readonly line: string;
  readonly surface: string;
}

/** The tokens as the canvas needs them: a canvas knows no custom properties. */
export function useChartPalette(): ChartPalette {
  const { shown } = useTheme();
  return useMemo(() => readPalette(shown), [shown]);
}

function readPalette(theme: string): ChartPalette {
  // The page's own attribute may follow an effect later than this reading.
  document.documentElement.dataset.theme = theme;
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return { colour: (name) => token(`--chart-${name}`), text: token("--text-3"), line: token("--line"), surface: token("--surface") };
}
