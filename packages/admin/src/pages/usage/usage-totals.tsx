import type { ReactNode } from "react";
import type { UsageSumsView } from "../../../../gateway/src/management/contract/usage.ts";
import { useFormat } from "../../format/use-format.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Money } from "../parts/money.tsx";
import { usageMessages } from "./usage-messages.ts";

/** The sums of all that matches, in large figures. */
export function UsageTotals({ totals }: { readonly totals: UsageSumsView }): ReactNode {
  const messages = useMessages(usageMessages);
  const { tokens } = useMessages(domainMessages);
  const format = useFormat();
  const input = totals.inputTokens + totals.cacheReadTokens + totals.cacheWriteTokens;
  return (
    <dl className="figures">
      <Figure name={messages.cost} note={totals.estimated > 0 ? messages.estimatedAttempts(format.number(totals.estimated)) : undefined}><Money usd={totals.costUsd} unpriced={totals.unpriced} estimated={totals.estimated} /></Figure>
      <Figure name={messages.tokens} note={messages.inAndOut(format.compact(input), format.compact(totals.outputTokens + totals.reasoningTokens))}>{format.compact(totals.totalTokens)}</Figure>
      <Figure name={messages.requests} note={messages.attemptsOf(format.number(totals.attempts))}>{format.number(totals.requests)}</Figure>
      <Figure name={messages.failed} note={messages.rate(format.percent(totals.attempts === 0 ? 0 : totals.failed / totals.attempts))}>{format.number(totals.failed)}</Figure>
      <Figure name={messages.cacheShare} title={messages.cacheShareHint} note={`${tokens.cacheRead} ${format.compact(totals.cacheReadTokens)}`}>{format.percent(input === 0 ? 0 : totals.cacheReadTokens / input)}</Figure>
      <Figure name={messages.firstEvent} note={`${messages.averageDuration} ${format.duration(totals.averageDurationMs)}`}>{format.duration(totals.averageFirstEventMs)}</Figure>
    </dl>
  );
}

function Figure({ name, note, title, children }: { readonly name: string; readonly note?: string | undefined; readonly title?: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="figure" title={title}>
      <dt>{name}</dt>
      <dd className="figure-value">{children}</dd>
      {note !== undefined && <dd className="figure-note">{note}</dd>}
    </div>
  );
}
