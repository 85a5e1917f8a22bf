import { useMemo, useState, type ReactNode } from "react";
import type { LiveDetail } from "../../../../gateway/src/management/contract/live.ts";
import { useFormat } from "../../format/use-format.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Facts } from "../../ui/page.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { liveMessages } from "./live-messages.ts";

type Captured = NonNullable<LiveDetail["clientRequest"]>;

/** The client's words at the left, the upstream's at the right, request above reply. */
export function BothSides({ detail }: { readonly detail: LiveDetail }): ReactNode {
  const messages = useMessages(liveMessages);
  const { dialects } = useMessages(domainMessages);
  const format = useFormat();
  const [chosen, setChosen] = useState(String(Math.max(0, detail.attempts.length - 1)));
  const attempt = detail.attempts[Number(chosen)];
  const { request } = detail;
  return (
    <div className="stack">
      {detail.attempts.length > 1 && <Segments label={messages.attempts} value={chosen} onChange={setChosen} options={detail.attempts.map((_, index) => ({ id: String(index), label: messages.attempt(format.number(index + 1)) }))} />}
      <div className="sides">
        <section className="side">
          <header className="side-head"><h2>{messages.client}</h2><span className="muted">{dialectName(dialects, request.clientDialect)} · {request.endpoint}</span></header>
          <Body title={messages.clientRequest} body={detail.clientRequest} />
          <Body title={messages.clientResponse} body={detail.clientResponse} />
        </section>
        <section className="side">
          <header className="side-head">
            <h2>{messages.upstream}</h2>
            <span className="muted cut">{dialectName(dialects, attempt?.record?.upstreamDialect ?? request.upstreamDialect ?? "")}{attempt?.upstreamUrl !== undefined && ` · ${attempt.upstreamUrl}`}{attempt?.record?.passthrough === true && ` · ${messages.unchanged}`}</span>
          </header>
          <Body title={messages.upstreamRequest} body={attempt?.upstreamRequest} />
          <Body title={`${messages.upstreamResponse}${attempt?.upstreamStatus === undefined ? "" : ` · ${attempt.upstreamStatus}`}`} body={attempt?.upstreamResponse} />
        </section>
      </div>
    </div>
  );
}

function Body({ title, body }: { readonly title: string; readonly body: Captured | undefined }): ReactNode {
  const messages = useMessages(liveMessages);
  const format = useFormat();
  const shown = useMemo(() => readable(body?.text ?? ""), [body]);
  const size = body === undefined ? "" : ` · ${body.truncated ? messages.truncated(format.bytes(body.bytes)) : format.bytes(body.bytes)}`;
  return (
    <>
      <CodeBlock title={`${title}${size}`} code={body === undefined || shown.text === "" ? messages.nothing : shown.text} language={shown.language} />
      {body?.headers !== undefined && (
        <details>
          <summary>{messages.headers}</summary>
          <Facts items={Object.entries(body.headers).map(([name, value]) => [name, <span key={name} className="mono">{value}</span>] as const)} />
        </details>
      )}
    </>
  );
}

/** JSON with its lines; streams as they came. */
function readable(text: string): { readonly text: string; readonly language: "json" | "yaml" | "text" } {
  if (!/^\s*[[{]/.test(text)) return { text, language: /^(?:event|data):/m.test(text) ? "json" : "text" };
  try {
    return { text: JSON.stringify(JSON.parse(text), null, 2), language: "json" };
  } catch {
    return { text, language: "json" };
  }
}
