import { providerOfId, type Capabilities, type Effort, type Provider, type ReasoningCapability } from "@dragoman/core";
import { placeOf, type CompatibleEntry, type Config, type ConfigPath, type KeyEntry, type ModelEntry } from "../config/index.ts";
import { createCredentialIds, credentialIndex, credentialLabel } from "../credentials/credential-id.ts";
import type { Credential } from "../credentials/credential.ts";
import type { OwnProviders } from "../embed/own-providers.ts";
import { createFailureRules } from "../upstream/failure-rules.ts";
import { anyPattern } from "./pattern.ts";
import type { DiscoveredUpstream, OfferedModel, Service } from "./service.ts";
import { allDialects, isAtVendor, upstreamsOf, type DialectsById, type EntryKind, type Upstreams } from "./upstreams-of.ts";

function provider(id: string): Provider {
  const found = providerOfId(id);
  if (found === undefined) throw new Error(`No provider is described as ${id}.`);
  return found;
}

/** The words of the configuration and what they stand for; the one place that knows both. */
const KEY_KINDS = {
  "claude-api-key": {
    name: "claude", dialect: "anthropic-messages", vendor: provider("anthropic"), stranger: provider("anthropic-compatible"), trim: /\/v1$/,
  },
  "gemini-api-key": {
    name: "gemini", dialect: "gemini-generate-content", vendor: provider("google"), stranger: provider("google"), trim: /\/v1(beta|alpha)?$/,
  },
  "vertex-api-key": {
    name: "vertex", dialect: "gemini-generate-content", vendor: provider("vertex"), stranger: provider("vertex"), trim: /\/v1(beta1)?$/,
  },
  "codex-api-key": { name: "codex", dialect: "openai-responses", vendor: provider("openai"), stranger: provider("openai") },
  "xai-api-key": { name: "xai", dialect: "openai-responses", vendor: provider("xai"), stranger: provider("xai") },
} as const satisfies Record<string, EntryKind>;

const COMPATIBLE = { dialect: "openai-chat", vendor: provider("openai-compatible"), stranger: provider("openai-compatible") } as const;

type KeyKind = keyof typeof KEY_KINDS;

/** The vendor of a kind of entry, by its name in records (`claude`), or any provider by its id. */
export function providerOfKind(name: string): Provider | undefined {
  return Object.values(KEY_KINDS).find((kind) => kind.name === name)?.vendor ?? providerOfId(name);
}

/** How an address is read of which nothing is known but the dialect spoken there, or not even that; `undefined`: no entry could say so. */
export function kindOfDialect(dialect: string = COMPATIBLE.dialect): Omit<EntryKind, "name"> | undefined {
  return [COMPATIBLE, ...Object.values(KEY_KINDS)].find((kind) => kind.dialect === dialect);
}

type CredentialIds = ReturnType<typeof createCredentialIds>;

interface Workshop {
  readonly config: Config;
  readonly dialects: DialectsById;
  /** Providers that are not of the house. */
  readonly own?: OwnProviders | undefined;
  readonly ids: CredentialIds;
}

/**
 * Every upstream that is known: those of the configuration in their order, then those that were found. Where all
 * credentials are switched off, `credentials` is empty, and no request goes there.
 */
export function servicesOf(config: Config, discovered: readonly DiscoveredUpstream[], known: Pick<Workshop, "dialects" | "own">): Service[] {
  const shop: Workshop = { ...known, config, ids: createCredentialIds() };
  const configured = [
    ...(Object.keys(KEY_KINDS) as KeyKind[]).flatMap((key) => config[key].flatMap((entry) => keyService(entry, KEY_KINDS[key], shop) ?? [])),
    ...config["openai-compatibility"].flatMap((entry) => compatibleService(entry, shop) ?? []),
  ];
  return [...configured, ...discovered.flatMap((found) => foundService(found, configured, shop) ?? [])];
}

