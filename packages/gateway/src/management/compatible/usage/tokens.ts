import { inputTotal, outputTotal, type Usage } from "@dragoman/core";
import type { TokenCounts } from "./contract.ts";

/**
 * Token counts as OpenAI has them, whoever the vendor was: input includes what was cached, output what was thought, and the
 * total is the sum of the two. (The original passes on each vendor's own way of counting.)
 */
export function tokenCounts(usage: Usage | undefined): TokenCounts {
  const input = usage === undefined ? 0 : inputTotal(usage);
  const output = usage === undefined ? 0 : outputTotal(usage);
  return { input_tokens: input, output_tokens: output, reasoning_tokens: usage?.reasoning ?? 0, cached_tokens: usage?.cacheRead ?? 0, total_tokens: input + output };
}

const whole = (count: number): number => (Number.isFinite(count) && count > 0 ? Math.min(Math.floor(count), 1_000_000_000_000) : 0);

/**
 * The other way. Vendors whose output leaves out reasoning (Gemini), or whose input leaves out what was cached (Anthropic), are
 * known by their total; what no reading explains is counted as input, so that the total stays. `undefined`: there were no tokens.
 */
export function usageOfCounts(counts: TokenCounts): Usage | undefined {
  const [input, output, reasoning, cached] = [whole(counts.input_tokens), whole(counts.output_tokens), whole(counts.reasoning_tokens), whole(counts.cached_tokens)];
  const total = whole(counts.total_tokens);
  if (input + output + reasoning + cached + total === 0) return undefined;
  const beyond = total - input - output;
  const thoughtApart = reasoning > 0 && (beyond === reasoning || beyond === reasoning + cached);
  const cachedApart = cached > 0 && (beyond === cached || beyond === reasoning + cached) && !(thoughtApart && beyond === reasoning);
  const cacheRead = cachedApart ? cached : Math.min(cached, input);
  const thought = thoughtApart ? reasoning : Math.min(reasoning, output);
  const explained = input + output + (thoughtApart ? reasoning : 0) + (cachedApart ? cached : 0);
  return {
    inputFresh: input - (cachedApart ? 0 : cacheRead) + Math.max(0, total - explained),
    cacheRead,
    outputVisible: output - (thoughtApart ? 0 : thought),
    reasoning: thought,
  };
}
