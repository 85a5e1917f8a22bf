import Activity from "lucide-react/icons/activity";
import Pause from "lucide-react/icons/pause";
import Play from "lucide-react/icons/play";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import type { LiveRequest } from "../../../../gateway/src/management/contract/live.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../ui/states.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { useNow } from "../parts/use-now.ts";
import { CaptureNotice, CaptureSwitch } from "./capture-switch.tsx";
import { liveMessages } from "./live-messages.ts";
import { RouteText, StateBadge, tokensOf, whoOf } from "./request-parts.tsx";
import { useLiveRequests } from "./use-live-requests.ts";

const STATES = ["all", "running", "failed"] as const;

export default function LivePage(): ReactNode {
  const messages = useMessages(liveMessages);
  const shell = useMessages(shellMessages);
  const format = useFormat();
  const live = useLiveRequests();
  const [search, setSearch] = useUrlState("q");
  const [state, setState] = useUrlState("state", "all");
  const chosen = STATES.find((known) => known === state) ?? "all";
  const rows = live.requests.filter((request) => (chosen === "all" || request.state === chosen) && mentions(request, search));
  const capture = live.query.data?.capture;
  return (
    <Page
      wide
      title={shell.pages.live}
      description={messages.lead}
      actions={
        <>
          <CaptureSwitch capture={capture} />
          <Button icon={live.paused ? <Play /> : <Pause />} onClick={() => live.pause(!live.paused)}>
            {live.paused ? messages.goOn : messages.pause}
            {live.waiting > 0 && ` · ${messages.waiting(format.number(live.waiting))}`}
          </Button>
        </>
      }
    >
      {capture !== undefined && <CaptureNotice capture={capture} />}
      <div className="row row-apart">
        <div className="row">
          <SearchField value={search} onChange={setSearch} label={messages.search} />
          <Segments label={messages.state} value={chosen} onChange={setState} options={STATES.map((id) => ({ id, label: messages.states[id] }))} />
        </div>
        <Badge tone={live.connected ? "success" : "warning"} dot pulse={!live.paused && live.connected}>{live.connected ? messages.connected : messages.reconnecting}</Badge>
      </div>
      <Card flush>
        {live.query.isError && live.requests.length === 0 && <ErrorState error={live.query.error} onRetry={() => void live.query.refetch()} />}
        {live.query.isPending && <div className="card-body"><Skeleton lines={6} /></div>}
        {live.query.isSuccess && <LiveTable rows={rows} filtered={rows.length < live.requests.length} />}
      </Card>
    </Page>
  );
}

function mentions(request: LiveRequest, search: string): boolean {
  if (search === "") return true;
  const text = [request.modelAsked, request.modelUpstream, request.username, request.keyName, request.principal, request.provider, request.credential, request.requestId, request.error, request.errorCode, request.status, request.clientDialect].join(" ").toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function LiveTable({ rows, filtered }: { readonly rows: readonly LiveRequest[]; readonly filtered: boolean }): ReactNode {
  const messages = useMessages(liveMessages);
  const shell = useMessages(shellMessages);
  const navigate = useNavigate();
  const columns = useColumns(rows.some(({ state }) => state === "running"));
  const empty = filtered
    ? <EmptyState title={messages.noMatch} />
    : <EmptyState icon={<Activity />} title={messages.empty} action={<Link className="button button-secondary" to="/playground">{shell.pages.playground}</Link>}>{messages.emptyText}</EmptyState>;
  return <Table label={shell.pages.live} columns={columns} rows={rows} rowKey={({ requestId }) => requestId} onOpen={({ requestId }) => void navigate(`/live/${encodeURIComponent(requestId)}`)} empty={empty} />;
}

function useColumns(ticking: boolean): readonly Column<LiveRequest>[] {
  const { columns: words, tries, bodies } = useMessages(liveMessages);
  const format = useFormat();
  const now = useNow(ticking);
  return [
    { id: "time", header: words.time, from: "small", cell: ({ startedAt }) => <span className="muted">{format.time(startedAt)}</span> },
    { id: "state", header: words.state, cell: (request) => <StateBadge request={request} /> },
    {
      id: "model", header: words.model, grow: true,
      cell: (request) => (
        <span className="two-lines">
          <Link to={`/live/${encodeURIComponent(request.requestId)}`} className="live-model">{request.modelAsked ?? request.endpoint}</Link>
          <span className={request.error === undefined && request.errorCode === undefined ? undefined : "live-error"}>{request.error ?? request.errorCode ?? [request.modelUpstream !== request.modelAsked && request.modelUpstream, request.attempts > 1 && tries(format.number(request.attempts)), request.captured && bodies].filter(Boolean).join(" · ")}</span>
        </span>
      ),
    },
    { id: "who", header: words.who, from: "small", cell: (request) => <span className="two-lines"><span>{whoOf(request)}</span>{request.username !== undefined && request.keyName !== undefined && <span>{request.keyName}</span>}</span> },
    { id: "route", header: words.route, from: "medium", cell: (request) => <RouteText request={request} /> },
    { id: "status", header: words.status, from: "medium", align: "end", cell: ({ status }) => status ?? "–" },
    { id: "first", header: words.first, from: "large", align: "end", cell: ({ firstEventMs }) => format.duration(firstEventMs) },
    { id: "duration", header: words.duration, align: "end", cell: ({ durationMs, startedAt, state }) => format.duration(state === "running" ? Math.max(0, now - startedAt) : durationMs) },
    { id: "tokens", header: words.tokens, from: "medium", align: "end", cell: (request) => tokensOf(format, request) },
    { id: "cost", header: words.cost, from: "large", align: "end", cell: ({ costUsd }) => format.money(costUsd) },
    { id: "losses", header: words.losses, from: "large", align: "end", cell: ({ losses }) => (losses === 0 ? <span className="muted">–</span> : <Badge tone="warning">{losses}</Badge>) },
  ];
}
