import type { JsonObject } from "../canonical/index.ts";
import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, without, type CatalogueModel, type Provider } from "./define-provider.ts";

const model = (id: string, displayName: string, created: number, limits: readonly [context: number, output: number]): CatalogueModel =>
  ({ id, displayName, created, contextTokens: limits[0], maxOutputTokens: limits[1] });

/** Kimi has a thinking object in place of an effort; it holds the effort where a model has levels. */
function patchRequest(body: JsonObject): JsonObject {
  const effort = body.reasoning_effort;
  if (effort === undefined) return body;
  const rest = without(body, ["reasoning_effort"]);
  if (body.thinking !== undefined) return rest;
  return { ...rest, thinking: effort === "none" ? { type: "disabled" } : { type: "enabled", effort } };
}

/** Kimi at Moonshot's platform. platform.moonshot.ai/docs (read 2026-11). */
export const moonshot: Provider = defineProvider({
  id: "moonshot", name: "Moonshot AI",
  baseUrl: "https://api.moonshot.ai",
  hosts: ["api.moonshot.ai", "api.moonshot.cn", "api.kimi.com"],
  dialects: { "openai-chat": { basePath: "/v1", patchRequest }, "anthropic-messages": { basePath: "/anthropic" } },
  auth: BEARER,
  keyVariables: ["MOONSHOT_API_KEY", "KIMI_API_KEY"],
  listing: { path: "/v1/models", listAt: "data", idAt: "id" },
  capabilities: { maxTokensField: "max_tokens", reasoningField: "reasoning_content", basicAnthropic: true },
  models: [
    ...OPEN_WEIGHT_FAMILIES,
    { match: /^kimi-k2(-\d{4}|-turbo|-instruct|$)|^moonshot-v1/, capabilities: { reasoning: { supported: false } } },
    { match: /^kimi-(k2-thinking|k2\.[56])/, capabilities: { reasoning: { levels: ["low", "high"], canBeOff: true } } },
    { match: /^kimi-k2\.[7-9]/, capabilities: { reasoning: { levels: ["low", "high"] } } },
    { match: /^kimi-k3/, capabilities: { reasoning: { levels: ["low", "high", "max"] } } },
  ],
  failures: [{ status: 429, match: /exceeded_current_quota_error/, kind: "quota-exhausted", credentialWide: true }],
  catalogue: [
    model("kimi-k3", "Kimi K3", 1_784_073_600, [1_048_576, 65_536]),
    model("kimi-k2.7-code", "Kimi K2.7 Code", 1_780_396_800, [262_144, 65_536]),
    model("kimi-k2.6", "Kimi K2.6", 1_776_729_600, [262_144, 65_536]),
    model("kimi-k2.5", "Kimi K2.5", 1_769_472_000, [262_144, 32_768]),
    model("kimi-k2-thinking", "Kimi K2 Thinking", 1_762_387_200, [131_072, 32_768]),
    model("kimi-k2", "Kimi K2", 1_752_192_000, [131_072, 32_768]),
  ],
});
