import type { JsonObject } from "../canonical/index.ts";
import type { Capabilities } from "../capabilities.ts";

/** How a credential goes on the wire. */
export interface ApiKeyAuth {
  readonly kind: "api-key";
  /** Lower-cased header name, e.g. `authorization`, `x-api-key`. */
  readonly header: string;
  /** Word before the key, e.g. `Bearer`. */
  readonly scheme?: string;
}

/** How a provider speaks one dialect. */
export interface ProviderDialect {
  /** Between the base URL and the dialect's own paths, e.g. `/anthropic`. */
  readonly basePath?: string;
  /** A whim of the provider, from wire to wire; must not change its argument. */
  readonly patchRequest?: (body: JsonObject, model: string) => JsonObject;
  /** Where the dialect's path stands here, if not behind `basePath`: from path to path. */
  readonly path?: (path: string) => string;
  /** Endpoints of another shape, for models that are only there; the first row whose `match` fits counts. */
  readonly asides?: readonly AsideEndpoint[];
  readonly auth?: ApiKeyAuth;
  /** Whether a request with function tools had better go through another dialect of this provider. */
  readonly avoidWithTools?: (capabilities: Capabilities) => boolean;
}

/**
 * An endpoint that is none of the dialect's: its requests and replies are made from the dialect's and to it, wire to
 * wire. It streams nothing, so that a reply is always whole. No function may change its argument.
 */
export interface AsideEndpoint {
  /** Matched against the lower-cased upstream model name. */
  readonly match: RegExp;
  /** From the dialect's path, as `path` above gave it. */
  readonly path: (path: string) => string;
  readonly request: (body: JsonObject) => JsonObject;
  readonly reply: (body: JsonObject) => JsonObject;
}

/** The endpoint beside the dialect's that a model needs; `undefined`: the dialect's own. */
export function asideOf({ asides }: ProviderDialect, model: string): AsideEndpoint | undefined {
  const name = model.toLowerCase();
  return asides?.find(({ match }) => match.test(name));
}

/** What holds for the models whose names match. Later rows win, field by field. */
export interface ModelRow {
  /** Matched against the lower-cased upstream model name. */
  readonly match: RegExp;
  readonly capabilities: Capabilities;
}

export type FailureKind =
  | "rate-limited" | "quota-exhausted" | "credential-rejected" | "model-unavailable" | "overloaded" | "unavailable"
  | "request-rejected" | "content-refused" | "stream-broken" | "client-closed";

/** A sign in an error reply that means something particular at this provider. */
export interface FailureRow {
  readonly status?: number;
  /** Searched in the body's text. */
  readonly match?: RegExp;
  readonly kind: FailureKind;
  /** The whole credential is affected, not only this model. */
  readonly credentialWide?: boolean;
}

/** Why an account is over, not resting: nobody asks again before somebody has looked after it. */
export type AccountEnd = "revoked" | "banned" | "out-of-credit";

/** A reply with a bad status, or an error that came within a stream, as a provider's own reader sees it. */
export interface FailureReply {
  /** For an error within a stream the one that it stands for. */
  readonly status: number;
  /** Absent where the error came within a stream. */
  readonly headers?: Headers;
  /** Text of the body, or of the error's event. */
  readonly body: string;
  /** Epoch ms. */
  readonly now: number;
}

export interface FailureReading {
  readonly kind: FailureKind;
  /** The whole credential is affected, not only this model. */
  readonly credentialWide?: boolean;
  /** The vendor's own time; absent: what the dialect found in the reply. */
  readonly retryAfterMs?: number;
  readonly end?: AccountEnd;
}

/** Where a provider lists its models, and how to read one from the list. */
export interface ModelListing {
  /** Appended to the base URL. */
  readonly path: string;
  /** Member that holds the list, e.g. `data`; empty when the body itself is the list. */
  readonly listAt: string;
  /** Member of a row that holds the name, e.g. `id`. */
  readonly idAt: string;
  /** Taken off the front of each id, e.g. `models/`. */
  readonly stripPrefix?: string;
}

/** A model that is offered before (or without) asking the provider for its list. */
export interface CatalogueModel {
  readonly id: string;
  readonly displayName?: string;
  /** Epoch seconds. */
  readonly created?: number;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
}

/** A provider is described, not programmed. */
export interface Provider {
  readonly id: string;
  /** `gen_ai.provider.name` of OpenTelemetry's conventions, where that is another word than `id`. */
  readonly telemetryName?: string;
  readonly name: string;
  /** Without a trailing slash. Dialect paths are appended to it. */
  readonly baseUrl: string;
  /** Dialect id → how it is spoken here. The first one is preferred when the client's own is not among them. */
  readonly dialects: { readonly [dialect: string]: ProviderDialect };
  readonly auth: ApiKeyAuth;
  /** Environment variables that may hold a key, first match wins. */
  readonly keyVariables?: readonly string[];
  /** A server on this machine that answers without a key. */
  readonly local?: boolean;
  readonly listing?: ModelListing;
  readonly catalogue?: readonly CatalogueModel[];
  readonly capabilities?: Capabilities;
  readonly models?: readonly ModelRow[];
  readonly failures?: readonly FailureRow[];
  /** For signs that a row cannot tell, such as reset times in headers; asked before the rows. `undefined`: nothing particular. */
  readonly readFailure?: (reply: FailureReply) => FailureReading | undefined;
  /** What the provider itself says that an answer cost, in US dollars, out of its own usage object. */
  readonly toldCost?: (usage: JsonObject) => number | undefined;
  /** Hosts by which a base URL is recognised as this provider's. */
  readonly hosts?: readonly string[];
  /** Paths at these hosts where it takes another vendor's dialect; where the dialect is free, it is asked in its own all the same. */
  readonly lentPaths?: readonly string[];
}

export const BEARER: ApiKeyAuth = { kind: "api-key", header: "authorization", scheme: "Bearer" };

/** Checks nothing at run time; it gives the description its type and a place to put the docstring. */
export function defineProvider(provider: Provider): Provider {
  return provider;
}

/** OpenAI's shape of a model list, which nearly everybody took over. */
export const OPENAI_LISTING: ModelListing = { path: "/models", listAt: "data", idAt: "id" };

/** The body without some of its members; the body itself when it has none of them. */
export function without(body: JsonObject, names: readonly string[]): JsonObject {
  if (!names.some((name) => name in body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** What is known about one model at a provider: the provider's own, each matching row over it, then its catalogue's limits. */
export function capabilitiesOf(provider: Provider, model: string): Capabilities {
  const name = model.toLowerCase();
  let capabilities: Capabilities = provider.capabilities ?? {};
  for (const row of provider.models ?? []) if (row.match.test(name)) capabilities = { ...capabilities, ...row.capabilities };
  const known = provider.catalogue?.find((entry) => entry.id === model);
  if (known === undefined) return capabilities;
  return {
    ...capabilities,
    ...(known.maxOutputTokens !== undefined && { maxOutputTokens: known.maxOutputTokens }),
    ...(known.contextTokens !== undefined && { contextTokens: known.contextTokens }),
  };
}
