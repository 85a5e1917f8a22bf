import { BEARER, defineProvider, type Provider } from "./define-provider.ts";

/** The scripted models that the server brings along for a first look. Its address is of no network. */
export const demo: Provider = defineProvider({
  id: "demo", name: "Demo",
  baseUrl: "demo://models",
  local: true,
  dialects: { "openai-chat": {} },
  auth: BEARER,
  capabilities: { reasoningField: "reasoning_content" },
});
