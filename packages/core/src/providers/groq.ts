import type { JsonObject } from "../canonical/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, without, type Provider } from "./define-provider.ts";

/** console.groq.com/docs/openai names these as refused (read 2026-11). */
const REFUSED = ["logprobs", "logit_bias", "top_logprobs"];

/** Qwen takes only `none` and `default` as effort: console.groq.com/docs/reasoning (read 2026-11). */
function patchRequest(body: JsonObject, model: string): JsonObject {
  const patched = without(body, REFUSED);
  const effort = patched.reasoning_effort;
  if (typeof effort !== "string" || effort === "none" || !model.toLowerCase().includes("qwen")) return patched;
  return { ...patched, reasoning_effort: "default" };
}

export const groq: Provider = defineProvider({
  id: "groq", name: "Groq",
  baseUrl: "https://api.groq.com/openai/v1",
  hosts: ["api.groq.com"],
  dialects: { "openai-chat": { patchRequest } },
  auth: BEARER,
  keyVariables: ["GROQ_API_KEY"],
  listing: OPENAI_LISTING,
  // "property 'reasoning_content' is unsupported", seen in the field, 2026-01.
  capabilities: { maxTokensField: "max_completion_tokens", reasoningField: "reasoning", reasoningReplay: "forbidden" },
  models: [
    { match: /gpt-oss/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } },
    { match: /llama|kimi-k2-instruct|compound|gemma/, capabilities: { reasoning: { supported: false } } },
  ],
});
