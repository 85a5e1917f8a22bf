import type { JsonObject } from "../canonical/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, without, type Provider } from "./define-provider.ts";

/** inference-docs.cerebras.ai/resources/openai: fields answered with 400 (read 2026-11). */
const REFUSED = ["frequency_penalty", "presence_penalty", "logit_bias", "service_tier"];

export const cerebras: Provider = defineProvider({
  id: "cerebras", name: "Cerebras",
  baseUrl: "https://api.cerebras.ai/v1",
  hosts: ["api.cerebras.ai"],
  dialects: { "openai-chat": { patchRequest: (body: JsonObject) => without(body, REFUSED) } },
  auth: BEARER,
  keyVariables: ["CEREBRAS_API_KEY"],
  listing: OPENAI_LISTING,
  capabilities: { maxTokensField: "max_completion_tokens", reasoningField: "reasoning", reasoningReplay: "forbidden" },
  models: [
    { match: /gpt-oss/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } },
    { match: /llama|instruct|coder/, capabilities: { reasoning: { supported: false } } },
  ],
});
