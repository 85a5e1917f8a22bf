import type { TranslationPolicy } from "@dragoman/core";
import type { ChangePayload } from "./payload/rules.ts";
import type { PriceList } from "./prices/price.ts";

/** What the walk of a request needs to know of the configuration; frozen, swapped whole on reload. */
export interface GatewaySettings {
  /** Client keys; none: everybody is let in. */
  readonly apiKeys: readonly string[];
  /** A further request header that may hold a client key; empty: there is none. It never goes further than the door. */
  readonly clientKeyHeader: string;
  readonly corsOrigins: readonly string[];
  /** No origins are configured: every one may call when a key is asked for. */
  readonly corsFollowsKeys: boolean;
  readonly maxBodyBytes: number;
  /** Longest wait for the first byte of a reply. */
  readonly firstByteTimeoutMs: number;
  /** Longest silence within a stream. */
  readonly idleTimeoutMs: number;
  /** Longest whole request; 0 is no limit. */
  readonly totalTimeoutMs: number;
  /** How long the reply's headers wait for the upstream to begin; then they go out and failures are told in the stream. */
  readonly holdMs: number;
  /** Silence after which a stream says that it lives; 0 is never. */
  readonly keepAliveMs: number;
  /** Interval of blank lines while a whole reply is awaited; 0 is never. */
  readonly wholeKeepAliveMs: number;
  readonly maxRetryIntervalMs: number;
  /** How many times more a stream that nobody began is asked for from the start. */
  readonly bootstrapRetries: number;
  /** Distinct credentials a round may try; 0 is all. */
  readonly maxRetryCredentials: number;
  /** All upstream headers but the hop-by-hop ones pass to the client. */
  readonly passthroughHeaders: boolean;
  /** The proxy for the next call; each time it is asked for, the next of several. `undefined`: that of the environment, if any. */
  nextProxy(): string | undefined;
  readonly policy: TranslationPolicy;
  readonly prices: PriceList;
  /** What a request that sets no limit may write, for budgets. */
  readonly assumedOutputTokens: number;
  /** Holders of a budget in money may not use models without a price. */
  readonly refuseUnpriced: boolean;
  /** Attempts of callers without a stored key are recorded, too. Those with one always are: limits live on them. */
  readonly keepStatistics: boolean;
  /** How long the queue of the management API keeps an attempt; 0: there is no queue. */
  readonly usageQueueMs: number;
  /** The operator's changes to bodies for upstreams; absent without rules. */
  readonly changePayload?: ChangePayload;
  /** Upstreams that clients name in the path; absent: there are none. */
  readonly dynamicRoutes?: { readonly hosts: readonly string[]; readonly privateHosts: readonly string[]; readonly allowHttp: boolean };
  /** What is fetched for models that take no addresses. `maxBytes` counts for all of a request together. */
  readonly remoteMedia: { readonly fetch: boolean; readonly maxBytes: number; readonly allowHosts: readonly string[] };
}
