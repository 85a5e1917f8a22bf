import { inputTotal, isJsonObject, outputTotal, withoutParts, type Json, type JsonObject, type Usage } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { CHAT } from "./identity.ts";
import { present } from "../../wire/present.ts";

/**
 * Reads usage. OpenAI's totals include cached and reasoning tokens; other spellings are those of DeepSeek
 * (`prompt_cache_hit_tokens`), Moonshot (`cached_tokens` at the top), LiteLLM (`cache_read_input_tokens`), and of
 * servers that answer with the Responses or the Gemini names.
 */
export function decodeUsage(value: Json | undefined): Usage | undefined {
  if (!isJsonObject(value)) return undefined;
  const input = member(value, "prompt_tokens_details") ?? member(value, "input_tokens_details");
  const output = member(value, "completion_tokens_details") ?? member(value, "output_tokens_details");
  const prompt = count(value, "prompt_tokens", "input_tokens", "prompt_token_count");
  const completion = count(value, "completion_tokens", "output_tokens", "candidates_token_count");
  const cacheRead = count(input, "cached_tokens") ?? count(value, "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens", "cached_content_token_count");
  const cacheWrite = count(input, "cache_write_tokens", "cache_creation_tokens", "cache_creation_input_tokens", "cached_creation_tokens") ?? count(value, "cache_creation_input_tokens", "cached_creation_tokens");
  const reasoning = count(output, "reasoning_tokens") ?? count(value, "reasoning_tokens", "thoughts_token_count");
  return present<Usage>({
    inputFresh: withoutParts(prompt, cacheRead, cacheWrite),
    cacheRead,
    cacheWrite,
    outputVisible: reasoningIsApart(value, { prompt, completion, reasoning }) ? completion : withoutParts(completion, reasoning),
    reasoning,
    inputAudio: count(input, "audio_tokens"),
    outputAudio: count(output, "audio_tokens"),
    acceptedPrediction: count(output, "accepted_prediction_tokens"),
    rejectedPrediction: count(output, "rejected_prediction_tokens"),
    webSearches: count(value, "num_search_queries", "num_sources_used"),
    native: value,
  });
}

/** Some servers (xAI, Google's compatible endpoint) count reasoning beside the completion; their total gives them away. */
function reasoningIsApart(value: JsonObject, counts: { readonly prompt: number | undefined; readonly completion: number | undefined; readonly reasoning: number | undefined }): boolean {
  const { prompt, completion, reasoning } = counts;
  const total = count(value, "total_tokens", "total_token_count");
  if (prompt === undefined || completion === undefined || reasoning === undefined || reasoning === 0) return false;
  return total === prompt + completion + reasoning;
}

function member(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isJsonObject(value) ? value : undefined;
}

function count(object: JsonObject | undefined, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = object?.[name];
    if (typeof value === "number") return value;
  }
  return undefined;
}

/** Writes usage; what this very dialect reported goes back as it came. Unknown details are left out. */
export function encodeUsage(usage: Usage, exchange: Exchange): JsonObject {
  if (exchange.upstreamDialect === CHAT && isJsonObject(usage.native) && typeof usage.native.prompt_tokens === "number" && typeof usage.native.completion_tokens === "number") return usage.native;
  const input = present({ cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite, audio_tokens: usage.inputAudio });
  const output = present({
    reasoning_tokens: usage.reasoning,
    audio_tokens: usage.outputAudio,
    accepted_prediction_tokens: usage.acceptedPrediction,
    rejected_prediction_tokens: usage.rejectedPrediction,
  });
  return {
    prompt_tokens: inputTotal(usage),
    completion_tokens: outputTotal(usage),
    total_tokens: inputTotal(usage) + outputTotal(usage),
    ...(Object.keys(input).length > 0 && { prompt_tokens_details: input }),
    ...(Object.keys(output).length > 0 && { completion_tokens_details: output }),
  };
}
