import EllipsisVertical from "lucide-react/icons/ellipsis-vertical";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import type { UserView } from "../../../../gateway/src/management/contract/people.ts";
import { useWrite } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { useConfirm } from "../../ui/confirm.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { useToast } from "../../ui/toast.tsx";
import { accessMessages } from "./access-messages.ts";

interface UsersTableProps {
  readonly users: readonly UserView[];
  readonly onEdit: (user: UserView) => void;
  readonly onShowKeys: (user: UserView) => void;
  readonly empty: ReactNode;
}

const STALE = { stale: ["listUsers", "listKeys"] as const };

export function UsersTable({ users, onEdit, onShowKeys, empty }: UsersTableProps): ReactNode {
  const messages = useMessages(accessMessages);
  const format = useFormat();
  const columns: readonly Column<UserView>[] = [
    { id: "name", header: messages.username, grow: true, cell: ({ username, email, note }) => <span className="two-lines"><span className="strong">{username}</span>{(email ?? note) !== undefined && <span>{email ?? note}</span>}</span>, sortBy: ({ username }) => username },
    { id: "keys", header: messages.keyCount, align: "end", cell: ({ keys }) => keys, sortBy: ({ keys }) => keys },
    { id: "limits", header: messages.limits, from: "medium", cell: ({ limits }) => <LimitsText limits={limits} /> },
    { id: "created", header: messages.created, from: "large", cell: ({ createdAt }) => format.date(createdAt), sortBy: ({ createdAt }) => createdAt },
    { id: "state", header: messages.state, cell: ({ active }) => <Badge dot tone={active ? "success" : "neutral"}>{active ? messages.states.active : messages.states.disabled}</Badge>, sortBy: ({ active }) => Number(active) },
    { id: "menu", header: <span className="unseen">{messages.edit}</span>, align: "end", cell: (user) => <UserMenu user={user} onEdit={onEdit} onShowKeys={onShowKeys} /> },
  ];
  return <Table label={messages.users} columns={columns} rows={users} rowKey={({ id }) => id} onOpen={onEdit} rowClass={({ active }) => (active ? undefined : "row-quiet")} empty={empty} />;
}

/** Limits in a few words. */
export function LimitsText({ limits }: { readonly limits: UserView["limits"] }): ReactNode {
  const messages = useMessages(accessMessages);
  const { windows } = useMessages(domainMessages);
  const format = useFormat();
  const parts = [
    ...(limits.budgets ?? []).map(({ window, usd, tokens }) => `${[...(usd === undefined ? [] : [format.money(usd)]), ...(tokens === undefined ? [] : [`${format.compact(tokens)} ${messages.tokens}`])].join(" / ")} · ${windows[window]}`),
    ...(limits.requestsPerMinute === undefined ? [] : [messages.perMinute(format.compact(limits.requestsPerMinute))]),
    ...(limits.tokensPerMinute === undefined ? [] : [messages.tokensMinute(format.compact(limits.tokensPerMinute))]),
    ...(limits.concurrentRequests === undefined ? [] : [messages.atOnce(format.compact(limits.concurrentRequests))]),
  ];
  return parts.length === 0 ? <span className="muted">{messages.noLimit}</span> : <span>{parts.join(", ")}</span>;
}

function UserMenu({ user, onEdit, onShowKeys }: { readonly user: UserView } & Pick<UsersTableProps, "onEdit" | "onShowKeys">): ReactNode {
  const messages = useMessages(accessMessages);
  const confirm = useConfirm();
  const toast = useToast();
  const navigate = useNavigate();
  const format = useFormat();
  const update = useWrite("updateUser", STALE);
  const remove = useWrite("deleteUser", STALE);
  const label = messages.actionsFor(user.username);
  const setActive = async (active: boolean): Promise<void> => {
    if (!active && !(await confirm({ title: messages.disableAsk(user.username), message: messages.disableText, action: messages.disable }))) return;
    update.mutate({ params: { id: user.id }, body: { active } }, { onSuccess: () => toast.done(active ? messages.enabled : messages.disabled), onError: (error) => toast.failed(error) });
  };
  const askToRemove = async (): Promise<void> => {
    if (!(await confirm({ title: messages.deleteUserAsk(user.username), message: messages.deleteUserText(format.number(user.keys)), action: messages.remove, danger: true, ...(user.keys > 0 && { typed: user.username }) }))) return;
    remove.mutate({ params: { id: user.id } }, { onSuccess: () => toast.done(messages.removed), onError: (error) => toast.failed(error) });
  };
  return (
    <Menu
      label={label}
      button={(props) => <IconButton label={label} size="small" icon={<EllipsisVertical />} {...props} />}
      items={[
        { label: messages.edit, onSelect: () => onEdit(user) },
        { label: messages.showKeys, onSelect: () => onShowKeys(user) },
        { label: messages.showUsage, onSelect: () => void navigate(`/usage?user=${user.id}&range=30d`) },
        { label: user.active ? messages.disable : messages.enable, onSelect: () => void setActive(!user.active) },
        { label: messages.remove, danger: true, onSelect: () => void askToRemove() },
      ]}
    />
  );
}
