/** What a model costs, in US dollars per million tokens. A part without a price of its own costs as the part it belongs to. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Input that was read from a cache; else as `input`. */
  readonly cacheRead?: number;
  /** Input that was written to a cache, for the vendor's usual time; else as `input`. */
  readonly cacheWrite?: number;
  /** Input that was written to a cache for an hour; else as `cacheWrite`. */
  readonly cacheWrite1h?: number;
  /** Dollars per thousand searches by the vendor's own tool. */
  readonly webSearch?: number;
  /** Prices of the whole request once its input, cached or not, is longer than `aboveInputTokens`; the highest tier that applies. */
  readonly tiers?: readonly (Omit<Price, "tiers"> & { readonly aboveInputTokens: number })[];
}

/** Finds what an attempt costs. Work per question does not grow with the catalogue. */
export interface PriceList {
  /** `undefined`: nobody has said. Unknown is not free. */
  priceOf(provider: string, model: string): Price | undefined;
}
