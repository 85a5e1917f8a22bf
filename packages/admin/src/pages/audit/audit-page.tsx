import { useInfiniteQuery } from "@tanstack/react-query";
import BookOpenCheck from "lucide-react/icons/book-open-check";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import type { Reply } from "../../api/operations.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/fields.tsx";
import { Card, Facts, Page } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../ui/states.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { useSearchState } from "../parts/search-state.ts";
import { auditMessages } from "./audit-messages.ts";

type Entry = Reply<"audit">["entries"][number];
const PAGE_SIZE = 100;
const ACTIONS = Object.keys(auditMessages.en.actions);

export default function AuditPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(auditMessages);
  const search = useSearchState();
  const action = search.get("action") ?? "";
  const names = messages.actions as Readonly<Record<string, string>>;
  return (
    <Page wide title={pages.audit} description={messages.description}>
      <div className="stack">
        <div className="toolbar">
          <SearchField value={search.get("q") ?? ""} onChange={(q) => search.set({ q })} label={messages.search} />
          <SelectField className="inline-field" hideLabel label={messages.action} value={action} onChange={(next) => search.set({ action: next })} options={[{ value: "", label: messages.allActions }, ...ACTIONS.map((value) => ({ value, label: names[value] ?? value }))]} />
        </div>
        <Card flush><Entries action={action} text={search.get("q") ?? ""} openedId={search.get("entry")} onOpen={(entry) => search.set({ entry })} /></Card>
      </div>
    </Page>
  );
}

function Entries({ action, text, openedId, onOpen }: { readonly action: string; readonly text: string; readonly openedId: string | undefined; readonly onOpen: (id: string | undefined) => void }): ReactNode {
  const messages = useMessages(auditMessages);
  const ui = useMessages(uiMessages);
  const columns = useColumns();
  const pages = useInfiniteQuery({
    queryKey: ["audit", action],
    queryFn: ({ pageParam, signal }) => call("audit", { query: { limit: PAGE_SIZE, before: pageParam, action } }, { signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.nextBefore,
  });
  if (pages.data === undefined) return pages.isError ? <ErrorState error={pages.error} onRetry={() => void pages.refetch()} /> : <div className="card-waiting"><Skeleton lines={8} /></div>;
  const all = pages.data.pages.flatMap(({ entries }) => entries);
  const shown = all.filter((entry) => JSON.stringify([entry.actor, entry.action, entry.target, entry.address, entry.details]).toLowerCase().includes(text.toLowerCase()));
  const opened = all.find(({ id }) => String(id) === openedId);
  return (
    <>
      <Table label={messages.entry} columns={columns} rows={shown} rowKey={({ id }) => id} onOpen={({ id }) => onOpen(String(id))} empty={<EmptyState icon={<BookOpenCheck />} title={all.length === 0 ? messages.none : ui.noMatch}>{all.length === 0 && messages.noneText}</EmptyState>} />
      {pages.hasNextPage && <div className="table-more"><span /><Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{messages.older}</Button></div>}
      {opened !== undefined && <EntryDetails entry={opened} onClose={() => onOpen(undefined)} />}
    </>
  );
}

function useColumns(): readonly Column<Entry>[] {
  const messages = useMessages(auditMessages);
  const actions = messages.actions as Readonly<Record<string, string>>;
  const format = useFormat();
  const actorName = useActorName();
  return [
    { id: "when", header: messages.when, cell: ({ at }) => <span className="number nowrap" title={format.relative(at)}>{format.dateTime(at)}</span> },
    { id: "what", header: messages.what, cell: ({ action }) => <Badge tone={action.endsWith(".removed") ? "danger" : action.endsWith(".created") ? "success" : "neutral"} title={action}>{actions[action] ?? action}</Badge> },
    { id: "target", header: messages.target, grow: true, cell: ({ target }) => target ?? <span className="muted">–</span> },
    { id: "who", header: messages.who, from: "small", cell: ({ actor }) => actorName(actor) },
    { id: "address", header: messages.address, from: "medium", cell: ({ address }) => <span className="mono">{address ?? "–"}</span> },
  ];
}

/** Kinds of actors in words; anything else as it was written down. */
function useActorName(): (actor: string) => string {
  const actors = useMessages(auditMessages).actors as Readonly<Record<string, string>>;
  return (actor) => actors[actor] ?? actor;
}

function EntryDetails({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }): ReactNode {
  const messages = useMessages(auditMessages);
  const actions = messages.actions as Readonly<Record<string, string>>;
  const format = useFormat();
  const actorName = useActorName();
  return (
    <Dialog variant="sheet" title={actions[entry.action] ?? entry.action} description={entry.target} onClose={onClose}>
      <div className="stack">
        <Facts items={[[messages.when, `${format.dateTime(entry.at)} (${format.relative(entry.at)})`], [messages.who, actorName(entry.actor)], [messages.address, entry.address ?? "–"], [messages.action, <span key="action" className="mono">{entry.action}</span>], [messages.target, entry.target ?? "–"]]} />
        {entry.details === undefined ? <p className="muted">{messages.noDetails}</p> : <CodeBlock title={messages.details} language="json" code={JSON.stringify(entry.details, null, 2)} />}
      </div>
    </Dialog>
  );
}
