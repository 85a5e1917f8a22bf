import LogInIcon from "lucide-react/icons/log-in";
import UserRound from "lucide-react/icons/user-round";
import type { ReactNode } from "react";
import type { AccountView } from "../../../../gateway/src/management/contract/accounts.ts";
import { useRead } from "../../api/hooks.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { useSearchState } from "../parts/search-state.ts";
import { AccountRow } from "./account-row.tsx";
import { accountsMessages } from "./accounts-messages.ts";
import { LogIn } from "./log-in.tsx";
import { UploadLogins } from "./upload-logins.tsx";

export default function AccountsPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(accountsMessages);
  const search = useSearchState();
  const query = useRead("accounts", {}, { everyMs: 10_000 });
  const logIn = <Button variant="primary" icon={<LogInIcon />} onClick={() => search.set({ login: "1" })}>{messages.logIn}</Button>;
  return (
    <Page title={pages.accounts} description={messages.description} actions={<><UploadLogins />{logIn}</>}>
      <Loaded query={query} skeleton={<Skeleton lines={8} />}>
        {({ accounts, kinds, unread, subscriptions }) => (
          <div className="stack">
            {accounts.length === 0 && <Card><EmptyState icon={<UserRound />} title={messages.none} action={logIn}>{messages.noneText}</EmptyState></Card>}
            {groupsOf(accounts).map(([title, group]) => (
              <Card flush key={title} title={title}>
                <ul className="credentials">{group.map((account) => <AccountRow key={account.file} account={account} />)}</ul>
              </Card>
            ))}
            {unread.length > 0 && <Card title={messages.unreadTitle}><ul>{unread.map(({ file, reason }) => <li key={file}><span className="mono">{file}</span> <span className="muted">{reason}</span></li>)}</ul></Card>}
            {search.get("login") !== undefined && <LogIn kinds={kinds} subscriptions={subscriptions} onClose={() => search.set({ login: undefined })} />}
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** By kind, in the order in which the first of each came. */
function groupsOf(accounts: readonly AccountView[]): readonly (readonly [string, readonly AccountView[]])[] {
  const groups = new Map<string, AccountView[]>();
  for (const account of accounts) groups.set(account.title, [...(groups.get(account.title) ?? []), account]);
  return [...groups];
}