function keyService(entry: KeyEntry & { readonly "rebuild-mid-system-message"?: boolean }, kind: EntryKind, shop: Workshop): Service | undefined {
  const upstreams = upstreamsOf(kind, entry["base-url"], shop.dialects);
  if (upstreams === undefined || entry["api-key"] === "") return undefined;
  const isOff = entry["excluded-models"].some((pattern) => pattern.trim() === "*");
  const id = shop.ids(`${kind.name}:apikey`, entry["api-key"], entry["base-url"] ?? "");
  const credential = credentialOf(entry, { ...entry, id, name: kind.name, place: placeOf(entry) }, shop.config);
  return {
    ...common(entry, upstreams),
    name: kind.name,
    credentials: isOff ? [] : [credential],
    ...(isOff && { switchedOff: [credential] }),
    excludes: anyPattern(entry["excluded-models"].filter((pattern) => pattern.trim() !== "*")),
    catalogue: upstreams[0].provider.catalogue ?? kind.vendor.catalogue ?? [],
    capabilities: {
      ...(entry["rebuild-mid-system-message"] === true && { midSystem: false }),
      // A relay of the vendor's dialect keeps nothing under ids that another of its servers would find.
      ...(!isAtVendor(upstreams[0]) && { stateful: false }),
    },
  };
}

function compatibleService(entry: CompatibleEntry, shop: Workshop): Service | undefined {
  const baseUrl = entry["base-url"];
  const name = entry.name.toLowerCase();
  const upstreams = upstreamsOf({ ...COMPATIBLE, ...ownKind(shop.own?.at(baseUrl)), name }, baseUrl, shop.dialects);
  if (baseUrl.trim() === "" || upstreams === undefined) return undefined;
  const keys = entry["api-key-entries"].length > 0 ? entry["api-key-entries"] : [{ "api-key": "", weight: 1, disabled: false }];
  const made = keys.map((key) => {
    const id = shop.ids(`openai-compatibility:${name}`, key["api-key"], baseUrl, key["proxy-url"] ?? "");
    return { isOff: entry.disabled || key.disabled, credential: credentialOf(entry, { ...key, id, name, place: placeOf(key) ?? placeOf(entry) }, shop.config) };
  });
  const switchedOff = made.filter(({ isOff }) => isOff).map(({ credential }) => credential);
  return {
    ...common(entry, upstreams),
    name: entry.name,
    ownedBy: entry.name,
    credentials: made.filter(({ isOff }) => !isOff).map(({ credential }) => credential),
    ...(switchedOff.length > 0 && { switchedOff }),
    excludes: () => false,
    catalogue: upstreams[0].provider.catalogue ?? [],
  };
}

/** An entry at the address of an embedder's provider is read as that provider describes itself. */
function ownKind(provider: Provider | undefined): Partial<EntryKind> {
  const [dialect] = Object.keys(provider?.dialects ?? {});
  return provider === undefined || dialect === undefined ? {} : { dialect, vendor: provider, stranger: provider };
}

function foundService(found: DiscoveredUpstream, configured: readonly Service[], shop: Workshop): Service | undefined {
  const described = providerOfId(found.providerId);
  if (described === undefined || shop.config.discovery["ignore-variables"].includes(found.variable ?? "")) return undefined;
  const baseUrl = found.baseUrl?.replace(/\/+$/, "") ?? described.baseUrl;
  const upstreams = allDialects(found.name, described, baseUrl, { dialects: shop.dialects });
  if (upstreams === undefined || isConfigured(found, upstreams, configured)) return undefined;
  const id = shop.ids(`${found.name}:apikey`, found.apiKey ?? "", found.baseUrl ?? "");
  const credential: Credential = {
    id,
    index: credentialIndex(id),
    label: credentialLabel(found.name, found.apiKey),
    ...(found.apiKey !== undefined && { apiKey: found.apiKey }),
    headers: {}, priority: 0, weight: 1, disableCooling: shop.config["disable-cooling"],
  };
  return {
    name: found.name, ownedBy: described.id, upstreams, credentials: [credential], excludes: () => false,
    catalogue: found.models ?? described.catalogue ?? [],
  };
}

