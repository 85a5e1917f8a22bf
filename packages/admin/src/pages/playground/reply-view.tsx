import CircleAlert from "lucide-react/icons/circle-alert";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/page.tsx";
import { Markdown } from "./markdown.tsx";
import { playgroundMessages } from "./playground-messages.ts";
import type { Run } from "./use-run.ts";

/** The reply as people read it. */
export function ReplyView({ run }: { readonly run: Run }): ReactNode {
  const messages = useMessages(playgroundMessages);
  const { reply } = run;
  return (
    <div className="stack-tight" aria-live="polite" aria-busy={run.state === "running"}>
      {run.state === "running" && run.events.length === 0 && <Badge tone="accent" dot pulse>{messages.waiting}</Badge>}
      {reply.reasoning !== "" && <details className="more reasoning" open><summary>{messages.reasoning}</summary><p>{reply.reasoning}</p></details>}
      {reply.text !== "" && <Markdown text={reply.text} />}
      {reply.toolCalls.map((call) => <CodeBlock key={call.id} title={`${messages.toolCall}: ${call.name}`} language="json" code={call.input} />)}
      {run.state === "stopped" && <Badge tone="warning" dot>{messages.stopped}</Badge>}
      {reply.error !== undefined && <Notice tone="danger" icon={<CircleAlert />}>{reply.error}</Notice>}
    </div>
  );
}

/** Figures of a reply, and what the translation could not carry. */
export function RunFacts({ run }: { readonly run: Run }): ReactNode {
  const messages = useMessages(playgroundMessages);
  const format = useFormat();
  const { reply, losses } = run;
  const figures: readonly (readonly [string, string | undefined])[] = [
    [messages.facts.first, run.firstEventMs === undefined ? undefined : format.duration(run.firstEventMs)],
    [messages.facts.total, run.durationMs === undefined ? undefined : format.duration(run.durationMs)],
    [messages.facts.input, reply.inputTokens === undefined ? undefined : format.number(reply.inputTokens)],
    [messages.facts.output, reply.outputTokens === undefined ? undefined : format.number(reply.outputTokens)],
    [messages.facts.finish, reply.finish],
  ];
  return (
    <div className="run-facts">
      {figures.filter(([, value]) => value !== undefined).map(([name, value]) => <span key={name}><span className="muted">{name}</span> <span className="number">{value}</span></span>)}
      {losses !== undefined && (losses.length === 0
        ? <Badge tone="success" dot>{messages.noLosses}</Badge>
        : <details className="losses"><summary>{messages.losses}: {losses.length}</summary><ul>{losses.map((loss) => <li key={loss} className="mono">{loss}</li>)}</ul></details>)}
      {run.requestId !== undefined && <Link to={`/live/${encodeURIComponent(run.requestId)}`}>{messages.showLive}</Link>}
    </div>
  );
}
