import { useEffect, useRef, type ReactNode } from "react";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { playgroundMessages } from "./playground-messages.ts";
import type { RawEvent } from "./use-run.ts";

/** Long streams are not drawn whole. */
const DRAWN = 400;

/** The stream as it came over the wire. */
export function RawEvents({ events, running }: { readonly events: readonly RawEvent[]; readonly running: boolean }): ReactNode {
  const messages = useMessages(playgroundMessages);
  const format = useFormat();
  const frame = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (running && frame.current !== null) frame.current.scrollTop = frame.current.scrollHeight;
  }, [events.length, running]);
  return (
    <figure className="code raw-events">
      <figcaption className="code-head">
        <span className="code-title">{messages.count(format.number(events.length))}{events.length > DRAWN && ` · ${messages.beginning}`}</span>
        <CopyButton text={events.map(({ event, data }) => `${event === "message" ? "" : `event: ${event}\n`}data: ${data}\n\n`).join("")} />
      </figcaption>
      <ol className="code-text" ref={frame} tabIndex={0} aria-label={messages.events}>
        {events.slice(-DRAWN).map(({ atMs, event, data }, place) => (
          <li key={events.length - Math.min(events.length, DRAWN) + place}>
            <span className="raw-time">{format.duration(atMs)}</span>
            {event !== "message" && <span className="code-key">{event} </span>}
            <span>{data}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}
