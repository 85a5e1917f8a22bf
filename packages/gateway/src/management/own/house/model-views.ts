import type { FoundPrice } from "../../../prices/price.ts";
import type { Offer } from "../../../routing/model-index.ts";
import type { Roster } from "../../../routing/roster.ts";
import type { ModelView } from "../../contract/house.ts";
import type { Office } from "../../office.ts";

/** Names that clients may use, in alphabetical order. */
export function modelViews(office: Office): ModelView[] {
  const { roster } = office.engine.switchboard;
  const blocked = blockedModels(roster);
  return [...roster.offers()].map(([id, offers]) => modelView(office, id, offers, blocked)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Blocked = (credentialId: string, model: string) => boolean;

function modelView(office: Office, id: string, offers: readonly Offer[], isBlocked: Blocked): ModelView {
  const model = offers[0]?.model;
  const isAlias = model !== undefined && offers.every((offer) => offer.model.upstreamModel !== id);
  const prices = offers.flatMap(({ service: { upstreams: [upstream] }, model: { upstreamModel } }) => office.settings().prices.find(upstream.provider.id, upstreamModel, upstream.name) ?? []);
  const capability = model?.capabilities;
  const contextTokens = model?.contextTokens ?? capability?.contextTokens;
  const outputTokens = model?.maxOutputTokens ?? capability?.maxOutputTokens;
  return {
    id,
    ...(isAlias && { aliasOf: model.upstreamModel }),
    ...(model?.displayName !== undefined && { displayName: model.displayName }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    servedBy: servedBy(offers, isBlocked),
    ...(prices[0] !== undefined && { price: priceView(prices[0]) }),
  };
}

/** Each upstream once, however many keys it has. */
function servedBy(offers: readonly Offer[], isBlocked: Blocked): ModelView["servedBy"] {
  const rows = new Map<string, ModelView["servedBy"][number]>();
  for (const { service, model } of offers) {
    const [upstream] = service.upstreams;
    const key = `${upstream.name}\n${upstream.baseUrl}\n${model.upstreamModel}`;
    const ready = service.credentials.some((credential) => !isBlocked(credential.id, model.upstreamModel));
    const known = rows.get(key);
    rows.set(key, { upstream: upstream.name, provider: upstream.provider.id, dialect: upstream.dialect.id, model: model.upstreamModel, ready: ready || known?.ready === true });
  }
  return [...rows.values()];
}

/** Asks for the pauses of each credential once. */
function blockedModels(roster: Roster): Blocked {
  const known = new Map<string, ReadonlySet<string>>();
  return (credentialId, model) => {
    let models = known.get(credentialId);
    if (models === undefined) {
      models = new Set(roster.cooldowns(credentialId).map((cooldown) => cooldown.model));
      known.set(credentialId, models);
    }
    return models.has("*") || models.has(model);
  };
}

function priceView({ price, source }: FoundPrice): NonNullable<ModelView["price"]> {
  return {
    input: price.input, output: price.output,
    ...(price.cacheRead !== undefined && { cacheRead: price.cacheRead }),
    ...(price.cacheWrite !== undefined && { cacheWrite: price.cacheWrite }),
    tiers: price.tiers?.length ?? 0, source,
  };
}
