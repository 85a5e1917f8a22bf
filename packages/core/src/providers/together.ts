import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, type Provider } from "./define-provider.ts";

/** docs.together.ai/reference (read 2026-11). The model list is a bare array. */
export const together: Provider = defineProvider({
  id: "together", name: "Together AI",
  baseUrl: "https://api.together.xyz/v1",
  hosts: ["api.together.xyz", "api.together.ai"],
  dialects: { "openai-chat": {} },
  auth: BEARER,
  keyVariables: ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY"],
  listing: { path: "/models", listAt: "", idAt: "id" },
  capabilities: { maxTokensField: "max_tokens" },
  models: [...OPEN_WEIGHT_FAMILIES, { match: /gpt-oss/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } }],
});
