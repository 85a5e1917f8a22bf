import EllipsisVertical from "lucide-react/icons/ellipsis-vertical";
import type { ReactNode } from "react";
import type { KeyView } from "../../../../gateway/src/management/contract/people.ts";
import { useFormat } from "../../format/use-format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { accessMessages } from "./access-messages.ts";
import { BudgetMeter } from "./budget-bars.tsx";
import { KEY_TONES, stateOf, tightestOf } from "./key-state.ts";
import type { KeyActions } from "./use-key-actions.ts";

interface KeysTableProps {
  readonly keys: readonly KeyView[];
  readonly actions: KeyActions;
  readonly openedId: number | undefined;
  readonly onOpen: (key: KeyView) => void;
  readonly empty: ReactNode;
}

export function KeysTable({ keys, actions, openedId, onOpen, empty }: KeysTableProps): ReactNode {
  const messages = useMessages(accessMessages);
  const columns = useColumns(actions);
  return <Table label={messages.keys} columns={columns} rows={keys} rowKey={({ id }) => id} onOpen={onOpen} isSelected={({ id }) => id === openedId} rowClass={({ active }) => (active ? undefined : "row-quiet")} empty={empty} />;
}

function useColumns(actions: KeyActions): readonly Column<KeyView>[] {
  const messages = useMessages(accessMessages);
  const format = useFormat();
  return [
    { id: "name", header: messages.name, grow: true, cell: ({ name, prefix }) => <span className="two-lines"><span className="strong">{name ?? messages.unnamed}</span><span className="mono">{prefix}…</span></span>, sortBy: ({ name, prefix }) => name ?? prefix },
    { id: "owner", header: messages.owner, from: "small", cell: ({ username }) => username ?? <span className="muted">{messages.noUser}</span>, sortBy: ({ username }) => username ?? "" },
    { id: "budget", header: messages.budget, from: "medium", cell: ({ budgets }) => { const budget = tightestOf(budgets); return budget === undefined ? <span className="muted">–</span> : <BudgetMeter budget={budget} />; } },
    { id: "tags", header: messages.tags, from: "large", cell: ({ tags }) => <span className="tags">{tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}</span> },
    { id: "used", header: messages.lastUsed, from: "medium", cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? <span className="muted">{messages.never}</span> : <span title={format.dateTime(lastUsedAt)}>{format.relative(lastUsedAt)}</span>), sortBy: ({ lastUsedAt }) => lastUsedAt ?? 0 },
    { id: "expires", header: messages.expires, from: "large", cell: ({ expiresAt }) => (expiresAt === undefined ? <span className="muted">{messages.never}</span> : <span title={format.dateTime(expiresAt)}>{format.date(expiresAt)}</span>), sortBy: ({ expiresAt }) => expiresAt ?? Infinity },
    { id: "state", header: messages.state, cell: (key) => <Badge dot tone={KEY_TONES[stateOf(key)]}>{messages.states[stateOf(key)]}</Badge>, sortBy: (key) => stateOf(key) },
    { id: "menu", header: <span className="unseen">{messages.edit}</span>, align: "end", cell: (key) => <KeyMenu shown={key} actions={actions} /> },
  ];
}

export function KeyMenu({ shown, actions }: { readonly shown: KeyView; readonly actions: KeyActions }): ReactNode {
  const messages = useMessages(accessMessages);
  const label = messages.actionsFor(shown.name ?? shown.prefix);
  return (
    <Menu
      label={label}
      button={(props) => <IconButton label={label} size="small" icon={<EllipsisVertical />} {...props} />}
      items={[
        { label: messages.edit, onSelect: () => actions.edit(shown) },
        { label: messages.rotate, onSelect: () => actions.rotate(shown) },
        { label: shown.active ? messages.disable : messages.enable, onSelect: () => actions.setActive(shown, !shown.active) },
        { label: messages.showUsage, onSelect: () => actions.showUsage(shown) },
        { label: messages.remove, danger: true, onSelect: () => actions.remove(shown) },
      ]}
    />
  );
}
