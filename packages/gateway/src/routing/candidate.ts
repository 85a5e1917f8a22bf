import type { Capabilities, Dialect, Provider, ProviderDialect, ReasoningRequest } from "@dragoman/core";
import type { Credential } from "../credentials/credential.ts";
import type { SeatHold } from "../credentials/seat-hold.ts";

/** One service of the configuration: an entry with its base URL, its dialect and its keys. */
export interface Upstream {
  /** Provider key in lower case: `claude`, `gemini`, `codex`, or the name of a compatible entry. */
  readonly name: string;
  readonly provider: Provider;
  /** Dialect id spoken with it. */
  readonly dialect: Dialect;
  /** Base URL plus the dialect's base path, no trailing slash. */
  readonly baseUrl: string;
  /** The checked IP address of a host that somebody else chose; nothing else is connected to. */
  readonly address?: string;
  readonly patchRequest?: ProviderDialect["patchRequest"];
  readonly path?: ProviderDialect["path"];
  readonly asides?: ProviderDialect["asides"];
}

/** One way to serve a request: a model at an upstream, with one credential. */
export interface Candidate {
  readonly upstream: Upstream;
  readonly credential: Credential;
  /** The upstream's name for the model. */
  readonly model: string;
  readonly capabilities: Capabilities;
  /** How hard the model thinks at this upstream, by the operator's will. */
  readonly reasoning?: ReasoningRequest;
  /** `model` in replies is rewritten to the client's name, also where bytes pass through. */
  readonly forceMapping: boolean;
  /** The place that is kept for this request, where a credential takes only so many; whoever does not use it gives it back. */
  readonly hold?: SeatHold;
}

/** What the model name of a request means. */
export interface RoutePlan {
  /** Name in the pool index; cooldowns and cursors hang on it. */
  readonly routeName: string;
  /** Reasoning that the name asked for (`model(high)`), or that the operator set for the model. */
  readonly reasoning?: ReasoningRequest;
  /** How many further rounds, the largest that any candidate allows. */
  readonly maxRounds: number;
  /** Another model answers than the one that was named, by the operator's will. */
  readonly renamed?: true;
}
