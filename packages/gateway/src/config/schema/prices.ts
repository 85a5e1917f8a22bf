import { z } from "zod";
import { live } from "./fields.ts";

const dollars = z.number().nonnegative();
const parts = {
  input: dollars.meta(live("Dollars per million input tokens.")),
  output: dollars.meta(live("Dollars per million output tokens, reasoning included.")),
  "cache-read": dollars.optional().meta(live("Dollars per million tokens read from a cache. Absent: as input.")),
  "cache-write": dollars.optional().meta(live("Dollars per million tokens written to a cache. Absent: as input.")),
  "cache-write-1h": dollars.optional().meta(live("Dollars per million tokens written to a cache for an hour. Absent: as `cache-write`.")),
  "web-search": dollars.optional().meta(live("Dollars per thousand searches by the vendor's own tool.")),
};

const tier = z.strictObject({
  "above-input-tokens": z.int().positive().meta(live("The tier holds for the whole request once its input is longer than this.")),
  ...parts,
});

const priceEntry = z.strictObject({
  model: z.string().trim().min(1).meta(live("Upstream model; `*` stands for any run of characters.")),
  provider: z.string().trim().min(1).optional().meta(live("Only at this provider: its id, or the name of the upstream. Absent: everywhere.")),
  ...parts,
  tiers: z.array(tier).default([]).meta(live("Prices of long requests.")),
});
export type PriceEntry = z.infer<typeof priceEntry>;

/** What models cost where the bundled list does not say it, or says it wrong. */
export const pricesShape = {
  prices: z.array(priceEntry).default([]).meta(live("Prices that go over the price file and the bundled list; the first entry that fits wins. In US dollars.")),
};
