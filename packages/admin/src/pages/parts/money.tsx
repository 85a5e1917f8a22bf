import type { ReactNode } from "react";
import { useFormat } from "../../format/use-format.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";

/** A sum of money. Unknown is never shown as nothing, and what was estimated is marked. */
export function Money({ usd, unpriced = 0, estimated = 0 }: { readonly usd: number | undefined; readonly unpriced?: number; readonly estimated?: number }): ReactNode {
  const messages = useMessages(domainMessages);
  const format = useFormat();
  if (usd === undefined || (usd === 0 && unpriced > 0)) return <span className="muted" title={messages.unknownPriceHint}>{messages.unknownPrice}</span>;
  const hints = [...(unpriced > 0 ? [messages.partlyUnknown(format.number(unpriced))] : []), ...(estimated > 0 ? [messages.estimatedHint(format.number(estimated))] : [])];
  return <span title={hints.length === 0 ? undefined : hints.join("\n")}>{unpriced > 0 && "≥ "}{unpriced === 0 && estimated > 0 && "≈ "}{format.money(usd)}</span>;
}
