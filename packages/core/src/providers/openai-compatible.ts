import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, type Provider } from "./define-provider.ts";

/** Any server that speaks OpenAI's Chat Completions and about which nothing else is known. */
export const openaiCompatible: Provider = defineProvider({
  id: "openai-compatible", name: "OpenAI compatible",
  baseUrl: "",
  dialects: { "openai-chat": {}, "openai-responses": {} },
  auth: BEARER,
  listing: OPENAI_LISTING,
  capabilities: { maxTokensField: "max_tokens" },
  models: OPEN_WEIGHT_FAMILIES,
});
