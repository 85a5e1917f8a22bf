import Boxes from "lucide-react/icons/boxes";
import Play from "lucide-react/icons/play";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { ModelView } from "../../../../gateway/src/management/contract/house.ts";
import { useRead } from "../../api/hooks.ts";
import { useFormat } from "../../format/use-format.ts";
import { domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { Badge } from "../../ui/badge.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { SelectField } from "../../ui/fields.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { useSearchState, type SearchState } from "../parts/search-state.ts";
import { ModelDetails } from "./model-details.tsx";
import { modelsMessages } from "./models-messages.ts";

export default function ModelsPage(): ReactNode {
  const { pages } = useMessages(shellMessages);
  const messages = useMessages(modelsMessages);
  const search = useSearchState();
  const query = useRead("models", {}, { everyMs: 30_000 });
  return (
    <Page wide title={pages.models} description={messages.description}>
      <Loaded query={query} skeleton={<Skeleton lines={10} />}>{({ models, pricesFrom }) => <ModelList models={models} pricesFrom={pricesFrom} search={search} />}</Loaded>
    </Page>
  );
}

function ModelList({ models, pricesFrom, search }: { readonly models: readonly ModelView[]; readonly pricesFrom: string; readonly search: SearchState }): ReactNode {
  const messages = useMessages(modelsMessages);
  const ui = useMessages(uiMessages);
  const format = useFormat();
  const columns = useColumns();
  const text = (search.get("q") ?? "").toLowerCase();
  const upstream = search.get("upstream") ?? "";
  const upstreams = [...new Set(models.flatMap(({ servedBy }) => servedBy.map((one) => one.upstream)))].sort();
  const shown = models.filter(({ id, displayName, aliasOf, servedBy }) => (upstream === "" || servedBy.some((one) => one.upstream === upstream)) && [id, displayName, aliasOf, ...servedBy.map((one) => one.provider)].some((part) => part?.toLowerCase().includes(text) === true));
  const opened = models.find(({ id }) => id === search.get("model"));
  const empty = models.length === 0
    ? <EmptyState icon={<Boxes />} title={messages.none} action={<Link className="button button-primary" to="/providers?add=1">{messages.addUpstream}</Link>}>{messages.noneText}</EmptyState>
    : <EmptyState title={ui.noMatch} />;
  return (
    <div className="stack">
      <div className="toolbar">
        <SearchField value={search.get("q") ?? ""} onChange={(q) => search.set({ q })} label={messages.search} />
        <SelectField className="inline-field" hideLabel label={messages.upstream} value={upstream} onChange={(next) => search.set({ upstream: next })} options={[{ value: "", label: messages.allUpstreams }, ...upstreams.map((name) => ({ value: name, label: name }))]} />
        <span className="muted small">{messages.count(format.number(shown.length))}</span>
      </div>
      <Card flush><Table label={messages.model} columns={columns} rows={shown} rowKey={({ id }) => id} onOpen={({ id }) => search.set({ model: id })} isSelected={({ id }) => id === opened?.id} empty={empty} /></Card>
      <p className="muted small">{messages.pricesFrom(pricesFrom)}</p>
      {opened !== undefined && <ModelDetails model={opened} onClose={() => search.set({ model: undefined })} />}
    </div>
  );
}

function useColumns(): readonly Column<ModelView>[] {
  const messages = useMessages(modelsMessages);
  const domain = useMessages(domainMessages);
  const format = useFormat();
  const price = (id: "input" | "output" | "cacheRead", header: string, from?: "small" | "large"): Column<ModelView> => ({
    id, header, align: "end", ...(from !== undefined && { from }), sortBy: (model) => model.price?.[id] ?? -1,
    cell: (model) => (model.price === undefined ? <span className="muted" title={domain.unknownPriceHint}>{id === "cacheRead" ? "–" : domain.unknownPrice}</span> : model.price[id] === undefined ? <span className="muted">–</span> : format.money(model.price[id])),
  });
  return [
    { id: "model", header: messages.model, grow: true, sortBy: ({ id }) => id, cell: ({ id, displayName, aliasOf }) => <span className="two-lines"><span className="copyable"><span className="strong cut">{id}</span><CopyButton text={id} /></span><span>{aliasOf === undefined ? displayName : messages.aliasOf(aliasOf)}</span></span> },
    { id: "servedBy", header: messages.servedBy, from: "small", cell: ({ servedBy }) => <span className="tags">{[...new Map(servedBy.map((one) => [one.upstream, one])).values()].slice(0, 3).map(({ upstream, ready }) => <Badge key={upstream} dot tone={ready ? "success" : "warning"} title={ready ? messages.ready : messages.resting}>{upstream}</Badge>)}{servedBy.length > 3 && <span className="muted small">+{servedBy.length - 3}</span>}</span> },
    { id: "context", header: messages.context, align: "end", from: "medium", sortBy: ({ contextTokens }) => contextTokens ?? 0, cell: ({ contextTokens }) => (contextTokens === undefined ? <span className="muted">–</span> : format.compact(contextTokens)) },
    price("input", messages.input), price("cacheRead", messages.cached, "large"), price("output", messages.outputPrice, "small"),
    { id: "try", header: <span className="unseen">{messages.tryIt}</span>, align: "end", from: "small", cell: ({ id }) => <Link className="button button-ghost button-small" aria-label={`${messages.tryIt}: ${id}`} to={`/playground?model=${encodeURIComponent(id)}`}><Play />{messages.tryIt}</Link> },
  ];
}
