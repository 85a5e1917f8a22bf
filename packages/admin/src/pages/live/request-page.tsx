import ArrowLeft from "lucide-react/icons/arrow-left";
import RotateCcw from "lucide-react/icons/rotate-ccw";
import { useState, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import type { LiveDetail } from "../../../../gateway/src/management/contract/live.ts";
import { ApiError } from "../../api/api-error.ts";
import { useRead } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Card, Notice, Page } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { BothSides } from "./both-sides.tsx";
import { CaptureSwitch } from "./capture-switch.tsx";
import { liveMessages } from "./live-messages.ts";
import { ReplayDialog } from "./replay-dialog.tsx";
import { StateBadge, tokensOf, whoOf } from "./request-parts.tsx";
import { Decisions, Timings } from "./timings.tsx";

/** A request that is under way is looked at again that often, ms. */
const REFRESH_MS = 1000;

export default function RequestPage(): ReactNode {
  const messages = useMessages(liveMessages);
  const { requestId = "" } = useParams();
  const [running, setRunning] = useState(true);
  const query = useRead("liveRequest", { params: { requestId } }, { ...(running && { everyMs: REFRESH_MS }) });
  const [replaying, setReplaying] = useState(false);
  const ended = query.isError || (query.data !== undefined && query.data.request.state !== "running");
  if (running && ended) setRunning(false);
  const request = query.data?.request;
  return (
    <Page
      wide
      title={request?.modelAsked ?? messages.request}
      description={request !== undefined && <span className="row"><StateBadge request={request} /><span className="mono">{request.requestId}</span><CopyButton text={request.requestId} /></span>}
      actions={
        <>
          <Link to="/live" className="button button-ghost"><ArrowLeft aria-hidden="true" />{messages.back}</Link>
          {request?.captured === true && <Button icon={<RotateCcw />} onClick={() => setReplaying(true)}>{messages.replay}</Button>}
        </>
      }
    >
      {query.error instanceof ApiError && query.error.status === 404
        ? <EmptyState title={messages.gone}>{messages.goneText}</EmptyState>
        : <Loaded query={query}>{(detail) => <Detail detail={detail} />}</Loaded>}
      {replaying && request !== undefined && <ReplayDialog request={request} onClose={() => setReplaying(false)} />}
    </Page>
  );
}

function Detail({ detail }: { readonly detail: LiveDetail }): ReactNode {
  const messages = useMessages(liveMessages);
  return (
    <>
      {(detail.request.error ?? detail.request.errorCode) !== undefined && <Notice tone="danger">{[detail.request.error, detail.request.errorCode].filter((text) => text !== undefined).join(" · ")}</Notice>}
      <RequestFacts detail={detail} />
      <div className="grid-2">
        <Card title={messages.decisions}><Decisions detail={detail} /></Card>
        <div className="stack">
          <Card title={messages.timings}><Timings detail={detail} /></Card>
          <Card title={messages.lossTitle}><Losses detail={detail} /></Card>
        </div>
      </div>
      {detail.request.captured ? <BothSides detail={detail} /> : <NoBodies />}
    </>
  );
}

function RequestFacts({ detail: { request, attempts } }: { readonly detail: LiveDetail }): ReactNode {
  const { facts } = useMessages(liveMessages);
  const format = useFormat();
  const last = attempts.at(-1)?.record;
  const items: readonly (readonly [string, ReactNode])[] = [
    [facts.status, request.status ?? "–"],
    [facts.who, whoOf(request)],
    [facts.answered, [request.provider, last?.modelAnswered ?? request.modelUpstream].filter((part) => part !== undefined).join(" · ") || "–"],
    [facts.first, format.duration(request.firstEventMs)],
    [facts.duration, format.duration(request.durationMs)],
    [facts.tokens, tokensOf(format, request)],
    [facts.cost, format.money(request.costUsd)],
    [facts.started, format.time(request.startedAt)],
    ...(last?.finishReason === undefined ? [] : [[facts.finish, last.finishReason] as const]),
    ...(last?.reasoningEffort === undefined ? [] : [[facts.effort, last.reasoningEffort] as const]),
  ];
  return <dl className="request-facts">{items.map(([name, value]) => <div key={name}><dt>{name}</dt><dd title={typeof value === "string" ? value : undefined}>{value}</dd></div>)}</dl>;
}

function Losses({ detail }: { readonly detail: LiveDetail }): ReactNode {
  const messages = useMessages(liveMessages);
  const losses = detail.attempts.flatMap((attempt) => attempt.losses);
  if (losses.length === 0) return <p className="muted">{messages.noLosses}</p>;
  return (
    <ul className="loss-list">
      {losses.map(({ code, path, action, note }, index) => (
        <li key={index}>
          <Badge tone="warning">{action}</Badge>
          {path !== "" && <code>{path}</code>}
          <span className="muted">{note ?? code}</span>
        </li>
      ))}
    </ul>
  );
}

function NoBodies(): ReactNode {
  const messages = useMessages(liveMessages);
  const live = useRead("listLive");
  return (
    <Card>
      <EmptyState title={messages.noBodies} action={<CaptureSwitch capture={live.data?.capture} />}>{messages.noBodiesText}</EmptyState>
    </Card>
  );
}
