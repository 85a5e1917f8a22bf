import type { JsonObject } from "../canonical/index.ts";
import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, without, type Provider } from "./define-provider.ts";

/** Thinking is a switch (`enable_thinking`). www.alibabacloud.com/help/en/model-studio/deep-thinking (read 2026-11). */
function patchRequest(body: JsonObject): JsonObject {
  const effort = body.reasoning_effort;
  if (effort === undefined) return body;
  const rest = without(body, ["reasoning_effort"]);
  return rest.enable_thinking === undefined ? { ...rest, enable_thinking: effort !== "none" } : rest;
}

/** Qwen at Alibaba's Model Studio (DashScope). */
export const alibaba: Provider = defineProvider({
  id: "alibaba", name: "Alibaba Model Studio",
  baseUrl: "https://dashscope-intl.aliyuncs.com",
  hosts: ["dashscope-intl.aliyuncs.com", "dashscope.aliyuncs.com", "dashscope-us.aliyuncs.com"],
  dialects: { "openai-chat": { basePath: "/compatible-mode/v1", patchRequest }, "anthropic-messages": { basePath: "/apps/anthropic" } },
  auth: BEARER,
  keyVariables: ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY"],
  listing: { path: "/compatible-mode/v1/models", listAt: "data", idAt: "id" },
  capabilities: { maxTokensField: "max_tokens", reasoningField: "reasoning_content", basicAnthropic: true },
  models: [...OPEN_WEIGHT_FAMILIES, { match: /coder|-instruct|qwen-(max|turbo)$/, capabilities: { reasoning: { supported: false } } }],
  failures: [{ match: /free allocated quota exceeded|AllocationQuota|Arrearage/i, kind: "quota-exhausted" }],
  catalogue: [
    { id: "qwen3-max", displayName: "Qwen3 Max", created: 1_758_672_000 },
    { id: "qwen3-coder-plus", displayName: "Qwen3 Coder Plus", created: 1_753_228_800 },
    { id: "qwen3-coder-flash", displayName: "Qwen3 Coder Flash", created: 1_753_228_800 },
    { id: "qwen-plus", displayName: "Qwen Plus" },
    { id: "qwen-flash", displayName: "Qwen Flash" },
  ],
});
