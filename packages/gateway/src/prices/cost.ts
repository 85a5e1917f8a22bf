import { inputTotal, type Usage } from "@dragoman/core";
import type { Price } from "./price.ts";

/** Tokens times dollars per million times this is billionths of a dollar. */
const NANO_PER_MICRO = 1000;

/** What an answer cost, in billionths of a dollar, rounded to a whole one. */
export function costOf(usage: Usage, price: Price): number {
  const rate = tierFor(inputTotal(usage), price);
  const cacheWrite = rate.cacheWrite ?? rate.input;
  const writtenForAnHour = usage.cacheWrite1h ?? 0;
  const microDollars =
    ((usage.inputFresh ?? 0) + (usage.toolPrompt ?? 0)) * rate.input +
    (usage.cacheRead ?? 0) * (rate.cacheRead ?? rate.input) +
    Math.max(0, (usage.cacheWrite ?? 0) - writtenForAnHour) * cacheWrite +
    writtenForAnHour * (rate.cacheWrite1h ?? cacheWrite) +
    ((usage.outputVisible ?? 0) + (usage.reasoning ?? 0)) * rate.output +
    (usage.webSearches ?? 0) * (rate.webSearch ?? 0) * NANO_PER_MICRO;
  return Math.round(microDollars * NANO_PER_MICRO);
}

/** A request is priced whole by the highest tier that its input reaches, in whatever order tiers are listed. */
function tierFor(inputTokens: number, price: Price): Omit<Price, "tiers"> {
  let rate: Omit<Price, "tiers"> = price;
  let reached = 0;
  for (const tier of price.tiers ?? []) {
    if (inputTokens <= tier.aboveInputTokens || tier.aboveInputTokens < reached) continue;
    rate = tier;
    reached = tier.aboveInputTokens;
  }
  return rate;
}
