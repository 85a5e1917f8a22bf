import type { PriceCatalogue } from "../price.ts";
import { anthropicPrices } from "./anthropic.ts";
import { alibabaPrices, deepseekPrices, minimaxPrices, moonshotPrices, zaiPrices } from "./asia.ts";
import { googlePrices } from "./google.ts";
import { cerebrasPrices, groqPrices, mistralPrices, togetherPrices } from "./open-weights.ts";
import { openaiPrices } from "./openai.ts";
import { xaiPrices } from "./xai.ts";

/**
 * The list that comes with this version: from vendors' pages, copies of them, and lists that others keep. Where those
 * disagree a model is left out, and its cost is shown as unknown. Who bills by it compares it with the vendor's page first.
 */
export const CATALOGUE: PriceCatalogue = {
  date: "2026-11-21",
  vendors: [
    openaiPrices, anthropicPrices, googlePrices, xaiPrices, deepseekPrices, mistralPrices, moonshotPrices, zaiPrices, minimaxPrices, alibabaPrices,
    groqPrices, cerebrasPrices, togetherPrices,
  ],
};
