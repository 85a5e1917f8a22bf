import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, type Provider } from "./define-provider.ts";

/** github.com/ggml-org/llama.cpp, tools/server/README.md (read 2026-11). Chat templates of many open models raise on a second system message. */
export const llamaCpp: Provider = defineProvider({
  id: "llama-cpp", name: "llama.cpp",
  baseUrl: "http://127.0.0.1:8080",
  dialects: { "openai-chat": { basePath: "/v1" } },
  auth: BEARER,
  local: true,
  listing: { path: "/v1/models", listAt: "data", idAt: "id" },
  capabilities: { maxTokensField: "max_tokens", singleSystem: true, thinkTags: true },
  models: OPEN_WEIGHT_FAMILIES,
});
