import type { ReactNode } from "react";
import { Link } from "react-router";
import type { ModelView } from "../../../../gateway/src/management/contract/house.ts";
import { useFormat } from "../../format/use-format.ts";
import { dialectName, domainMessages } from "../../i18n/domain-messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import { shellMessages } from "../../i18n/shell-messages.ts";
import { Badge } from "../../ui/badge.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Facts } from "../../ui/page.tsx";
import { Table } from "../../ui/table.tsx";
import { modelsMessages } from "./models-messages.ts";

export function ModelDetails({ model, onClose }: { readonly model: ModelView; readonly onClose: () => void }): ReactNode {
  const messages = useMessages(modelsMessages);
  const domain = useMessages(domainMessages);
  const { pages } = useMessages(shellMessages);
  const format = useFormat();
  const { price } = model;
  const cost = (value: number | undefined): ReactNode => (value === undefined ? <span className="muted">–</span> : format.money(value));
  return (
    <Dialog
      variant="sheet"
      title={model.displayName ?? model.id}
      description={<span className="copyable mono">{model.id} <CopyButton text={model.id} /></span>}
      onClose={onClose}
      footer={<><Link className="button button-secondary" to={`/connect?model=${encodeURIComponent(model.id)}`}>{pages.connect}</Link><Link className="button button-primary" to={`/playground?model=${encodeURIComponent(model.id)}`}>{messages.tryIt}</Link></>}
    >
      <div className="stack">
        <Facts
          items={[
            ...(model.aliasOf === undefined ? [] : [[messages.model, messages.aliasOf(model.aliasOf)] as const]),
            [messages.context, model.contextTokens === undefined ? "–" : messages.tokens(format.number(model.contextTokens))],
            [messages.output, model.outputTokens === undefined ? "–" : messages.tokens(format.number(model.outputTokens))],
          ]}
        />
        <section className="stack-tight">
          <h3>{messages.perMillion}</h3>
          {price === undefined
            ? <p className="muted" title={domain.unknownPriceHint}>{domain.unknownPrice} · {domain.unknownPriceHint}</p>
            : <Facts items={[[messages.input, cost(price.input)], [messages.cached, cost(price.cacheRead)], [messages.cacheWrite, cost(price.cacheWrite)], [messages.outputPrice, cost(price.output)], [messages.source, `${messages.sources[price.source]}${price.tiers > 0 ? ` · ${messages.tiers(String(price.tiers))}` : ""}`]]} />}
        </section>
        <section className="stack-tight">
          <h3>{messages.servedBy}</h3>
          <Table
            label={messages.servedBy}
            rows={model.servedBy}
            rowKey={(one) => `${one.upstream}/${one.dialect}/${one.model}`}
            columns={[
              { id: "upstream", header: messages.upstream, cell: (one) => <Badge dot tone={one.ready ? "success" : "warning"} title={one.ready ? messages.ready : messages.resting}>{one.upstream}</Badge> },
              { id: "dialect", header: messages.dialect, cell: (one) => dialectName(domain.dialects, one.dialect) },
              { id: "model", header: messages.atUpstream, grow: true, cell: (one) => <span className="mono">{one.model}</span> },
            ]}
          />
        </section>
      </div>
    </Dialog>
  );
}
