import type { ReactNode } from "react";
import type { Reply } from "../../api/operations.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Sparkline } from "../../ui/charts/sparkline.tsx";
import type { ChartColour } from "../../ui/charts/theme-colours.ts";
import { overviewMessages } from "./overview-messages.ts";

type Overview = Reply<"overview">;
type Sums = Overview["totals"];

interface Tile {
  readonly id: "requests" | "tokens" | "cost" | "cacheShare" | "errorRate" | "firstEvent";
  readonly measure: (sums: Sums) => number | undefined;
  readonly step: (step: Overview["series"][number]) => number;
  readonly text: (value: number) => string;
  readonly colour: ChartColour;
  /** Whether more of it is good, bad or neither. */
  readonly more: "good" | "bad" | "neutral";
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const allInput = ({ inputTokens, cacheReadTokens, cacheWriteTokens = 0 }: { inputTokens: number; cacheReadTokens: number; cacheWriteTokens?: number }): number => inputTokens + cacheReadTokens + cacheWriteTokens;

/** The six numbers of the house, each with its way through the span and its change against the span before. */
export function Tiles({ overview }: { readonly overview: Overview }): ReactNode {
  const format = useFormat();
  const tiles: readonly Tile[] = [
    { id: "requests", measure: ({ requests }) => requests, step: ({ requests }) => requests, text: format.compact, colour: "1", more: "neutral" },
    { id: "tokens", measure: ({ totalTokens }) => totalTokens, step: (step) => allInput(step) + step.outputTokens + step.reasoningTokens, text: format.compact, colour: "2", more: "neutral" },
    { id: "cost", measure: ({ costUsd }) => costUsd, step: ({ costUsd }) => costUsd, text: format.money, colour: "3", more: "neutral" },
    { id: "cacheShare", measure: (sums) => share(sums.cacheReadTokens, allInput(sums)), step: (step) => share(step.cacheReadTokens, allInput(step)), text: (value) => format.percent(value), colour: "5", more: "good" },
    { id: "errorRate", measure: ({ failed, attempts }) => share(failed, attempts), step: ({ failed, requests }) => share(failed, Math.max(requests, failed)), text: (value) => format.percent(value), colour: "danger", more: "bad" },
    { id: "firstEvent", measure: ({ averageFirstEventMs }) => averageFirstEventMs, step: ({ averageFirstEventMs }) => averageFirstEventMs ?? 0, text: format.duration, colour: "6", more: "bad" },
  ];
  return <div className="tiles">{tiles.map((tile) => <TileView key={tile.id} tile={tile} overview={overview} />)}</div>;
}

function TileView({ tile, overview }: { readonly tile: Tile; readonly overview: Overview }): ReactNode {
  const messages = useMessages(overviewMessages);
  const format = useFormat();
  const value = tile.measure(overview.totals);
  const unpriced = tile.id === "cost" ? overview.totals.unpriced : 0;
  return (
    <div className="tile" title={unpriced > 0 ? messages.partial(format.number(unpriced)) : undefined}>
      <span className="tile-label">{messages[tile.id]}</span>
      <span className="tile-value">{value === undefined ? "–" : tile.text(value)}{unpriced > 0 && "+"}</span>
      <Change tile={tile} now={value} before={tile.measure(overview.before)} />
      <Sparkline values={overview.series.map(tile.step)} colour={tile.colour} />
    </div>
  );
}

/** Changes below this share of the value before are none. */
const STILL = 0.005;

function Change({ tile, now, before }: { readonly tile: Tile; readonly now: number | undefined; readonly before: number | undefined }): ReactNode {
  const messages = useMessages(overviewMessages);
  const format = useFormat();
  if (now === undefined || before === undefined || before === 0) return <span className="tile-change" />;
  const change = (now - before) / before;
  if (Math.abs(change) < STILL) return <span className="tile-change">{messages.same}</span>;
  const mood = tile.more === "neutral" ? undefined : (change > 0) === (tile.more === "good") ? "good" : "bad";
  return <span className="tile-change" data-mood={mood} title={`${messages.versus}: ${tile.text(before)}`}>{change > 0 ? "▲" : "▼"} {format.percent(Math.abs(change), 0)}</span>;
}
