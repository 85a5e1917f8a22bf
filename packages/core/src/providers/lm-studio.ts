import { OPEN_WEIGHT_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, type Provider } from "./define-provider.ts";

/** lmstudio.ai/docs/developer/openai-compat (read 2026-11). Chat templates of many open models raise on a second system message. */
export const lmStudio: Provider = defineProvider({
  id: "lm-studio", name: "LM Studio",
  baseUrl: "http://127.0.0.1:1234",
  hosts: ["localhost:1234", "127.0.0.1:1234"],
  dialects: { "openai-chat": { basePath: "/v1" } },
  auth: BEARER,
  local: true,
  listing: { path: "/v1/models", listAt: "data", idAt: "id" },
  capabilities: { maxTokensField: "max_tokens", singleSystem: true, thinkTags: true },
  models: OPEN_WEIGHT_FAMILIES,
});
