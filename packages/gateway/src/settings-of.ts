import { DEFAULT_POLICY, type Effort, type TranslationPolicy } from "@dragoman/core";
import type { Config } from "./config/index.ts";
import { createPayloadRules } from "./payload/rules.ts";
import { createPriceList } from "./prices/price-list.ts";
import type { PriceCatalogue } from "./prices/price.ts";
import { priceOverrides } from "./prices/prices-of-config.ts";
import { nextProxy } from "./upstream/next-proxy.ts";
import type { GatewaySettings } from "./settings.ts";

/** What the walk of a request needs of a configuration. `priceFile` goes over the bundled prices. */
export function settingsOf(config: Config, priceFile?: PriceCatalogue): GatewaySettings {
  const apiKeys = config["api-keys"];
  const changePayload = createPayloadRules(config.payload);
  return {
    apiKeys,
    clientKeyHeader: config["client-key-header"],
    corsOrigins: config.cors.origins ?? (apiKeys.length > 0 ? ["*"] : []),
    corsFollowsKeys: config.cors.origins === undefined,
    maxBodyBytes: config.limits["max-body-bytes"],
    firstByteTimeoutMs: config.timeouts["first-byte-ms"],
    idleTimeoutMs: config.timeouts["idle-ms"],
    totalTimeoutMs: config.timeouts["total-ms"],
    holdMs: config.timeouts["hold-ms"],
    keepAliveMs: config.streaming["keepalive-seconds"] * 1000,
    wholeKeepAliveMs: config["nonstream-keepalive-interval"] * 1000,
    bootstrapRetries: config.streaming["bootstrap-retries"],
    maxRetryIntervalMs: config["max-retry-interval"] * 1000,
    maxRetryCredentials: config["max-retry-credentials"],
    passthroughHeaders: config["passthrough-headers"],
    nextProxy: () => nextProxy(config),
    policy: policyOf(config),
    prices: createPriceList({ overrides: priceOverrides(config.prices), ...(priceFile !== undefined && { file: priceFile }) }),
    keepStatistics: config["usage-statistics-enabled"],
    usageQueueMs: config["usage-statistics-enabled"] ? config["redis-usage-queue-retention-seconds"] * 1000 : 0,
    assumedOutputTokens: config.limits["assumed-output-tokens"],
    refuseUnpriced: config.limits.unpriced === "refuse",
    ...(changePayload !== undefined && { changePayload }),
    ...dynamicRoutesOf(config),
    remoteMedia: { fetch: config["remote-media"].fetch, maxBytes: config["remote-media"]["max-bytes"], allowHosts: config["remote-media"]["allow-hosts"] },
  };
}

function dynamicRoutesOf(config: Config): Pick<GatewaySettings, "dynamicRoutes"> {
  const { enabled, hosts, "allow-http": allowHttp, "private-hosts": privateHosts } = config["dynamic-routes"];
  return enabled ? { dynamicRoutes: { hosts, privateHosts, allowHttp } } : {};
}

/** Budgets of the levels in the preset `factory`, as the Factory proxies had them; the others are as usual. */
const FACTORY_BUDGETS: Partial<Record<Effort, number>> = { low: 4096, medium: 12_288, high: 24_576 };

function policyOf(config: Config): TranslationPolicy {
  const { translation } = config;
  const preset = config.reasoning.preset === "factory" ? FACTORY_BUDGETS : {};
  const own = Object.fromEntries(Object.entries(translation["effort-budgets"]).filter(([, budget]) => budget !== undefined));
  return {
    repair: translation.repair,
    systemPlacement: translation["system-placement"],
    stopEmulation: translation["stop-emulation"],
    deriveCacheKey: translation["derive-cache-key"],
    deriveUserId: translation["derive-user-id"],
    autoCache: translation["auto-cache"],
    mapPriorityToFast: translation["map-priority-to-fast"],
    strictThinkingBudget: translation["strict-thinking-budget"],
    reasoningAsText: translation["reasoning-as-text"],
    preferForcedTool: translation["prefer-forced-tool"],
    defaultMaxOutputTokens: translation["default-max-output-tokens"],
    effortBudgets: { ...DEFAULT_POLICY.effortBudgets, ...preset, ...own },
  };
}
