import type { JsonObject } from "../canonical/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, without, type CatalogueModel, type Provider } from "./define-provider.ts";

const model = (id: string, displayName: string, created: number, limits: readonly [context: number, output: number]): CatalogueModel =>
  ({ id, displayName, created, contextTokens: limits[0], maxOutputTokens: limits[1] });

/** docs.x.ai/docs/guides/reasoning: models that think refuse these (read 2026-11). */
const REFUSED_WHEN_THINKING = ["presence_penalty", "frequency_penalty", "stop"];

function patchRequest(body: JsonObject, model: string): JsonObject {
  return model.includes("non-reasoning") ? body : without(body, REFUSED_WHEN_THINKING);
}

export const xai: Provider = defineProvider({
  id: "xai", telemetryName: "x_ai", name: "xAI",
  baseUrl: "https://api.x.ai/v1",
  hosts: ["api.x.ai", "us-east-1.api.x.ai", "eu-west-1.api.x.ai"],
  dialects: { "openai-responses": { patchRequest }, "openai-chat": { patchRequest } },
  auth: BEARER,
  keyVariables: ["XAI_API_KEY"],
  listing: OPENAI_LISTING,
  capabilities: { customTools: false, reasoningField: "reasoning_content" },
  models: [
    // They think as much as they like: a setting is refused.
    { match: /^grok-(4(\.20)?(-|$)|build|composer|code)/, capabilities: { reasoning: { supported: false } } },
    { match: /^grok-3-mini/, capabilities: { reasoning: { levels: ["low", "high"] } } },
    { match: /multi-agent/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } },
    { match: /^grok-4\.3/, capabilities: { reasoning: { levels: ["low", "medium", "high"], canBeOff: true } } },
    { match: /^grok-4\.5/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } },
    { match: /^grok-4\.[6-9]/, capabilities: { reasoning: { levels: ["low", "medium", "high", "xhigh"] } } },
  ],
  failures: [
    { status: 429, match: /free-usage-exhausted/, kind: "quota-exhausted", credentialWide: true },
    { status: 403, match: /bad credentials/i, kind: "credential-rejected", credentialWide: true },
    { status: 400, match: /incorrect api key/i, kind: "credential-rejected", credentialWide: true },
  ],
  catalogue: [
    model("grok-4.6", "Grok 4.6", 1_785_974_400, [500_000, 65_536]),
    model("grok-4.5", "Grok 4.5", 1_783_526_400, [500_000, 65_536]),
    model("grok-4.3", "Grok 4.3", 1_775_606_400, [1_000_000, 65_536]),
    model("grok-build-0.1", "Grok Build 0.1", 1_779_321_600, [256_000, 256_000]),
    model("grok-4.20-0309-reasoning", "Grok 4.20 Reasoning", 1_773_014_400, [2_000_000, 65_536]),
    model("grok-4.20-0309-non-reasoning", "Grok 4.20 Non Reasoning", 1_773_014_400, [2_000_000, 65_536]),
    model("grok-4.20-multi-agent-0309", "Grok 4.20 Multi Agent", 1_773_014_400, [2_000_000, 65_536]),
    model("grok-3-mini", "Grok 3 Mini", 1_740_960_000, [131_072, 32_768]),
    model("grok-composer-2.5-fast", "Composer 2.5 Fast", 1_740_960_000, [200_000, 32_768]),
  ],
});
