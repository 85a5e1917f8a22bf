import Plus from "lucide-react/icons/plus";
import Server from "lucide-react/icons/server";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { UpstreamView } from "../../../../gateway/src/management/contract/house.ts";
import { useRead } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { useToast } from "../../ui/toast.tsx";
import { useSearchState } from "../parts/search-state.ts";
import { AddUpstream } from "./add-upstream.tsx";
import { CredentialRow } from "./credential-row.tsx";
import { providersMessages } from "./providers-messages.ts";

export default function ProvidersPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(providersMessages);
  const toast = useToast();
  const search = useSearchState();
  const adding = search.get("add");
  const query = useRead("providers", {}, { everyMs: 10_000 });
  const add = <Button variant="primary" icon={<Plus />} onClick={() => search.set({ add: "1" })}>{messages.add}</Button>;
  const close = (): void => search.set({ add: undefined });
  return (
    <Page title={pages.providers} description={messages.description} actions={add}>
      <Loaded query={query} skeleton={<Skeleton lines={8} />}>
        {({ upstreams }) => (upstreams.length === 0
          ? <Card><EmptyState icon={<Server />} title={messages.none} action={add}>{messages.noneText}</EmptyState></Card>
          : <div className="stack">{upstreams.map((upstream) => <UpstreamCard key={`${upstream.name}/${upstream.baseUrl}/${upstream.credentials[0]?.index ?? ""}`} upstream={upstream} />)}</div>)}
      </Loaded>
      {adding !== undefined && <AddUpstream initial={adding} onClose={close} onAdded={(name) => {
        close();
        toast.done(messages.added(name));
      }} />}
    </Page>
  );
}

function UpstreamCard({ upstream }: { readonly upstream: UpstreamView }): ReactNode {
  const messages = useMessages(providersMessages);
  const { dialects } = useMessages(domainMessages);
  const format = useFormat();
  return (
    <Card
      flush
      title={upstream.name}
      description={<span className="row"><span>{upstream.provider}</span><span aria-hidden="true">·</span><span>{dialectName(dialects, upstream.dialect)}</span><span aria-hidden="true">·</span><span className="mono">{upstream.baseUrl}</span></span>}
      actions={<Link className="small" to={`/models?upstream=${encodeURIComponent(upstream.name)}`}>{messages.models(format.number(upstream.models))}</Link>}
    >
      <ul className="credentials">{upstream.credentials.map((credential) => <CredentialRow key={credential.index} credential={credential} upstream={upstream} />)}</ul>
    </Card>
  );
}
