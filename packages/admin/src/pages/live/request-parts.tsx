import type { ReactNode } from "react";
import type { LiveRequest } from "../../../../gateway/src/management/contract/live.ts";
import type { Format } from "../../format/format.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge, type Tone } from "../../ui/badge.tsx";

const TONES: Readonly<Record<LiveRequest["state"], Tone>> = { running: "accent", succeeded: "success", failed: "danger", cancelled: "neutral" };

export function StateBadge({ request }: { readonly request: LiveRequest }): ReactNode {
  const { outcomes } = useMessages(domainMessages);
  return <Badge tone={TONES[request.state]} dot pulse={request.state === "running"}>{outcomes[request.state]}</Badge>;
}

/** Who asked: the user, else the key, else what the guard calls him. */
export function whoOf({ username, keyName, principal }: Pick<LiveRequest, "username" | "keyName" | "principal">): string {
  return username ?? keyName ?? principal;
}

export function tokensOf(format: Format, { inputTokens, outputTokens }: Pick<LiveRequest, "inputTokens" | "outputTokens">): string {
  if (inputTokens === undefined && outputTokens === undefined) return "–";
  return `${format.compact(inputTokens ?? 0)} / ${format.compact(outputTokens ?? 0)}`;
}

/** From which dialect to which, and to whom. */
export function RouteText({ request }: { readonly request: LiveRequest }): ReactNode {
  const { dialects } = useMessages(domainMessages);
  const from = dialectName(dialects, request.clientDialect);
  const to = request.upstreamDialect === undefined ? undefined : dialectName(dialects, request.upstreamDialect);
  return (
    <span className="two-lines">
      <span>{to === undefined || to === from ? from : `${from} → ${to}`}</span>
      {request.provider !== undefined && <span>{request.provider}{request.credential === undefined ? "" : ` · ${request.credential}`}</span>}
    </span>
  );
}
