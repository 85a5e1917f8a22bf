import { CLAUDE_FAMILIES, OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, type Provider } from "./define-provider.ts";

/** Many vendors behind one key. openrouter.ai/docs/api-reference and …/use-cases/reasoning-tokens (read 2026-11). */
export const openrouter: Provider = defineProvider({
  id: "openrouter", name: "OpenRouter",
  baseUrl: "https://openrouter.ai/api",
  hosts: ["openrouter.ai"],
  dialects: { "openai-chat": { basePath: "/v1" }, "anthropic-messages": {} },
  auth: BEARER,
  keyVariables: ["OPENROUTER_API_KEY"],
  listing: { path: "/v1/models", listAt: "data", idAt: "id" },
  capabilities: { maxTokensField: "max_tokens", cacheControlParts: true, reasoningField: "reasoning" },
  models: [...CLAUDE_FAMILIES, ...OPEN_WEIGHT_FAMILIES],
  // 402 is told for the request's price against the credit left: a smaller request may pass, so other models keep going.
  failures: [{ status: 402, kind: "quota-exhausted" }],
  // In credits, which are dollars. openrouter.ai/docs/use-cases/usage-accounting (read 2026-11)
  toldCost: ({ cost }) => (typeof cost === "number" ? cost : undefined),
});
