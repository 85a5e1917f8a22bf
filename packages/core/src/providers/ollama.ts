import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, type Provider } from "./define-provider.ts";

/** docs.ollama.com/openai (read 2026-11). */
export const ollama: Provider = defineProvider({
  id: "ollama", name: "Ollama",
  baseUrl: "http://127.0.0.1:11434",
  hosts: ["localhost:11434", "127.0.0.1:11434"],
  dialects: { "openai-chat": { basePath: "/v1" } },
  auth: BEARER,
  local: true,
  listing: { path: "/v1/models", listAt: "data", idAt: "id" },
  capabilities: { maxTokensField: "max_tokens", reasoningField: "reasoning", thinkTags: true },
  models: OPEN_WEIGHT_FAMILIES,
});
