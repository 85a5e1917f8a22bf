import type { Price, VendorPrices } from "../price.ts";

const flat = (input: number, output: number): Price => ({ input, output, cacheRead: input / 10 });

/** Models that cost more once a prompt is longer than 200k tokens. */
function pro(input: number, output: number, longOutput: number): Price {
  return { ...flat(input, output), tiers: [{ ...flat(input * 2, longOutput), aboveInputTokens: 200_000 }] };
}

export const googlePrices: VendorPrices = {
  provider: "google",
  source: "https://ai.google.dev/gemini-api/docs/pricing",
  asOf: "2026-10-07",
  note: "Paid tier. Audio costs as text here; storage of caches and searches are not counted. 3.7 and 3.8 Flash at their introductory price.",
  exclusive: true,
  models: {
    "gemini-3.8-flash": flat(0.75, 3.75),
    "gemini-3.7-flash": flat(0.75, 3.75),
    "gemini-3.5-flash": flat(1.5, 9),
    "gemini-3.5-flash-lite": flat(0.3, 2.5),
    "gemini-3.1-pro-preview": pro(2, 12, 18),
    "gemini-3.1-flash-lite": flat(0.25, 1.5),
    "gemini-3.1-flash-lite-preview": flat(0.25, 1.5),
    "gemini-3-pro-preview": pro(2, 12, 18),
    "gemini-3-flash-preview": flat(0.5, 3),
    "gemini-2.5-pro": pro(1.25, 10, 15),
    "gemini-2.5-flash": flat(0.3, 2.5),
    "gemini-2.5-flash-lite": flat(0.1, 0.4),
    "gemini-2.0-flash": { input: 0.1, output: 0.4, cacheRead: 0.025 },
    "gemini-2.0-flash-lite": { input: 0.075, output: 0.3 },
    "gemini-embedding-001": { input: 0.15, output: 0 },
  },
};
