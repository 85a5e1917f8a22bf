import Download from "lucide-react/icons/download";
import FileX from "lucide-react/icons/file-x";
import Pause from "lucide-react/icons/pause";
import Play from "lucide-react/icons/play";
import Trash2 from "lucide-react/icons/trash-2";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { request } from "../../api/client.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { useConfirm } from "../../ui/confirm.tsx";
import { Card } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../ui/states.tsx";
import { useToast } from "../../ui/toast.tsx";
import { saveFile } from "../parts/save-file.ts";
import type { SearchState } from "../parts/search-state.ts";
import { LogLines } from "./log-lines.tsx";
import { logsMessages } from "./logs-messages.ts";
import { LEVELS, type Level } from "./parse-log-line.ts";
import { useLogTail, type NumberedLine } from "./use-log-tail.ts";

export function ApplicationLog({ search }: { readonly search: SearchState }): ReactNode {
  const messages = useMessages(logsMessages);
  const format = useFormat();
  const toast = useToast();
  const confirm = useConfirm();
  const [following, setFollowing] = useState(true);
  const tail = useLogTail(following);
  const text = search.get("q") ?? "";
  const levels = search.list("level") as readonly Level[];
  const shown = tail.lines.filter((line) => matches(line, text, levels));
  const clear = async (): Promise<void> => {
    if (!(await confirm({ title: messages.clearAsk, message: messages.clearText, action: messages.clear, danger: true }))) return;
    await request("DELETE", "/v0/management/logs").then(() => toast.done(messages.cleared), (error: unknown) => toast.failed(error));
    tail.restart();
  };
  if (tail.state === "loading") return <Skeleton lines={12} />;
  if (tail.state === "off") return <Card><EmptyState icon={<FileX />} title={messages.off} action={<Link className="button button-secondary" to="/config?q=logging-to-file">{messages.toConfig}</Link>}>{messages.offText}</EmptyState></Card>;
  if (tail.state === "failed" && tail.lines.length === 0) return <Card><ErrorState error={tail.error} onRetry={tail.restart} /></Card>;
  return (
    <div className="stack">
      <div className="toolbar">
        <SearchField value={text} onChange={(q) => search.set({ q })} label={messages.search} />
        <LevelChoice levels={levels} onChange={(next) => search.set({ level: next })} />
        <span className="grow" />
        <span className="muted small number">{messages.lines(format.number(shown.length), format.number(tail.lines.length))}</span>
        <Button icon={following ? <Pause /> : <Play />} aria-pressed={following} onClick={() => setFollowing(!following)}>{following ? messages.follow : messages.paused}</Button>
        <Button icon={<Download />} aria-label={messages.download} title={messages.download} onClick={() => saveFile("dragoman.log", "text/plain", shown.map((line) => `${line.text}\n`).join(""))} />
        <Button variant="danger" icon={<Trash2 />} onClick={() => void clear()}>{messages.clear}</Button>
      </div>
      <Card flush>{shown.length === 0 ? <EmptyState title={tail.lines.length === 0 ? messages.none : messages.noMatch} /> : <LogLines lines={shown} following={following} onScrollAway={() => setFollowing(false)} />}</Card>
    </div>
  );
}

function matches(line: NumberedLine, text: string, levels: readonly Level[]): boolean {
  return (levels.length === 0 || (line.level !== undefined && levels.includes(line.level))) && line.text.toLowerCase().includes(text.toLowerCase());
}

/** None chosen means all. */
function LevelChoice({ levels, onChange }: { readonly levels: readonly Level[]; readonly onChange: (levels: readonly Level[]) => void }): ReactNode {
  const messages = useMessages(logsMessages);
  return (
    <div className="segments" role="group" aria-label={messages.levels}>
      {LEVELS.map((level) => <button key={level} type="button" className="segment log-choice" aria-pressed={levels.includes(level)} onClick={() => onChange(levels.includes(level) ? levels.filter((other) => other !== level) : [...levels, level])}>{messages.level[level]}</button>)}
    </div>
  );
}
