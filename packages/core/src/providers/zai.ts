import type { JsonObject } from "../canonical/index.ts";
import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, without, type Provider } from "./define-provider.ts";

/** GLM 4 only switches thinking on and off; GLM 5 also takes an effort. docs.z.ai/guides/capabilities/thinking-mode (read 2026-11). */
function patchRequest(body: JsonObject, model: string): JsonObject {
  const effort = body.reasoning_effort;
  if (effort === undefined) return body;
  const takesEffort = effort !== "none" && /glm-([5-9]|\d\d)/.test(model.toLowerCase());
  const rest = takesEffort ? body : without(body, ["reasoning_effort"]);
  return rest.thinking === undefined ? { ...rest, thinking: { type: effort === "none" ? "disabled" : "enabled" } } : rest;
}

export const zai: Provider = defineProvider({
  id: "zai", name: "Z.AI",
  baseUrl: "https://api.z.ai/api",
  hosts: ["api.z.ai", "open.bigmodel.cn"],
  dialects: { "openai-chat": { basePath: "/paas/v4", patchRequest }, "anthropic-messages": { basePath: "/anthropic" } },
  auth: BEARER,
  keyVariables: ["ZAI_API_KEY", "Z_AI_API_KEY", "ZHIPU_API_KEY"],
  listing: { path: "/paas/v4/models", listAt: "data", idAt: "id" },
  capabilities: { maxTokensField: "max_tokens", reasoningField: "reasoning_content", basicAnthropic: true },
  models: [...OPEN_WEIGHT_FAMILIES, { match: /glm-([5-9]|\d\d)/, capabilities: { reasoning: { levels: ["high", "max"], canBeOff: true } } }],
  // 1113: "insufficient balance or no resource package", told as 429.
  failures: [{ status: 429, match: /"code":\s*"?1113"?/, kind: "quota-exhausted", credentialWide: true }],
  catalogue: [
    { id: "glm-5.2", displayName: "GLM-5.2", contextTokens: 1_000_000 },
    { id: "glm-5.1", displayName: "GLM-5.1", contextTokens: 200_000 },
    { id: "glm-5", displayName: "GLM-5", contextTokens: 200_000 },
    { id: "glm-4.7", displayName: "GLM-4.7", contextTokens: 200_000 },
    { id: "glm-4.6", displayName: "GLM-4.6", created: 1_759_190_400, contextTokens: 200_000 },
  ],
});
