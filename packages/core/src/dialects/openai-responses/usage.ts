import { inputTotal, isJsonObject, outputTotal, withoutParts, type Json, type JsonObject, type Usage } from "../../canonical/index.ts";
import type { WireUsage } from "./wire.ts";

function count(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function details(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Input totals include cached and written tokens, output totals include reasoning; compatible servers also use Chat's words. */
export function decodeUsage(value: Json | undefined): Usage | undefined {
  if (!isJsonObject(value)) return undefined;
  const input = details(value.input_tokens_details ?? value.prompt_tokens_details);
  const output = details(value.output_tokens_details ?? value.completion_tokens_details);
  const cacheRead = count(input.cached_tokens) ?? count(value.cached_tokens) ?? count(value.cache_read_input_tokens);
  const cacheWrite = count(input.cache_write_tokens) ?? count(input.cache_creation_input_tokens);
  const reasoning = count(output.reasoning_tokens);
  const inputFresh = withoutParts(count(value.input_tokens) ?? count(value.prompt_tokens), cacheRead, cacheWrite);
  const outputVisible = withoutParts(count(value.output_tokens) ?? count(value.completion_tokens), reasoning);
  return {
    ...(inputFresh !== undefined && { inputFresh }),
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(outputVisible !== undefined && { outputVisible }),
    ...(reasoning !== undefined && { reasoning }),
    native: value,
  };
}

/** Every integer is always there: Codex cannot parse the terminal event without them (read in its source, 2026-11). */
export function encodeUsage(usage: Usage | undefined): WireUsage {
  const input = usage === undefined ? 0 : inputTotal(usage);
  const output = usage === undefined ? 0 : outputTotal(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage?.cacheRead ?? 0, cache_write_tokens: usage?.cacheWrite ?? 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage?.reasoning ?? 0 },
    total_tokens: input + output,
  };
}
