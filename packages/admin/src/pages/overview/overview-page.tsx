import ChartColumn from "lucide-react/icons/chart-column";
import { useMemo, type ReactNode } from "react";
import { Link } from "react-router";
import { useRead } from "../../api/hooks.ts";
import type { Reply } from "../../api/operations.ts";
import { useFormat } from "../../format/use-format.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Badge } from "../../ui/badge.tsx";
import { BarList } from "../../ui/charts/bar-list.tsx";
import { TimeChart } from "../../ui/charts/time-chart.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { AttentionCard } from "./attention-card.tsx";
import { overviewMessages } from "./overview-messages.ts";
import { Tiles } from "./tiles.tsx";

type Overview = Reply<"overview">;
const RANGES = ["1h", "24h", "7d", "30d"] as const;
const REFRESH_MS = 15_000;

export default function OverviewPage(): ReactNode {
  const messages = useMessages(overviewMessages);
  const shell = useMessages(shellMessages);
  const format = useFormat();
  const [text, setRange] = useUrlState("range", "24h");
  const range = RANGES.find((known) => known === text) ?? "24h";
  const query = useRead("overview", { query: { range } }, { everyMs: REFRESH_MS, keep: true });
  const open = query.data?.live.openRequests ?? 0;
  const options = RANGES.map((id) => ({ id, label: messages.ranges[id], title: messages.rangeNames[id] }));
  return (
    <Page
      title={shell.pages.overview}
      actions={
        <>
          {open > 0 && <Link to="/live"><Badge tone="success" dot pulse>{messages.open(format.number(open))}</Badge></Link>}
          <Segments label={messages.range} value={range} onChange={setRange} options={options} />
        </>
      }
    >
      <Loaded query={query} skeleton={<Skeleton lines={8} height={48} />}>{(overview) => <OverviewBody overview={overview} />}</Loaded>
    </Page>
  );
}

function OverviewBody({ overview }: { readonly overview: Overview }): ReactNode {
  const messages = useMessages(overviewMessages);
  const empty = overview.totals.attempts === 0 && overview.before.attempts === 0;
  return (
    <>
      <Tiles overview={overview} />
      <div className="overview-main">
        {empty
          ? (
            <Card>
              <EmptyState icon={<ChartColumn />} title={messages.none} action={<div className="row"><Link className="button button-primary" to="/connect">{messages.connect}</Link><Link className="button button-secondary" to="/playground">{messages.playground}</Link></div>}>{messages.noneText}</EmptyState>
            </Card>
          )
          : <RequestsCard series={overview.series} />}
        <AttentionCard items={overview.attention} />
      </div>
      {!empty && <OverviewCharts overview={overview} />}
    </>
  );
}

function RequestsCard({ series }: { readonly series: Overview["series"] }): ReactNode {
  const messages = useMessages(overviewMessages);
  const format = useFormat();
  const at = useMemo(() => series.map((step) => step.at), [series]);
  const lines = useMemo(() => [
    { label: messages.succeeded, values: series.map(({ requests, failed }) => Math.max(0, requests - failed)), colour: "1" as const },
    { label: messages.failed, values: series.map(({ failed }) => failed), colour: "danger" as const },
  ], [messages, series]);
  return <Card title={messages.requestsOverTime}><TimeChart label={messages.requestsOverTime} at={at} series={lines} kind="bars" stacked format={format.compact} height={210} /></Card>;
}

function OverviewCharts({ overview: { series, topModels, topUsers } }: { readonly overview: Overview }): ReactNode {
  const messages = useMessages(overviewMessages);
  const { tokens } = useMessages(domainMessages);
  const format = useFormat();
  const at = useMemo(() => series.map((step) => step.at), [series]);
  const tokenLines = useMemo(() => [
    { label: tokens.cacheRead, values: series.map(({ cacheReadTokens }) => cacheReadTokens), colour: "5" as const },
    { label: tokens.input, values: series.map(({ inputTokens }) => inputTokens), colour: "1" as const },
    { label: tokens.output, values: series.map(({ outputTokens }) => outputTokens), colour: "2" as const },
    { label: tokens.reasoning, values: series.map(({ reasoningTokens }) => reasoningTokens), colour: "3" as const },
  ], [tokens, series]);
  const costLine = useMemo(() => [{ label: messages.cost, values: series.map(({ costUsd }) => costUsd), colour: "3" as const }], [messages, series]);
  const latencyLine = useMemo(() => [{ label: messages.firstEvent, values: series.map(({ averageFirstEventMs }) => averageFirstEventMs), colour: "6" as const }], [messages, series]);
  return (
    <>
      <div className="grid-2">
        <Card title={messages.tokensOverTime}><TimeChart label={messages.tokensOverTime} at={at} series={tokenLines} kind="bars" stacked format={format.compact} height={180} /></Card>
        <Card title={messages.costOverTime}><TimeChart label={messages.costOverTime} at={at} series={costLine} kind="bars" format={format.money} height={180} /></Card>
      </div>
      <div className="grid-3">
        <Card title={messages.topModels}><TopList rows={topModels} dimension="model" label={messages.topModels} /></Card>
        <Card title={messages.topUsers}><TopList rows={topUsers} dimension="user" label={messages.topUsers} /></Card>
        <Card title={messages.latencyOverTime}><TimeChart label={messages.latencyOverTime} at={at} series={latencyLine} kind="area" format={format.duration} height={180} /></Card>
      </div>
    </>
  );
}

/** More than these are seen on the page of usage. */
const SHOWN = 6;

function TopList({ rows, dimension, label }: { readonly rows: Overview["topModels"]; readonly dimension: "model" | "user"; readonly label: string }): ReactNode {
  const messages = useMessages(overviewMessages);
  const domain = useMessages(domainMessages);
  const format = useFormat();
  if (rows.length === 0) return <p className="muted">{messages.nobody}</p>;
  const byCost = rows.some(({ costUsd }) => costUsd > 0);
  const items = rows.slice(0, SHOWN).map((row) => {
    const id = String(row.dimensions[dimension] ?? "");
    const name = row.labels[dimension] ?? id;
    return {
      id: id === "" ? "-" : id, label: name === "" ? domain.nobody : name, value: byCost ? row.costUsd : row.totalTokens,
      text: byCost ? format.money(row.costUsd) : format.compact(row.totalTokens), note: format.compact(byCost ? row.totalTokens : row.requests),
      ...(id !== "" && { to: `/usage?${dimension}=${encodeURIComponent(id)}` }),
    };
  });
  return <BarList items={items} label={`${label}, ${byCost ? messages.byCost : messages.byTokens}`} />;
}
