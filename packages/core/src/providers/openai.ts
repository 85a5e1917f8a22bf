import { GPT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, type CatalogueModel, type Provider } from "./define-provider.ts";

const model = (id: string, displayName: string, created: number, contextTokens = 400_000): CatalogueModel =>
  ({ id, displayName, created, contextTokens, maxOutputTokens: 128_000 });

/** OpenAI's platform. platform.openai.com/docs/models (read 2026-11). */
export const openai: Provider = defineProvider({
  id: "openai", name: "OpenAI",
  baseUrl: "https://api.openai.com/v1",
  hosts: ["api.openai.com", "eu.api.openai.com", "us.api.openai.com"],
  dialects: { "openai-responses": {}, "openai-chat": { avoidWithTools: (capabilities) => capabilities.chatToolsWithEffort === false } },
  auth: BEARER,
  keyVariables: ["OPENAI_API_KEY"],
  listing: OPENAI_LISTING,
  capabilities: {
    firstParty: true, stateful: true, compacts: true, maxTokensField: "max_completion_tokens", customTools: true, strictTools: true, reasoningField: "none",
  },
  models: GPT_FAMILIES,
  failures: [
    { status: 429, match: /insufficient_quota|billing_hard_limit/, kind: "quota-exhausted", credentialWide: true },
    { match: /usage_limit_reached/, kind: "rate-limited" },
    { match: /selected model is at capacity/i, kind: "rate-limited" },
  ],
  catalogue: [
    model("gpt-5", "GPT-5", 1_754_524_800),
    model("gpt-5-codex", "GPT-5 Codex", 1_757_894_400),
    model("gpt-5-codex-mini", "GPT-5 Codex Mini", 1_762_473_600),
    model("gpt-5.1", "GPT-5.1", 1_762_905_600),
    model("gpt-5.1-codex", "GPT-5.1 Codex", 1_762_905_600),
    model("gpt-5.1-codex-mini", "GPT-5.1 Codex Mini", 1_762_905_600),
    model("gpt-5.1-codex-max", "GPT-5.1 Codex Max", 1_763_424_000),
    model("gpt-5.4", "GPT-5.4", 1_772_668_800, 1_050_000),
    model("gpt-5.4-mini", "GPT-5.4 Mini", 1_773_705_600),
    model("gpt-5.5", "GPT-5.5", 1_776_902_400, 272_000),
    model("gpt-5.6-terra", "GPT-5.6 Terra", 1_783_616_400, 921_000),
    model("gpt-5.6-luna", "GPT-5.6 Luna", 1_783_616_400, 921_000),
    model("gpt-5.6-sol", "GPT-5.6 Sol", 1_783_616_400, 921_000),
    { id: "gpt-4o", displayName: "GPT-4o", created: 1_715_367_049, contextTokens: 128_000, maxOutputTokens: 16_384 },
    { id: "gpt-4o-mini", displayName: "GPT-4o mini", created: 1_721_172_741, contextTokens: 128_000, maxOutputTokens: 16_384 },
    { id: "gpt-4.1", displayName: "GPT-4.1", created: 1_744_316_542, contextTokens: 1_047_576, maxOutputTokens: 32_768 },
    { id: "gpt-4.1-mini", displayName: "GPT-4.1 mini", created: 1_744_318_173, contextTokens: 1_047_576, maxOutputTokens: 32_768 },
  ],
});
