import { isJsonObject, outputTotal, withoutParts, type Json, type JsonObject, type MutableJsonObject, type Usage } from "../../canonical/index.ts";
import { present } from "../../wire/present.ts";
import { number } from "./loose-values.ts";

/** Input counts stand beside each other here: `input_tokens` holds neither cache reads nor writes. Output includes thinking. */
export function decodeUsage(usage: JsonObject): Usage {
  const creation = isJsonObject(usage.cache_creation) ? usage.cache_creation : undefined;
  const details = isJsonObject(usage.output_tokens_details) ? usage.output_tokens_details : undefined;
  const serverTools = isJsonObject(usage.server_tool_use) ? usage.server_tool_use : undefined;
  const reasoning = number(details?.thinking_tokens);
  return present<Usage>({
    inputFresh: number(usage.input_tokens),
    cacheRead: number(usage.cache_read_input_tokens),
    cacheWrite: number(usage.cache_creation_input_tokens),
    cacheWrite5m: number(creation?.ephemeral_5m_input_tokens),
    cacheWrite1h: number(creation?.ephemeral_1h_input_tokens),
    outputVisible: withoutParts(number(usage.output_tokens), reasoning),
    reasoning,
    webSearches: number(serverTools?.web_search_requests),
    webFetches: number(serverTools?.web_fetch_requests),
    native: usage,
  });
}

/** What is unknown is left out: absent means unknown, 0 means none. */
export function encodeUsage(usage: Usage): MutableJsonObject {
  const inputKnown = usage.inputFresh !== undefined || usage.toolPrompt !== undefined;
  const outputKnown = usage.outputVisible !== undefined || usage.reasoning !== undefined;
  const byLifetime = usage.cacheWrite5m !== undefined || usage.cacheWrite1h !== undefined;
  const serverTools = usage.webSearches !== undefined || usage.webFetches !== undefined;
  return present<MutableJsonObject>({
    input_tokens: inputKnown ? (usage.inputFresh ?? 0) + (usage.toolPrompt ?? 0) : undefined,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: byLifetime ? { ephemeral_5m_input_tokens: usage.cacheWrite5m ?? 0, ephemeral_1h_input_tokens: usage.cacheWrite1h ?? 0 } : undefined,
    output_tokens: outputKnown ? outputTotal(usage) : undefined,
    output_tokens_details: usage.reasoning === undefined ? undefined : { thinking_tokens: usage.reasoning },
    server_tool_use: serverTools ? { web_search_requests: usage.webSearches ?? 0, web_fetch_requests: usage.webFetches ?? 0 } : undefined,
  });
}

/** Stream counters are running totals: a later number replaces the earlier one, `null` says nothing. */
export function mergeWireUsage(earlier: JsonObject | undefined, later: JsonObject): JsonObject {
  const merged: { [key: string]: Json | undefined } = { ...earlier };
  for (const key of Object.keys(later)) {
    const value = later[key];
    if (value !== null && value !== undefined) merged[key] = value;
    else if (!(key in merged)) merged[key] = value;
  }
  return merged;
}
