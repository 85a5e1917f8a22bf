import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { BEARER, defineProvider, OPENAI_LISTING, without, type Provider } from "./define-provider.ts";

/** "Extra inputs are not permitted": fields of OpenAI that Mistral answers with 422, seen in the field, 2025-12. */
const REFUSED = ["logit_bias", "logprobs", "top_logprobs", "user", "store", "metadata", "service_tier", "verbosity"];

const CALL_ID = /^[a-zA-Z0-9]{9}$/;

/** Nine letters and digits that stand for a foreign call id (FNV-1a, two rounds); the same for the same id. */
function callId(id: string): string {
  if (CALL_ID.test(id)) return id;
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < id.length; index++) {
    low = Math.imul(low ^ id.charCodeAt(index), 0x01000193);
    high = Math.imul(high ^ id.charCodeAt(index), 0x85ebca6b);
  }
  return ((low >>> 0).toString(36) + (high >>> 0).toString(36)).padEnd(9, "0").slice(0, 9);
}

function shortCall(call: Json): Json {
  return isJsonObject(call) && typeof call.id === "string" ? { ...call, id: callId(call.id) } : call;
}

function shortIds(message: Json): Json {
  if (!isJsonObject(message)) return message;
  return {
    ...message,
    ...(Array.isArray(message.tool_calls) && { tool_calls: message.tool_calls.map(shortCall) }),
    ...(typeof message.tool_call_id === "string" && { tool_call_id: callId(message.tool_call_id) }),
  };
}

/** `seed` has another name, a forced tool another word, and call ids of other vendors are too long here. */
function patchRequest(body: JsonObject): JsonObject {
  const { seed, ...rest } = without(body, REFUSED);
  return {
    ...rest,
    ...(seed !== undefined && { random_seed: seed }),
    ...(rest.tool_choice === "required" && { tool_choice: "any" }),
    ...(Array.isArray(rest.messages) && { messages: rest.messages.map(shortIds) }),
  };
}

/** docs.mistral.ai/api (read 2026-11). */
export const mistral: Provider = defineProvider({
  id: "mistral", telemetryName: "mistral_ai", name: "Mistral",
  baseUrl: "https://api.mistral.ai/v1",
  hosts: ["api.mistral.ai", "codestral.mistral.ai"],
  dialects: { "openai-chat": { patchRequest } },
  auth: BEARER,
  keyVariables: ["MISTRAL_API_KEY"],
  listing: OPENAI_LISTING,
  capabilities: { maxTokensField: "max_tokens", includeUsageOk: false, reasoningField: "none", reasoningReplay: "forbidden" },
  models: [
    { match: /codestral|devstral|ministral|pixtral|open-|nemo/, capabilities: { reasoning: { supported: false } } },
    // Magistral always thinks; the field that turns thinking up or down belongs to the newer general models.
    { match: /magistral/, capabilities: { reasoning: { supported: false } } },
    { match: /mistral-(small|medium)-(latest|26)/, capabilities: { reasoning: { levels: ["high"], canBeOff: true } } },
  ],
});