/** The same key at the same place, or the same local server, need not be used twice. */
function isConfigured(found: DiscoveredUpstream, upstreams: Upstreams, configured: readonly Service[]): boolean {
  const places = new Set(upstreams.map((upstream) => upstream.baseUrl.replace("//localhost", "//127.0.0.1")));
  return configured.some((service) =>
    service.upstreams.some((upstream) => places.has(upstream.baseUrl.replace("//localhost", "//127.0.0.1")))
    && [...service.credentials, ...(service.switchedOff ?? [])].some((credential) => credential.apiKey === found.apiKey));
}

type CommonEntry = Pick<KeyEntry, "request-scoped-errors" | "prefix" | "models" | "headers" | "priority" | "disable-cooling" | "request-retry">;

function common(entry: CommonEntry, upstreams: Upstreams): Pick<Service, "upstreams" | "models" | "prefix" | "ownedBy"> {
  const models = entry.models.flatMap((model) => offered(model) ?? []);
  const prefix = entry.prefix?.trim() ?? "";
  return {
    upstreams,
    ownedBy: upstreams[0].provider.id,
    ...(models.length > 0 && { models }),
    ...(prefix !== "" && !prefix.includes("/") && { prefix }),
  };
}

interface KeyFacts {
  readonly "api-key": string;
  readonly "proxy-url"?: string | undefined;
  readonly weight: number;
  readonly id: string;
  readonly name: string;
  readonly place: ConfigPath | undefined;
}

function credentialOf(entry: CommonEntry, key: KeyFacts, config: Config): Credential {
  const proxyUrl = key["proxy-url"]?.trim() ?? "";
  const retry = entry["request-retry"] ?? -1;
  const failureRules = createFailureRules(entry["request-scoped-errors"]);
  return {
    id: key.id,
    index: credentialIndex(key.id),
    label: credentialLabel(key.name, key["api-key"]),
    ...(key["api-key"] !== "" && { apiKey: key["api-key"] }),
    headers: entry.headers,
    ...(proxyUrl !== "" && { proxyUrl: proxyUrl.toLowerCase() === "none" ? "direct" : proxyUrl }),
    priority: entry.priority,
    weight: key.weight,
    disableCooling: entry["disable-cooling"] ?? config["disable-cooling"],
    ...(retry >= 0 && { requestRetry: retry }),
    ...(failureRules !== undefined && { failureRules }),
    ...(key.place !== undefined && { source: key.place }),
  };
}

function offered(model: ModelEntry): OfferedModel | undefined {
  const upstreamModel = model.name === "" ? model.alias : model.name;
  if (upstreamModel === "") return undefined;
  const contextTokens = model["max-context-length"];
  const maxOutputTokens = model["max-output-tokens"];
  const capabilities: Capabilities = {
    ...(model.thinking !== undefined && { reasoning: reasoningOf(model.thinking) }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
  return {
    name: model.alias === "" ? upstreamModel : model.alias,
    upstreamModel,
    forceMapping: model["force-mapping"],
    ...(model["display-name"] !== undefined && { displayName: model["display-name"] }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    capabilities,
  };
}

function reasoningOf(thinking: NonNullable<ModelEntry["thinking"]>): ReasoningCapability {
  const levels = thinking.levels.filter((level): level is Effort => level !== "none");
  const takesBudget = thinking.max > 0 || thinking.min > 0;
  return {
    ...(takesBudget && { budget: { min: thinking.min, max: thinking.max, zeroOk: thinking["zero-allowed"], dynamicOk: thinking["dynamic-allowed"] } }),
    ...(levels.length > 0 && { levels }),
    ...((thinking["zero-allowed"] || thinking.levels.includes("none")) && { canBeOff: true }),
    ...(!takesBudget && levels.length === 0 && { supported: false }),
  };
}
