import type { ReactNode } from "react";
import { Link } from "react-router";
import type { AttemptView } from "../../../../gateway/src/management/contract/usage.ts";
import { useFormat } from "../../format/use-format.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Facts } from "../../ui/page.tsx";
import { Money } from "../parts/money.tsx";
import { OUTCOME_TONES } from "../parts/outcome-tones.ts";
import { usageMessages } from "./usage-messages.ts";

type FieldName = keyof (typeof usageMessages)["en"]["fields"];

const SECTIONS: readonly (readonly [section: "result" | "who" | "route" | "tokens", fields: readonly FieldName[]])[] = [
  ["result", ["outcome", "status", "failure", "errorCode", "finishReason", "startedAt", "firstEventMs", "durationMs", "attempt", "requestId"]],
  ["who", ["username", "keyName", "principal", "clientAddress", "endpoint"]],
  ["route", ["modelAsked", "modelUpstream", "modelAnswered", "provider", "credential", "credentialIndex", "clientDialect", "upstreamDialect", "passthrough", "streamed", "reasoningEffort", "losses"]],
  ["tokens", ["inputTokens", "cacheReadTokens", "cacheWriteTokens", "outputTokens", "reasoningTokens", "totalTokens", "estimated", "costUsd"]],
];

/** One attempt with everything that is on record. */
export function AttemptDetails({ record, onClose }: { readonly record: AttemptView; readonly onClose: () => void }): ReactNode {
  const messages = useMessages(usageMessages);
  const valueOf = useValueText();
  return (
    <Dialog variant="sheet" title={`${messages.details} ${record.requestId}`} description={record.modelAsked} onClose={onClose} footer={<Link className="button button-secondary" to={`/live/${encodeURIComponent(record.requestId)}`}>{messages.showLive}</Link>}>
      <div className="stack">
        {SECTIONS.map(([section, fields]) => (
          <section key={section}>
            <h3 className="section-title">{messages.sections[section]}</h3>
            <Facts items={fields.filter((name) => record[name] !== undefined || name === "costUsd").map((name) => [messages.fields[name], valueOf(record, name)])} />
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function useValueText(): (record: AttemptView, name: FieldName) => ReactNode {
  const messages = useMessages(usageMessages);
  const domain = useMessages(domainMessages);
  const format = useFormat();
  return (record, name) => {
    const value = record[name];
    switch (name) {
      case "outcome": return <Badge dot tone={OUTCOME_TONES[record.outcome]}>{domain.outcomes[record.outcome]}</Badge>;
      case "costUsd": return <Money usd={record.costUsd} estimated={record.estimated ? 1 : 0} />;
      case "startedAt": return `${format.dateTime(record.startedAt)} (${format.time(record.startedAt)})`;
      case "durationMs": case "firstEventMs": return format.duration(value as number);
      case "clientDialect": case "upstreamDialect": return dialectName(domain.dialects, String(value));
      case "losses": return record.losses.length === 0 ? messages.none : <span className="mono">{record.losses.join(", ")}</span>;
      case "requestId": case "credentialIndex": return <span className="copyable mono">{String(value)} <CopyButton text={String(value)} /></span>;
      default: return typeof value === "boolean" ? (value ? messages.yes : messages.no) : typeof value === "number" ? format.number(value) : String(value);
    }
  };
}
