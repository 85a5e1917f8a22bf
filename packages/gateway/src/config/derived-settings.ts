import { DEFAULT_POLICY, type TranslationPolicy } from "@dragoman/core";
import type { Config } from "./schema/index.ts";

type Budgets = TranslationPolicy["effortBudgets"];

/** Tokens that the levels stand for. `factory`: as Factory's own proxies count, seen in the field, 2025-11. */
const PRESETS: Readonly<Record<Config["reasoning"]["preset"], Budgets>> = {
  canonical: DEFAULT_POLICY.effortBudgets,
  factory: { ...DEFAULT_POLICY.effortBudgets, low: 4096, medium: 12_288, high: 24_576 },
};

/** The operator's decisions as the translators take them. */
export function translationPolicyOf(config: Config): TranslationPolicy {
  const { translation, reasoning } = config;
  const preset = PRESETS[reasoning.preset];
  const own = translation["effort-budgets"];
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
    effortBudgets: {
      minimal: own.minimal ?? preset.minimal,
      low: own.low ?? preset.low,
      medium: own.medium ?? preset.medium,
      high: own.high ?? preset.high,
      xhigh: own.xhigh ?? preset.xhigh,
      max: own.max ?? preset.max,
    },
  };
}

/** Without client keys any web page could use a gateway on the visitor's machine, so then origins must be named. */
export function corsOriginsOf(config: Config): readonly string[] {
  return config.cors.origins ?? (config["api-keys"].length > 0 ? ["*"] : []);
}
