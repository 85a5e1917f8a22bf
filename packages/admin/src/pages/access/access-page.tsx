import KeyRound from "lucide-react/icons/key-round";
import Plus from "lucide-react/icons/plus";
import UsersIcon from "lucide-react/icons/users";
import { useState, type ReactNode } from "react";
import type { KeyView, UserView } from "../../../../gateway/src/management/contract/people.ts";
import { useRead } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/fields.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useToast } from "../../ui/toast.tsx";
import { useSearchState, type SearchState } from "../parts/search-state.ts";
import { accessMessages } from "./access-messages.ts";
import { BatchUsers } from "./batch-users.tsx";
import { KeyDetails } from "./key-details.tsx";
import { KeyForm } from "./key-form.tsx";
import { KeyOnce } from "./key-once.tsx";
import { KeysTable } from "./keys-table.tsx";
import { useKeyActions } from "./use-key-actions.ts";
import { UserForm } from "./user-form.tsx";
import { UsersTable } from "./users-table.tsx";

/** What stands open over the page. */
type Opened = { readonly kind: "key"; readonly edited?: KeyView } | { readonly kind: "user"; readonly edited?: UserView } | { readonly kind: "batch" } | { readonly kind: "secret"; readonly secret: string; readonly rotated: boolean };

export default function AccessPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(accessMessages);
  const toast = useToast();
  const search = useSearchState();
  const [opened, setOpened] = useState<Opened>();
  const users = useRead("listUsers");
  const keys = useRead("listKeys", {}, { everyMs: 30_000 });
  const view = search.get("view") === "users" ? "users" : "keys";
  const close = (): void => setOpened(undefined);
  const saved = (): void => {
    close();
    toast.done(messages.saved);
  };
  const ownerId = Number(search.get("user") ?? 0);
  return (
    <Page
      wide
      title={pages.access}
      description={messages.description}
      actions={
        <>
          <Button icon={<UsersIcon />} onClick={() => setOpened({ kind: "batch" })}>{messages.addMany}</Button>
          <Button variant={view === "users" ? "primary" : "secondary"} icon={<Plus />} onClick={() => setOpened({ kind: "user" })}>{messages.newUser}</Button>
          <Button variant={view === "keys" ? "primary" : "secondary"} icon={<Plus />} onClick={() => setOpened({ kind: "key" })}>{messages.newKey}</Button>
        </>
      }
    >
      <Tabs label={pages.access} value={view} onChange={(next) => search.set({ view: next === "keys" ? undefined : next, q: undefined })} tabs={[{ id: "keys", label: messages.keys, note: keys.data?.keys.length }, { id: "users", label: messages.users, note: users.data?.users.length }]}>
        {view === "keys"
          ? <Loaded query={keys} skeleton={<Skeleton lines={8} />}>{(data) => <KeysView keys={data.keys} users={users.data?.users ?? []} search={search} onOpen={setOpened} />}</Loaded>
          : <Loaded query={users} skeleton={<Skeleton lines={8} />}>{(data) => <UsersView users={data.users} search={search} onOpen={setOpened} />}</Loaded>}
      </Tabs>
      {opened?.kind === "key" && <KeyForm users={users.data?.users ?? []} onClose={close} onCreated={({ key }) => setOpened({ kind: "secret", secret: key, rotated: false })} onSaved={saved} {...(opened.edited !== undefined && { edited: opened.edited })} {...(ownerId > 0 && { ownerId })} />}
      {opened?.kind === "user" && <UserForm onClose={close} onSaved={saved} {...(opened.edited !== undefined && { edited: opened.edited })} />}
      {opened?.kind === "batch" && <BatchUsers onClose={close} />}
      {opened?.kind === "secret" && <KeyOnce secret={opened.secret} rotated={opened.rotated} onClose={close} />}
    </Page>
  );
}

const matches = (text: string, parts: readonly (string | undefined)[]): boolean => parts.some((part) => part?.toLowerCase().includes(text.toLowerCase()) === true);

function KeysView({ keys, users, search, onOpen }: { readonly keys: readonly KeyView[]; readonly users: readonly UserView[]; readonly search: SearchState; readonly onOpen: (opened: Opened) => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const actions = useKeyActions({ edit: (edited) => onOpen({ kind: "key", edited }), onSecret: (secret) => onOpen({ kind: "secret", secret, rotated: true }) });
  const text = search.get("q") ?? "";
  const owner = search.get("user") ?? "";
  const shown = keys.filter(({ userId, name, prefix, username, tags }) => (owner === "" || String(userId ?? "none") === owner) && matches(text, [name, prefix, username, ...tags]));
  const openedKey = keys.find(({ id }) => String(id) === search.get("key"));
  const empty = keys.length === 0
    ? <EmptyState icon={<KeyRound />} title={messages.noKeys} action={<Button variant="primary" icon={<Plus />} onClick={() => onOpen({ kind: "key" })}>{messages.newKey}</Button>}>{messages.noKeysText}</EmptyState>
    : <EmptyState title={ui.noMatch} />;
  return (
    <div className="stack">
      <div className="toolbar">
        <SearchField value={text} onChange={(q) => search.set({ q })} label={messages.searchKeys} />
        <SelectField className="inline-field" hideLabel label={messages.ofUser} value={owner} onChange={(user) => search.set({ user })} options={[{ value: "", label: messages.everyone }, ...users.map(({ id, username }) => ({ value: String(id), label: username })), { value: "none", label: messages.noUser }]} />
      </div>
      <Card flush><KeysTable keys={shown} actions={actions} openedId={openedKey?.id} onOpen={({ id }) => search.set({ key: String(id) })} empty={empty} /></Card>
      {openedKey !== undefined && <KeyDetails shown={openedKey} actions={actions} onClose={() => search.set({ key: undefined })} />}
    </div>
  );
}

function UsersView({ users, search, onOpen }: { readonly users: readonly UserView[]; readonly search: SearchState; readonly onOpen: (opened: Opened) => void }): ReactNode {
  const messages = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const text = search.get("q") ?? "";
  const shown = users.filter(({ username, email, note }) => matches(text, [username, email, note]));
  const empty = users.length === 0
    ? <EmptyState icon={<UsersIcon />} title={messages.noUsers} action={<Button variant="primary" icon={<Plus />} onClick={() => onOpen({ kind: "user" })}>{messages.newUser}</Button>}>{messages.noUsersText}</EmptyState>
    : <EmptyState title={ui.noMatch} />;
  return (
    <div className="stack">
      <div className="toolbar"><SearchField value={text} onChange={(q) => search.set({ q })} label={messages.searchUsers} /></div>
      <Card flush><UsersTable users={shown} onEdit={(edited) => onOpen({ kind: "user", edited })} onShowKeys={({ id }) => search.set({ view: undefined, q: undefined, user: String(id) })} empty={empty} /></Card>
    </div>
  );
}
