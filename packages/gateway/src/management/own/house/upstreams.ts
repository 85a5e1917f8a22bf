import type { Upstream } from "../../../routing/candidate.ts";
import { toUsd } from "../../../prices/nano-usd.ts";
import { credentialsOf, type Placed } from "../../../routing/roster.ts";
import type { Service } from "../../../routing/service.ts";
import type { CooldownView } from "../../../credentials/cooldown-view.ts";
import type { ConfigPath } from "../../../config/index.ts";
import type { UpstreamView } from "../../contract/house.ts";
import type { Office } from "../../office.ts";

type CredentialView = UpstreamView["credentials"][number];
type Use = Pick<CredentialView, "requests24h" | "failed24h" | "costUsd24h">;

const DAY_MS = 24 * 60 * 60_000;
const NO_USE: Use = { requests24h: 0, failed24h: 0, costUsd24h: 0 };

/** Upstreams in the order of the configuration; entries with the same name at the same address are one. */
export async function upstreamViews(office: Office): Promise<UpstreamView[]> {
  const use = await useOfLastDay(office);
  const { roster } = office.engine.switchboard;
  const places = new Map<string, Place>();
  for (const service of roster.services()) {
    const place = placeOf(places, service);
    if (service.credentials.length > 0) for (const model of roster.modelsOf(service)) place.models.add(model.name);
  }
  for (const placed of credentialsOf(roster)) {
    const place = placeOf(places, placed.service);
    const { credential } = placed;
    place.credentials.push(credentialView(placed, roster.cooldowns(credential.id), use?.get(credential.index) ?? memoryUse(office, credential.index, use !== undefined)));
  }
  return [...places.values()].map(({ upstream, models, credentials }) => ({
    name: upstream.name, provider: upstream.provider.id, dialect: upstream.dialect.id, baseUrl: withoutUser(upstream.baseUrl), models: models.size,
    credentials: credentials.sort((a, b) => placeOrder(a.configPath).localeCompare(placeOrder(b.configPath), "en", { numeric: true })),
  }));
}

interface Place {
  readonly upstream: Upstream;
  readonly models: Set<string>;
  readonly credentials: CredentialView[];
}

function placeOf(places: Map<string, Place>, { upstreams: [upstream] }: Service): Place {
  const key = `${upstream.name}\n${upstream.baseUrl}\n${upstream.dialect.id}`;
  const known = places.get(key);
  if (known !== undefined) return known;
  const place: Place = { upstream, models: new Set(), credentials: [] };
  places.set(key, place);
  return place;
}

/** Found ones come last. */
const placeOrder = (path: string | undefined): string => path ?? "~";

function credentialView({ credential, disabled }: Placed, cooldowns: readonly CooldownView[], use: Use): CredentialView {
  const isFailing = cooldowns.some(({ suspends }) => suspends);
  const state = disabled ? "disabled" : isFailing ? "failing" : cooldowns.length > 0 ? "cooling" : "ready";
  const message = disabled ? undefined : messageOf(cooldowns);
  return {
    index: credential.index, label: credential.label, state, disabled,
    ...(message !== undefined && { message }),
    ...(credential.source !== undefined && { configPath: pathText(credential.source) }),
    priority: credential.priority, proxied: credential.proxyUrl !== undefined && credential.proxyUrl !== "direct",
    cooldowns: cooldowns.map(({ model, until, kind, fromVendor }) => ({ model, until, ...(kind !== undefined && { kind }), fromVendor })),
    ...use,
  };
}

const REASONS: Readonly<Record<string, string>> = {
  "credential-rejected": "The upstream refused the key.",
  "model-unavailable": "The upstream does not serve a model to this key.",
  "quota-exhausted": "The quota is used up.",
  "rate-limited": "It was called too often.",
  overloaded: "The upstream is overloaded.",
  unavailable: "The upstream could not be reached.",
};

/** The worst comes first. */
function messageOf(cooldowns: readonly CooldownView[]): string | undefined {
  const worst = cooldowns.find(({ suspends }) => suspends) ?? cooldowns[0];
  return worst === undefined ? undefined : REASONS[worst.kind ?? ""] ?? "It rests after a failure.";
}

/** By credential index; `undefined` without a store. */
async function useOfLastDay(office: Office): Promise<ReadonlyMap<string, Use> | undefined> {
  if (office.store === undefined) return undefined;
  await office.engine.ports.usage.flush?.();
  const rows = await office.store.usage.group({ from: office.engine.ports.clock.now() - DAY_MS, groupBy: ["credential"] });
  return new Map(rows.map((row) => [row.credential ?? "", { requests24h: row.attempts, failed24h: row.failed, costUsd24h: toUsd(row.costNanoUsd) }]));
}

/** Without a store, as far back as memory goes: some three hours. */
function memoryUse(office: Office, index: string, hasStore: boolean): Use {
  if (hasStore) return NO_USE;
  const { buckets } = office.recent.of(index);
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failed, 0);
  return { ...NO_USE, requests24h: failed + buckets.reduce((sum, bucket) => sum + bucket.succeeded, 0), failed24h: failed };
}

/** `claude-api-key[0]`. */
export function pathText(path: ConfigPath): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`)).join("");
}

/** Addresses may hold a user and a password. */
export const withoutUser = (url: string): string => url.replace(/\/\/[^/@]*@/, "//");
