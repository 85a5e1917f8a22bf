import type { Price, VendorPrices } from "../price.ts";

const flat = (input: number, cacheRead: number, output: number): Price => ({ input, cacheRead, output });

/** From GPT-5.6 on writing to the cache costs a quarter more than input. Beyond 272k input tokens the whole request costs twice for input, half as much again for output. */
function long(input: number, cacheRead: number, output: number, writesCost = true): Price {
  const short = { input, cacheRead, output, ...(writesCost && { cacheWrite: input * 1.25 }) };
  return { ...short, tiers: [{ aboveInputTokens: 272_000, input: input * 2, cacheRead: cacheRead * 2, output: output * 1.5, ...(writesCost && { cacheWrite: input * 2.5 }) }] };
}

const GPT5 = flat(1.25, 0.125, 10);
const GPT52 = flat(1.75, 0.175, 14);
const MINI = flat(0.25, 0.025, 2);

export const openaiPrices: VendorPrices = {
  provider: "openai",
  source: "https://developers.openai.com/api/docs/pricing",
  asOf: "2026-11-05",
  note: "Standard tier. Audio is not priced apart.",
  exclusive: true,
  models: {
    "gpt-6.1-sol": long(2, 0.1, 10),
    "gpt-6-astra": long(10, 1, 50),
    "gpt-6-sol": long(2, 0.2, 10),
    "gpt-6-luna": long(0.1, 0.01, 0.5),
    "gpt-5.6-terra": long(2, 0.2, 12),
    "gpt-5.6-luna": long(0.2, 0.02, 1.2),
    "gpt-5.5": long(5, 0.5, 30, false),
    "gpt-5.4": long(2.5, 0.25, 15, false),
    "gpt-5.4-mini": flat(0.75, 0.075, 4.5),
    "gpt-5.4-nano": flat(0.2, 0.02, 1.25),
    "gpt-5.3-codex": GPT52,
    "gpt-5.2": GPT52,
    "gpt-5.2-codex": GPT52,
    "gpt-5.2-chat-latest": GPT52,
    "gpt-5.2-pro": { input: 21, output: 168 },
    "gpt-5.1": GPT5,
    "gpt-5.1-codex": GPT5,
    "gpt-5.1-codex-max": GPT5,
    "gpt-5.1-codex-mini": MINI,
    "gpt-5.1-chat-latest": GPT5,
    "gpt-5": GPT5,
    "gpt-5-codex": GPT5,
    "gpt-5-chat-latest": GPT5,
    "gpt-5-mini": MINI,
    "gpt-5-nano": flat(0.05, 0.005, 0.4),
    "gpt-5-pro": { input: 15, output: 120 },
    "gpt-4.1": flat(2, 0.5, 8),
    "gpt-4.1-mini": flat(0.4, 0.1, 1.6),
    "gpt-4.1-nano": flat(0.1, 0.025, 0.4),
    "gpt-4o": flat(2.5, 1.25, 10),
    "gpt-4o-2024-05-13": { input: 5, output: 15 },
    "gpt-4o-mini": flat(0.15, 0.075, 0.6),
    "gpt-4-turbo": { input: 10, output: 30 },
    "gpt-4": { input: 30, output: 60 },
    "gpt-3.5-turbo": { input: 0.5, output: 1.5 },
    "o4-mini": flat(1.1, 0.275, 4.4),
    "o3": flat(2, 0.5, 8),
    "o3-mini": flat(1.1, 0.55, 4.4),
    "o3-pro": { input: 20, output: 80 },
    "o1": flat(15, 7.5, 60),
    "o1-mini": flat(1.1, 0.55, 4.4),
    "o1-pro": { input: 150, output: 600 },
    "codex-mini-latest": flat(1.5, 0.375, 6),
    "text-embedding-3-small": { input: 0.02, output: 0 },
    "text-embedding-3-large": { input: 0.13, output: 0 },
    "text-embedding-ada-002": { input: 0.1, output: 0 },
  },
};
