import type { Capabilities, CatalogueModel, ReasoningRequest } from "@dragoman/core";
import type { Credential } from "../credentials/credential.ts";
import type { OwnKey } from "../credentials/credential-account.ts";
import type { Upstream } from "./candidate.ts";

/** A model as an upstream offers it to clients. */
export interface OfferedModel {
  /** For clients; a prefix is not part of it. */
  readonly name: string;
  readonly upstreamModel: string;
  readonly forceMapping: boolean;
  /** Other names for it upstream, each with a quota of its own, in the order in which they are tried after a 429. */
  readonly previews?: readonly string[];
  readonly displayName?: string;
  /** Epoch seconds. */
  readonly created?: number;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** What the operator says about it, over what the provider's description says. */
  readonly capabilities?: Capabilities;
  /** How hard it thinks here, whatever clients ask; absent: it is left to them. */
  readonly reasoning?: ReasoningRequest;
}

/** One entry of the configuration, or one upstream that was found: the same keys, models and rules for all of it. */
export interface Service {
  /** Also the word before `://` in model names. */
  readonly name: string;
  readonly ownedBy: string;
  /** One for each dialect that it speaks, the preferred one first; never empty. */
  readonly upstreams: readonly [Upstream, ...Upstream[]];
  readonly credentials: readonly Credential[];
  /** Those that the operator switched off. They take no part in anything. */
  readonly switchedOff?: readonly Credential[];
  /** Only these; absent: the catalogue, or what the upstream's own list says once it is known. */
  readonly models?: readonly OfferedModel[];
  readonly catalogue: readonly CatalogueModel[];
  /** What answers to a name that no list holds, if anything. `isNamed`: the client named this service before it. */
  readonly unlisted?: (name: string, isNamed: boolean) => OfferedModel | undefined;
  /** It answers with what clients bring: those whose key is of this sort, all of them and nobody else. */
  readonly takesOwnKey?: (own: OwnKey) => boolean;
  readonly prefix?: string;
  readonly excludes: (model: string) => boolean;
  readonly capabilities?: Capabilities;
}

/** An upstream that nobody configured: a key in the environment, a server on this machine. */
export interface DiscoveredUpstream {
  /** Id of a provider's description. */
  readonly providerId: string;
  /** For records, and before `://` in model names. */
  readonly name: string;
  readonly apiKey?: string;
  /** The environment variable that holds the key. */
  readonly variable?: string;
  /** In place of the provider's own; base paths of dialects are appended. */
  readonly baseUrl?: string;
  /** Its models, when they are known already. */
  readonly models?: readonly CatalogueModel[];
}
