import type { ReactNode } from "react";
import type { LiveDetail } from "../../../../gateway/src/management/contract/live.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { classNames } from "../../ui/class-names.ts";
import { liveMessages } from "./live-messages.ts";

/** A bar for each attempt, on the scale of the whole request. */
export function Timings({ detail }: { readonly detail: LiveDetail }): ReactNode {
  const messages = useMessages(liveMessages);
  const format = useFormat();
  const records = detail.attempts.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const { startedAt, durationMs } = detail.request;
  const wholeMs = Math.max(durationMs ?? 0, ...records.map((record) => record.startedAt - startedAt + record.durationMs), 1);
  if (records.length === 0) return <p className="muted">{messages.nothing}</p>;
  return (
    <div className="spans">
      {records.map((record) => {
        const offset = Math.max(0, record.startedAt - startedAt);
        const waitMs = record.firstEventMs ?? record.durationMs;
        const part = (fromMs: number, lengthMs: number): { left: string; width: string } => ({ left: `${(fromMs / wholeMs) * 100}%`, width: `${(lengthMs / wholeMs) * 100}%` });
        return (
          <div key={record.attempt} className="span-row">
            <span className="cut" title={record.credential}>{record.attempt}. {record.credential}</span>
            <span className="span-track">
              <span className={classNames("span-part", record.outcome === "failed" ? "span-failed" : "span-wait")} style={part(offset, waitMs)} title={`${messages.untilFirst}: ${format.duration(waitMs)}`} />
              {record.firstEventMs !== undefined && <span className="span-part span-reply" style={part(offset + waitMs, Math.max(0, record.durationMs - waitMs))} title={`${messages.streaming}: ${format.duration(record.durationMs - waitMs)}`} />}
            </span>
            <span className="span-time">{format.duration(record.durationMs)}</span>
          </div>
        );
      })}
      <div className="span-legend">
        <span><i className="span-wait" />{messages.untilFirst}</span>
        <span><i className="span-reply" />{messages.streaming}</span>
      </div>
    </div>
  );
}

export function Decisions({ detail }: { readonly detail: LiveDetail }): ReactNode {
  const messages = useMessages(liveMessages);
  const format = useFormat();
  if (detail.decisions.length === 0) return <p className="muted">{messages.noDecisions}</p>;
  return (
    <ol className="timeline">
      {detail.decisions.map(({ at, kind, message }, index) => (
        <li key={index} className={/fail|refus|reject|cool/.test(kind) ? "tone-danger" : "tone-accent"}>
          <span className="timeline-when">+{format.duration(Math.max(0, at - detail.request.startedAt))}</span>
          <span className="dot" aria-hidden="true" />
          <span>{message} <span className="timeline-kind">{kind}</span></span>
        </li>
      ))}
    </ol>
  );
}
