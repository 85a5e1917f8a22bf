import type { JsonObject } from "../canonical/index.ts";
import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, without, type Provider } from "./define-provider.ts";

/** Thinking has a switch of its own; `none` is no effort here. api-docs.deepseek.com/guides/thinking_mode (read 2026-11). */
function patchRequest(body: JsonObject): JsonObject {
  const effort = body.reasoning_effort;
  if (effort === undefined || body.thinking !== undefined) return body;
  if (effort === "none") return { ...without(body, ["reasoning_effort"]), thinking: { type: "disabled" } };
  return { ...body, thinking: { type: "enabled" } };
}

export const deepseek: Provider = defineProvider({
  id: "deepseek", name: "DeepSeek",
  baseUrl: "https://api.deepseek.com",
  hosts: ["api.deepseek.com"],
  dialects: {
    "openai-chat": { patchRequest },
    "anthropic-messages": { basePath: "/anthropic", auth: { kind: "api-key", header: "x-api-key" } },
  },
  auth: BEARER,
  keyVariables: ["DEEPSEEK_API_KEY"],
  listing: OPENAI_LISTING,
  capabilities: { maxTokensField: "max_tokens", reasoningField: "reasoning_content", reasoningReplay: "required", basicAnthropic: true },
  models: OPEN_WEIGHT_FAMILIES,
  failures: [{ status: 402, kind: "quota-exhausted", credentialWide: true }], // api-docs.deepseek.com/quick_start/error_codes (read 2026-11)
  catalogue: [
    { id: "deepseek-chat", displayName: "DeepSeek Chat" },
    { id: "deepseek-reasoner", displayName: "DeepSeek Reasoner" },
  ],
});
