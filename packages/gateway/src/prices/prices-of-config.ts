import type { PriceEntry } from "../config/schema/prices.ts";
import type { PriceOverride } from "./price-list.ts";
import type { Price } from "./price.ts";

/** The configuration's words for prices, as the list wants them. */
export function priceOverrides(entries: readonly PriceEntry[]): readonly PriceOverride[] {
  return entries.map((entry) => ({
    model: entry.model,
    ...(entry.provider !== undefined && { provider: entry.provider }),
    price: {
      ...partsOf(entry),
      ...(entry.tiers.length > 0 && { tiers: entry.tiers.map((tier) => ({ aboveInputTokens: tier["above-input-tokens"], ...partsOf(tier) })).sort((a, b) => a.aboveInputTokens - b.aboveInputTokens) }),
    },
  }));
}

type Parts = Pick<PriceEntry, "input" | "output" | "cache-read" | "cache-write" | "cache-write-1h" | "web-search">;

function partsOf(entry: Parts): Omit<Price, "tiers"> {
  return {
    input: entry.input,
    output: entry.output,
    ...(entry["cache-read"] !== undefined && { cacheRead: entry["cache-read"] }),
    ...(entry["cache-write"] !== undefined && { cacheWrite: entry["cache-write"] }),
    ...(entry["cache-write-1h"] !== undefined && { cacheWrite1h: entry["cache-write-1h"] }),
    ...(entry["web-search"] !== undefined && { webSearch: entry["web-search"] }),
  };
}
