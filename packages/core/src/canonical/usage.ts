import type { Json } from "./json.ts";

/**
 * Tokens of one answer. All parts are disjoint: cached input is not inside `inputFresh`, reasoning is not inside
 * `outputVisible`. Absent means unknown, 0 means known to be none.
 *
 * | dialect   | its input total includes        | its output total includes |
 * |-----------|---------------------------------|---------------------------|
 * | chat, responses | cache reads and writes    | reasoning                 |
 * | anthropic | neither reads nor writes        | reasoning                 |
 * | gemini    | cache reads; tool prompts apart | not reasoning             |
 */
export interface Usage {
  readonly inputFresh?: number;
  readonly cacheRead?: number;
  /** All cache writes; the two below are parts of it. */
  readonly cacheWrite?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
  /** Tokens of server-tool results that were fed back (Gemini `toolUsePromptTokenCount`). */
  readonly toolPrompt?: number;
  readonly outputVisible?: number;
  readonly reasoning?: number;
  readonly inputAudio?: number;
  readonly outputAudio?: number;
  readonly acceptedPrediction?: number;
  readonly rejectedPrediction?: number;
  readonly webSearches?: number;
  readonly webFetches?: number;
  /** Counted here, not by the vendor. */
  readonly estimated?: boolean;
  /** The vendor's own object. */
  readonly native?: Json;
}

/** All input: fresh, cached, written to the cache, fed back from server tools. */
export function inputTotal(usage: Usage): number {
  return (usage.inputFresh ?? 0) + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0) + (usage.toolPrompt ?? 0);
}

/** All output: what the client sees and what the model thought. */
export function outputTotal(usage: Usage): number {
  return (usage.outputVisible ?? 0) + (usage.reasoning ?? 0);
}

/** Splits a total that includes its parts into what is left of it; `undefined` when the total is unknown. */
export function withoutParts(total: number | undefined, ...parts: readonly (number | undefined)[]): number | undefined {
  if (total === undefined) return undefined;
  let rest = total;
  for (const part of parts) rest -= part ?? 0;
  return Math.max(0, rest);
}

/** Later facts replace earlier ones; what the later report leaves out stays. A count by the vendor ends an estimate. */
export function mergeUsage(earlier: Usage | undefined, later: Usage): Usage {
  if (earlier === undefined) return later;
  const { estimated: _estimated, ...counted } = earlier;
  const merged: { -readonly [K in keyof Usage]: Usage[K] } = { ...counted };
  for (const key of Object.keys(later) as (keyof Usage)[]) {
    if (later[key] !== undefined) Object.assign(merged, { [key]: later[key] });
  }
  return merged;
}
