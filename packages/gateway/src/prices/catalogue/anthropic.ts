import type { Price, VendorPrices } from "../price.ts";

/** A cache write costs 1.25 times the input, for an hour twice the input; a cache read a tenth unless said otherwise. */
function claude(input: number, output: number, cacheRead: number = input / 10): Price {
  return { input, output, cacheRead, cacheWrite: input * 1.25, cacheWrite1h: input * 2, webSearch: 10 };
}

/** Sonnet 4 and 4.5 read a million tokens in beta; beyond 200k the whole request costs more. */
const LONG_SONNET: Price = { ...claude(3, 15), tiers: [{ ...claude(6, 22.5), aboveInputTokens: 200_000 }] };

export const anthropicPrices: VendorPrices = {
  provider: "anthropic",
  source: "https://platform.claude.com/docs/en/about-claude/pricing",
  asOf: "2026-11-21",
  note: "Without fast mode and regional surcharges.",
  exclusive: true,
  models: {
    "claude-fable-5-1": claude(10, 50, 0.25),
    "claude-fable-5": claude(10, 50),
    "claude-opus-5-5": claude(4, 20, 0.2),
    "claude-opus-5": claude(5, 25),
    "claude-opus-4-8": claude(5, 25),
    "claude-opus-4-7": claude(5, 25),
    "claude-opus-4-6": claude(5, 25),
    "claude-opus-4-5": claude(5, 25),
    "claude-opus-4-1": claude(15, 75),
    "claude-opus-4": claude(15, 75),
    "claude-opus-4-0": claude(15, 75),
    "claude-sonnet-5": claude(2, 10),
    "claude-sonnet-4-6": claude(3, 15),
    "claude-sonnet-4-5": LONG_SONNET,
    "claude-sonnet-4": LONG_SONNET,
    "claude-sonnet-4-0": LONG_SONNET,
    "claude-3-7-sonnet": claude(3, 15),
    "claude-3-5-sonnet": claude(3, 15),
    "claude-haiku-4-5": claude(1, 5),
    "claude-3-5-haiku": claude(0.8, 4),
    "claude-3-opus": claude(15, 75),
    "claude-3-haiku": { input: 0.25, output: 1.25, cacheRead: 0.03, cacheWrite: 0.3, cacheWrite1h: 0.5 },
  },
};
