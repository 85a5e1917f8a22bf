import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { AttemptView } from "../../../../gateway/src/management/contract/usage.ts";
import { call } from "../../api/client.ts";
import { useFormat } from "../../format/use-format.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../ui/states.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Money } from "../parts/money.tsx";
import { OUTCOME_TONES } from "../parts/outcome-tones.ts";
import { AttemptDetails } from "./attempt-details.tsx";
import { usageMessages } from "./usage-messages.ts";
import type { UsageQuestion } from "./usage-question.ts";

const PAGE_SIZE = 100;

/** Attempts one by one, newest first; more are fetched on demand. */
export function AttemptsTable({ question }: { readonly question: UsageQuestion }): ReactNode {
  const messages = useMessages(usageMessages);
  const format = useFormat();
  const columns = useColumns();
  const asked = { ...question.query, outcome: question.outcomes };
  const pages = useInfiniteQuery({
    queryKey: ["usageRecords", asked],
    queryFn: ({ pageParam, signal }) => call("usageRecords", { query: { ...asked, limit: PAGE_SIZE, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
  const opened = question.search.get("attempt");
  if (pages.data === undefined) return pages.isError ? <ErrorState error={pages.error} onRetry={() => void pages.refetch()} /> : <Skeleton lines={8} />;
  const records = pages.data.pages.flatMap((page) => page.records);
  const shown = records.find((record) => nameOf(record) === opened);
  return (
    <>
      <Table
        label={messages.attempts}
        columns={columns}
        rows={records}
        rowKey={nameOf}
        onOpen={(record) => question.search.set({ attempt: nameOf(record) })}
        isSelected={(record) => nameOf(record) === opened}
        empty={<EmptyState title={messages.empty}>{messages.emptyText}</EmptyState>}
      />
      {records.length > 0 && (
        <div className="table-more">
          <span className="muted">{messages.shown(format.number(records.length))}</span>
          {pages.hasNextPage && <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{messages.more}</Button>}
        </div>
      )}
      {shown !== undefined && <AttemptDetails record={shown} onClose={() => question.search.set({ attempt: undefined })} />}
    </>
  );
}

const nameOf = ({ requestId, attempt }: AttemptView): string => `${requestId}.${attempt}`;

function useColumns(): readonly Column<AttemptView>[] {
  const messages = useMessages(usageMessages);
  const domain = useMessages(domainMessages);
  const format = useFormat();
  return [
    { id: "time", header: messages.time, from: "small", cell: ({ startedAt }) => <span className="number nowrap">{format.dateTime(startedAt)}</span> },
    { id: "model", header: messages.model, grow: true, cell: ({ modelAsked, attempt, startedAt }) => <span className="two-lines"><span>{modelAsked}{attempt > 1 && <span className="muted"> ×{attempt}</span>}</span><span className="only-narrow number">{format.dateTime(startedAt)}</span></span> },
    { id: "who", header: messages.who, from: "medium", cell: ({ username, keyName, principal }) => <>{username ?? <span className="muted">{keyName === undefined ? principal : domain.nobody}</span>}{keyName !== undefined && <span className="muted"> · {keyName}</span>}</> },
    { id: "credential", header: domain.dimensions.credential, from: "large", cell: ({ credential }) => <span className="mono small">{credential}</span> },
    { id: "tokens", header: messages.tokens, align: "end", from: "small", cell: ({ totalTokens, estimated }) => (totalTokens === undefined ? <span className="muted">–</span> : <span title={estimated ? domain.estimatedOne : undefined}>{estimated && "≈ "}{format.compact(totalTokens)}</span>) },
    { id: "cost", header: messages.cost, align: "end", cell: ({ costUsd, totalTokens, estimated }) => (totalTokens === undefined ? <span className="muted">–</span> : <Money usd={costUsd} estimated={estimated ? 1 : 0} />) },
    { id: "duration", header: messages.averageDuration, align: "end", from: "medium", cell: ({ durationMs }) => format.duration(durationMs) },
    { id: "result", header: messages.result, cell: ({ outcome, status }) => <Badge dot tone={OUTCOME_TONES[outcome]} title={domain.outcomes[outcome]}>{status}</Badge> },
  ];
}
