import type { Price, VendorPrices } from "../price.ts";

const cached = (input: number, cacheRead: number, output: number): Price => ({ input, cacheRead, output });

export const deepseekPrices: VendorPrices = {
  provider: "deepseek",
  source: "https://api-docs.deepseek.com/quick_start/pricing",
  asOf: "2026-10-27",
  note: "Peak price. Off peak the vendor takes half of it.",
  models: {
    "deepseek-flash": cached(0.3, 0.006, 1.2),
    "deepseek-v4-flash": cached(0.3, 0.006, 1.2),
    "deepseek-v4-pro": cached(1.32, 0.044, 3.96),
  },
};

export const moonshotPrices: VendorPrices = {
  provider: "moonshot",
  source: "https://platform.kimi.ai/docs/pricing/chat",
  asOf: "2026-07-18",
  models: {
    "kimi-k3": cached(3, 0.3, 15),
    "kimi-k2.7-code": cached(0.95, 0.19, 4),
    "kimi-k2.6": cached(0.95, 0.16, 4),
    "kimi-k2.5": cached(0.6, 0.1, 3),
    "kimi-k2-thinking": cached(0.6, 0.15, 2.5),
    "kimi-k2-thinking-turbo": cached(1.15, 0.15, 8),
    "kimi-k2-0905-preview": cached(0.6, 0.15, 2.5),
    "kimi-k2-0711-preview": cached(0.6, 0.15, 2.5),
  },
};

const GLM4 = cached(0.6, 0.11, 2.2);

export const zaiPrices: VendorPrices = {
  provider: "zai",
  source: "https://docs.z.ai/guides/overview/pricing",
  asOf: "2026-08-20",
  note: "Pay per use; a coding plan costs a fixed sum instead.",
  models: {
    "glm-5.3": cached(1.4, 0.26, 4.4),
    "glm-5.2": cached(1.4, 0.26, 4.4),
    "glm-5.1": cached(1.4, 0.26, 4.4),
    "glm-5": cached(1, 0.2, 3.2),
    "glm-4.7": GLM4,
    "glm-4.7-flashx": cached(0.07, 0.01, 0.4),
    "glm-4.7-flash": { input: 0, output: 0 },
    "glm-4.6": GLM4,
    "glm-4.5": GLM4,
    "glm-4.5-air": cached(0.2, 0.03, 1.1),
    "glm-4.5-flash": { input: 0, output: 0 },
  },
};

/** Writing to the cache costs the same for the fast one. */
const m2 = (input: number, cacheRead: number, output: number): Price => ({ input, cacheRead, cacheWrite: 0.375, output });

export const minimaxPrices: VendorPrices = {
  provider: "minimax",
  source: "https://platform.minimax.io/docs/guides/pricing-paygo",
  asOf: "2026-09-11",
  note: "Standard tier.",
  models: {
    "MiniMax-M3": { ...cached(0.3, 0.06, 1.2), tiers: [{ aboveInputTokens: 512_000, ...cached(0.6, 0.12, 2.4) }] },
    "MiniMax-M2.7": m2(0.3, 0.06, 1.2),
    "MiniMax-M2.7-highspeed": m2(0.6, 0.06, 2.4),
    "MiniMax-M2.5": m2(0.3, 0.03, 1.2),
    "MiniMax-M2.1": m2(0.3, 0.03, 1.2),
    "MiniMax-M2": m2(0.3, 0.03, 1.2),
  },
};

/** Steps by length of the input; what the cache held already costs a fifth. */
function steps(...rows: readonly (readonly [aboveInputTokens: number, input: number, output: number])[]): Price {
  const [first, ...rest] = rows.map(([aboveInputTokens, input, output]) => ({ aboveInputTokens, input, output, cacheRead: input / 5 }));
  const { aboveInputTokens: _from, ...price } = first ?? { aboveInputTokens: 0, input: 0, output: 0 };
  return { ...price, ...(rest.length > 0 && { tiers: rest }) };
}

export const alibabaPrices: VendorPrices = {
  provider: "alibaba",
  source: "https://www.alibabacloud.com/help/en/model-studio/models",
  asOf: "2026-05-08",
  note: "International regions.",
  models: {
    "qwen3-max": steps([0, 1.2, 6], [32_000, 2.4, 12], [128_000, 3, 15]),
    "qwen3-coder-plus": steps([0, 1, 5], [32_000, 1.8, 9], [128_000, 3, 15], [256_000, 6, 60]),
    "qwen3-coder-flash": steps([0, 0.3, 1.5], [32_000, 0.5, 2.5], [128_000, 0.8, 4], [256_000, 1.6, 9.6]),
    "qwen-flash": steps([0, 0.05, 0.4], [256_000, 0.25, 2]),
  },
};
