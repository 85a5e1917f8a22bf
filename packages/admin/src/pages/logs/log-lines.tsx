import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "react-router";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { logsMessages } from "./logs-messages.ts";
import type { NumberedLine } from "./use-log-tail.ts";

/** So many are drawn at first; drawing all would make long logs slow. */
const DRAWN = 500;
const AT_END_PX = 40;

/** Lines with the newest at the end; stays at the end while `following`. */
export function LogLines({ lines, following, onScrollAway }: { readonly lines: readonly NumberedLine[]; readonly following: boolean; readonly onScrollAway: () => void }): ReactNode {
  const messages = useMessages(logsMessages);
  const frame = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(DRAWN);
  const [opened, setOpened] = useState<number>();
  const last = lines.at(-1)?.number;
  useLayoutEffect(() => {
    if (following && frame.current !== null) frame.current.scrollTop = frame.current.scrollHeight;
  }, [last, following]);
  return (
    <div
      className="log"
      ref={frame}
      tabIndex={0}
      role="log"
      aria-label={messages.application}
      aria-live="off"
      onWheel={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        if (following && event.deltaY < 0 && scrollHeight > clientHeight + AT_END_PX && scrollTop > 0) onScrollAway();
      }}
    >
      {lines.length > drawn && <div className="log-earlier"><Button size="small" variant="ghost" onClick={() => setDrawn(drawn + DRAWN * 2)}>{messages.earlier}</Button></div>}
      {lines.slice(-drawn).map((line) => <Line key={line.number} line={line} open={line.number === opened} onToggle={() => setOpened(line.number === opened ? undefined : line.number)} />)}
    </div>
  );
}

function Line({ line, open, onToggle }: { readonly line: NumberedLine; readonly open: boolean; readonly onToggle: () => void }): ReactNode {
  const messages = useMessages(logsMessages);
  const format = useFormat();
  const fields = Object.entries(line.fields);
  return (
    <div className={classNames("log-line", line.level !== undefined && `log-${line.level}`)}>
      <button type="button" className="log-row" aria-expanded={open} onClick={onToggle}>
        <span className="log-time" title={line.at === undefined ? undefined : format.dateTime(line.at)}>{line.at === undefined ? "" : format.time(line.at)}</span>
        <span className="log-level">{line.level}</span>
        <span className="log-text"><span className={line.message === undefined && fields.length === 0 ? undefined : "log-event"}>{line.event}</span>{line.message !== undefined && ` ${line.message}`}{fields.map(([name, value]) => <span key={name}> <span className="log-name">{shortName(name)}=</span>{shortValue(value)}</span>)}</span>
      </button>
      {line.requestId !== undefined && <Link className="log-request mono" title={messages.showRequest} to={`/live/${encodeURIComponent(line.requestId)}`}>{line.requestId}</Link>}
      {open && <pre className="log-raw">{fields.length === 0 ? line.text : JSON.stringify({ event: line.event, ...line.fields }, null, 2)}</pre>}
    </div>
  );
}

/** `gen_ai.request.model` is long for a line that is read. */
const shortName = (name: string): string => name.replace(/^gen_ai\./, "");
const shortValue = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
