import type { CatalogueModel, GenerateEvent, GenerateRequest, GenerateResponse, Provider } from "@dragoman/core";
import type { UpstreamFetch } from "../ports.ts";

/** A provider that is not of the house, with what opens it. */
export interface OwnProvider {
  /** As `defineProvider` gives it. Entries of the configuration whose `base-url` is at one of its `hosts` are its own. */
  readonly provider: Provider;
  /** Absent: one way in, without a key. An empty list: only what the configuration says. */
  readonly apiKeys?: readonly string[];
  /** In place of the description's catalogue. */
  readonly models?: readonly CatalogueModel[];
  /** Carries requests in the place of HTTP. The reply is one of the dialect's, whole or as a stream of its events. */
  readonly send?: (call: UpstreamCall) => Response | Promise<Response>;
  /** Answers in code, in canonical words; the description's dialects then do not matter. */
  readonly answer?: (request: GenerateRequest, call: AnswerCall) => GenerateResponse | Promise<GenerateResponse> | AsyncIterable<GenerateEvent>;
}

/** A request that is ready to be sent. */
export interface UpstreamCall {
  readonly url: string;
  /** Lower-cased names; the key is among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, in the dialect. */
  readonly body: string;
  readonly dialect: string;
  /** The upstream's name for the model. */
  readonly model: string;
  readonly streamed: boolean;
  readonly apiKey?: string;
  /** Fires when the client leaves, or nobody waits any longer. */
  readonly signal: AbortSignal;
  /** The gateway's own, for who only adds something. */
  readonly fetch: UpstreamFetch;
  readonly proxyUrl?: string;
}

export type AnswerCall = Pick<UpstreamCall, "model" | "apiKey" | "signal">;
