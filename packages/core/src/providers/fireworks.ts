import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, type Provider } from "./define-provider.ts";

/** docs.fireworks.ai/api-reference (read 2026-11). */
export const fireworks: Provider = defineProvider({
  id: "fireworks", name: "Fireworks AI",
  baseUrl: "https://api.fireworks.ai/inference/v1",
  hosts: ["api.fireworks.ai"],
  dialects: { "openai-chat": {} },
  auth: BEARER,
  keyVariables: ["FIREWORKS_API_KEY"],
  listing: OPENAI_LISTING,
  capabilities: { maxTokensField: "max_tokens", reasoningField: "reasoning_content" },
  models: [...OPEN_WEIGHT_FAMILIES, { match: /gpt-oss/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } }],
  failures: [{ status: 412, kind: "quota-exhausted", credentialWide: true }], // account suspended for its bill
});
