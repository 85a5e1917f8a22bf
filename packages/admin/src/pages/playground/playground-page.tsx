import MessageSquareText from "lucide-react/icons/message-square-text";
import RotateCcw from "lucide-react/icons/rotate-ccw";
import SendIcon from "lucide-react/icons/send-horizontal";
import Square from "lucide-react/icons/square";
import { useEffect, useMemo, useState, type FormEvent, type ReactNode } from "react";
import { Link } from "react-router";
import { useRead } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { TextArea } from "../../ui/fields.tsx";
import { Card, Notice, Page } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useSearchState } from "../parts/search-state.ts";
import { buildRequest, DIALECTS, toCurl, type Draft, type Turn, type WireCall } from "./build-request.ts";
import { playgroundMessages } from "./playground-messages.ts";
import { RawEvents } from "./raw-events.tsx";
import { ReplyView, RunFacts } from "./reply-view.tsx";
import { RequestSettings } from "./request-settings.tsx";
import { useRun, type Runner } from "./use-run.ts";

type Kept = Omit<Draft, "model" | "dialect">;
const NEW: Kept = { system: "", turns: [], stream: true, temperature: undefined, maxTokens: undefined, effort: undefined, tools: "" };

export default function PlaygroundPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(playgroundMessages);
  const search = useSearchState();
  const models = useRead("models");
  const ids = useMemo(() => (models.data?.models ?? []).map(({ id }) => id), [models.data]);
  const [kept, setKept] = useState(NEW);
  const [message, setMessage] = useState("");
  const runner = useRun();
  const draft: Draft = { ...kept, model: search.get("model") ?? ids[0] ?? "", dialect: DIALECTS.find((id) => id === search.get("dialect")) ?? "openai-chat" };
  const built = useBuilt({ ...draft, turns: turnsWith(kept.turns, runner, message) });
  const change = ({ model, dialect, ...rest }: Partial<Draft>): void => {
    if (model !== undefined || dialect !== undefined) search.set({ ...(model !== undefined && { model }), ...(dialect !== undefined && { dialect: dialect === "openai-chat" ? undefined : dialect }) });
    if (Object.keys(rest).length > 0) setKept({ ...kept, ...rest });
  };
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (message.trim() === "" || draft.model === "" || built === undefined || runner.run.state === "running") return;
    const turns = turnsWith(kept.turns, runner, message);
    setKept({ ...kept, turns });
    setMessage("");
    runner.start({ ...draft, turns });
  };
  const startOver = (): void => {
    runner.reset();
    setKept({ ...kept, turns: [] });
  };
  return (
    <Page wide title={pages.playground} description={messages.description} actions={kept.turns.length > 0 && <Button icon={<RotateCcw />} onClick={startOver}>{messages.again}</Button>}>
      <div className="playground">
        <Card className="playground-settings"><RequestSettings draft={draft} models={ids} toolsAreWrong={built === undefined} onChange={change} /></Card>
        <div className="playground-main stack">
          {models.data?.models.length === 0 && <Notice tone="warning" action={<Link className="button button-secondary" to="/providers?add=1">{messages.addUpstream}</Link>}>{messages.noModels}</Notice>}
          <Conversation turns={kept.turns} runner={runner} />
          <Composer message={message} onChange={setMessage} onSubmit={submit} running={runner.run.state === "running"} onStop={runner.stop} ready={draft.model !== "" && built !== undefined} />
          <Wire built={built} draft={draft} runner={runner} />
        </div>
      </div>
    </Page>
  );
}

/** What was said so far, the last reply included, and what is being written. */
function turnsWith(turns: readonly Turn[], { run }: Runner, message: string): readonly Turn[] {
  const answered = run.state === "idle" || run.reply.text === "" ? turns : [...turns, { role: "assistant" as const, text: run.reply.text }];
  return message.trim() === "" ? answered : [...answered, { role: "user", text: message.trim() }];
}

/** `undefined` while the tools are not JSON. */
function useBuilt(draft: Draft): WireCall | undefined {
  try {
    return buildRequest(draft);
  } catch {
    return undefined;
  }
}

function Conversation({ turns, runner: { run } }: { readonly turns: readonly Turn[]; readonly runner: Runner }): ReactNode {
  const messages = useMessages(playgroundMessages);
  if (turns.length === 0) return <Card><EmptyState icon={<MessageSquareText />} title={messages.nothing} /></Card>;
  return (
    <Card>
      <div className="stack">
        {turns.map((turn, place) => <article key={place} className={`turn turn-${turn.role}`}><p className="turn-text">{turn.text}</p></article>)}
        <article className="turn turn-reply"><ReplyView run={run} /></article>
        {run.state !== "running" && <RunFacts run={run} />}
      </div>
    </Card>
  );
}

interface ComposerProps {
  readonly message: string;
  readonly running: boolean;
  readonly ready: boolean;
  readonly onChange: (message: string) => void;
  readonly onSubmit: (event?: FormEvent) => void;
  readonly onStop: () => void;
}

function Composer({ message, running, ready, onChange, onSubmit, onStop }: ComposerProps): ReactNode {
  const messages = useMessages(playgroundMessages);
  useEffect(() => {
    if (!running) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onStop();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [running, onStop]);
  return (
    <form className="composer" onSubmit={onSubmit}>
      <TextArea
        hideLabel
        label={messages.message}
        rows={3}
        value={message}
        onChange={onChange}
        placeholder={messages.messagePlaceholder}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSubmit();
        }}
      />
      <div className="row row-apart">
        <span className="muted small">{messages.sendHint}</span>
        {running ? <Button variant="danger" icon={<Square />} onClick={onStop}>{messages.stop}</Button> : <Button type="submit" variant="primary" icon={<SendIcon />} disabled={!ready || message.trim() === ""}>{messages.send}</Button>}
      </div>
    </form>
  );
}

/** What goes over the wire: the request to come, the events that came. */
function Wire({ built, draft, runner: { run } }: { readonly built: WireCall | undefined; readonly draft: Draft; readonly runner: Runner }): ReactNode {
  const messages = useMessages(playgroundMessages);
  const [tab, setTab] = useState<"events" | "request" | "curl">("request");
  useEffect(() => {
    if (run.state === "running") setTab("events");
  }, [run.state]);
  return (
    <Tabs label={messages.show} value={tab} onChange={setTab} tabs={[{ id: "request", label: messages.request }, { id: "curl", label: messages.curl }, { id: "events", label: messages.events, note: run.events.length === 0 ? undefined : run.events.length }]}>
      {tab === "events"
        ? <RawEvents events={run.events} running={run.state === "running"} />
        : built === undefined ? <p className="field-error">{messages.toolsWrong}</p>
          : tab === "request" ? <CodeBlock title={`POST ${built.path}`} language="json" code={JSON.stringify(built.body, null, 2)} /> : <CodeBlock title={messages.curl} language="bash" code={toCurl(location.origin, draft.dialect, built)} />}
    </Tabs>
  );
}
