import type { PriceCatalogue } from "../price.ts";
import { anthropicPrices } from "./anthropic.ts";
import { alibabaPrices, deepseekPrices, minimaxPrices, moonshotPrices, zaiPrices } from "./asia.ts";
import { googlePrices } from "./google.ts";
import { cerebrasPrices, groqPrices, mistralPrices, togetherPrices } from "./open-weights.ts";
import { openaiPrices } from "./openai.ts";
import { xaiPrices } from "./xai.ts";

/** The list that comes with this version. A model whose price was not certain is left out: its cost is shown as unknown. */
export const CATALOGUE: PriceCatalogue = {
  date: "2026-11-21",
  vendors: [
    openaiPrices, anthropicPrices, googlePrices, xaiPrices, deepseekPrices, mistralPrices, moonshotPrices, zaiPrices, minimaxPrices, alibabaPrices,
    groqPrices, cerebrasPrices, togetherPrices,
  ],
};
