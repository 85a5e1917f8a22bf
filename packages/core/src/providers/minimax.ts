import type { JsonObject } from "../canonical/index.ts";
import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, without, type Provider } from "./define-provider.ts";

/** Thinking is switched, not measured: M3 decides for itself unless it is off; M2 always thinks. platform.minimax.io/docs/api-reference/text-openai-api (read 2026-11) */
function patchRequest(body: JsonObject): JsonObject {
  const effort = body.reasoning_effort;
  if (effort === undefined) return body;
  const rest = without(body, ["reasoning_effort"]);
  return rest.thinking === undefined ? { ...rest, thinking: { type: effort === "none" ? "disabled" : "adaptive" } } : rest;
}

/** Its chat answers bring their reasoning in `<think>` tags. */
export const minimax: Provider = defineProvider({
  id: "minimax", name: "MiniMax",
  baseUrl: "https://api.minimax.io",
  hosts: ["api.minimax.io", "api.minimaxi.com", "api.minimax.cn"],
  dialects: { "openai-chat": { basePath: "/v1", patchRequest }, "anthropic-messages": { basePath: "/anthropic" } },
  auth: BEARER,
  keyVariables: ["MINIMAX_API_KEY"],
  listing: { ...OPENAI_LISTING, path: "/v1/models" },
  capabilities: { maxTokensField: "max_completion_tokens", thinkTags: true, basicAnthropic: true },
  models: OPEN_WEIGHT_FAMILIES,
  catalogue: [
    { id: "MiniMax-M3", displayName: "MiniMax M3", contextTokens: 1_000_000 },
    { id: "MiniMax-M2.7", displayName: "MiniMax M2.7", contextTokens: 204_800 },
    { id: "MiniMax-M2.5", displayName: "MiniMax M2.5", contextTokens: 204_800 },
  ],
});
