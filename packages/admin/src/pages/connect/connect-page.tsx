import ExternalLink from "lucide-react/icons/external-link";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { useRead } from "../../api/hooks.ts";
import type { Reply } from "../../api/operations.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { classNames } from "../../ui/class-names.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { SecretField, SelectField } from "../../ui/fields.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { RecipeSteps } from "../parts/client-settings.tsx";
import { useSearchState, type SearchState } from "../parts/search-state.ts";
import { connectMessages } from "./connect-messages.ts";

export default function ConnectPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(connectMessages);
  const search = useSearchState();
  const models = useRead("models");
  const ids = models.data?.models.map(({ id }) => id) ?? [];
  const model = search.get("model") ?? ids[0] ?? "";
  const query = useRead("connect", { query: { model } }, { keep: true, enabled: !models.isPending });
  return (
    <Page title={pages.connect} description={messages.description}>
      <Loaded query={query} skeleton={<Skeleton lines={8} />}>{(data) => <Settings data={data} search={search} model={model} models={ids.includes(model) ? ids : [model, ...ids]} />}</Loaded>
    </Page>
  );
}

function Settings({ data: { baseUrl, clients }, search, model, models }: { readonly data: Reply<"connect">; readonly search: SearchState; readonly model: string; readonly models: readonly string[] }): ReactNode {
  const messages = useMessages(connectMessages);
  const { dialects } = useMessages(domainMessages);
  const [secret, setSecret] = useState("");
  const client = clients.find(({ id }) => id === search.get("client")) ?? clients[0];
  if (client === undefined) return null;
  return (
    <div className="stack">
      <Card>
        <div className="stack">
          <div className="connect-address">
            <span className="muted">{messages.baseUrl}</span>
            <span className="copyable mono">{baseUrl} <CopyButton text={baseUrl} /></span>
          </div>
          <div className="fields-2">
            <SelectField label={messages.model} hint={messages.modelHint} value={model} onChange={(next) => search.set({ model: next })} options={models.map((id) => ({ value: id, label: id === "" ? messages.noModel : id }))} />
            <SecretField label={messages.key} value={secret} onChange={setSecret} hint={<>{messages.keyHint} {messages.noKey} <Link to="/access">{messages.makeKey}</Link></>} />
          </div>
        </div>
      </Card>
      <div className="connect-columns">
        <nav className="connect-clients" aria-label={messages.clients}>
          {clients.map(({ id, name, dialect }) => (
            <button key={id} type="button" className={classNames("connect-client", id === client.id && "connect-chosen")} aria-current={id === client.id ? "true" : undefined} onClick={() => search.set({ client: id })}>
              <span>{name}</span>
              <span className="muted small">{dialectName(dialects, dialect)}</span>
            </button>
          ))}
        </nav>
        <Card title={client.name} description={`${messages.speaks} ${dialectName(dialects, client.dialect)}`} actions={client.homepage === undefined ? undefined : <a className="row small" href={client.homepage} target="_blank" rel="noreferrer noopener">{messages.homepage} <ExternalLink /></a>}>
          <RecipeSteps recipe={client} secret={secret} />
        </Card>
      </div>
    </div>
  );
}
