import type { Price, VendorPrices } from "../price.ts";

/** Prompts longer than `above` tokens cost twice as much, all of it. */
function grok(input: number, cacheRead: number, output: number, above = 200_000): Price {
  return { input, cacheRead, output, tiers: [{ aboveInputTokens: above, input: input * 2, cacheRead: cacheRead * 2, output: output * 2 }] };
}

const FAST = grok(0.2, 0.05, 0.5, 128_000);

export const xaiPrices: VendorPrices = {
  provider: "xai",
  source: "https://docs.x.ai/developers/pricing",
  asOf: "2026-08-20",
  note: "Tools of the vendor are not counted.",
  exclusive: true,
  models: {
    "grok-4.6": grok(2, 0.5, 6),
    "grok-4.5": grok(2, 0.5, 6),
    "grok-4.3": grok(1.25, 0.2, 2.5),
    "grok-4-1-fast": FAST,
    "grok-4-1-fast-reasoning": FAST,
    "grok-4-1-fast-non-reasoning": FAST,
    "grok-4-fast": FAST,
    "grok-4-fast-reasoning": FAST,
    "grok-4-fast-non-reasoning": FAST,
    "grok-4": grok(3, 0.75, 15, 128_000),
    "grok-4-0709": grok(3, 0.75, 15, 128_000),
    "grok-code-fast-1": { input: 0.2, cacheRead: 0.02, output: 1.5 },
    "grok-3": { input: 3, cacheRead: 0.75, output: 15 },
    "grok-3-mini": { input: 0.3, cacheRead: 0.075, output: 0.5 },
  },
};
