import type { VendorPrices } from "../price.ts";

export const mistralPrices: VendorPrices = {
  provider: "mistral",
  source: "https://mistral.ai/pricing",
  asOf: "2025-12-31",
  note: "Names with a date, and those whose newest release is known.",
  models: {
    "mistral-large-2512": { input: 0.5, output: 1.5 },
    "mistral-large-2411": { input: 2, output: 6 },
    "mistral-medium-2508": { input: 0.4, output: 2 },
    "mistral-medium-2505": { input: 0.4, output: 2 },
    "mistral-small-2506": { input: 0.1, output: 0.3 },
    "codestral-2508": { input: 0.3, output: 0.9 },
    "codestral-latest": { input: 0.3, output: 0.9 },
    "devstral-2512": { input: 0.4, output: 2 },
    "devstral-medium-2507": { input: 0.4, output: 2 },
    "devstral-medium-latest": { input: 0.4, output: 2 },
    "devstral-small-2507": { input: 0.1, output: 0.3 },
    "magistral-medium-2509": { input: 2, output: 5 },
    "magistral-medium-latest": { input: 2, output: 5 },
    "magistral-small-2509": { input: 0.5, output: 1.5 },
    "ministral-8b-2410": { input: 0.1, output: 0.1 },
    "ministral-3b-2410": { input: 0.04, output: 0.04 },
    "pixtral-large-2411": { input: 2, output: 6 },
    "open-mistral-nemo": { input: 0.15, output: 0.15 },
    "mistral-embed": { input: 0.1, output: 0 },
  },
};

export const groqPrices: VendorPrices = {
  provider: "groq",
  source: "https://groq.com/pricing",
  asOf: "2025-12-31",
  models: {
    "openai/gpt-oss-120b": { input: 0.15, cacheRead: 0.075, output: 0.6 },
    "openai/gpt-oss-20b": { input: 0.075, cacheRead: 0.0375, output: 0.3 },
    "llama-3.3-70b-versatile": { input: 0.59, output: 0.79 },
    "llama-3.1-8b-instant": { input: 0.05, output: 0.08 },
    "meta-llama/llama-4-scout-17b-16e-instruct": { input: 0.11, output: 0.34 },
    "qwen/qwen3-32b": { input: 0.29, output: 0.59 },
  },
};

export const cerebrasPrices: VendorPrices = {
  provider: "cerebras",
  source: "https://inference-docs.cerebras.ai/models/overview",
  asOf: "2026-06-12",
  models: { "gpt-oss-120b": { input: 0.35, output: 0.75 } },
};

export const togetherPrices: VendorPrices = {
  provider: "together",
  source: "https://www.together.ai/pricing",
  asOf: "2025-12-31",
  models: { "openai/gpt-oss-120b": { input: 0.15, output: 0.6 } },
};
