import { CLAUDE_FAMILIES } from "../families/index.ts";
import { BEARER, defineProvider, type Provider } from "./define-provider.ts";

/** Any server but Anthropic's that speaks its Messages. Behind some of them stands Claude itself, with all its fields. */
export const anthropicCompatible: Provider = defineProvider({
  id: "anthropic-compatible", name: "Anthropic compatible",
  baseUrl: "",
  dialects: { "anthropic-messages": {} },
  auth: BEARER,
  listing: { path: "/v1/models", listAt: "data", idAt: "id" },
  capabilities: { basicAnthropic: true },
  models: [{ match: /claude/, capabilities: { basicAnthropic: false } }, ...CLAUDE_FAMILIES],
});
