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
  readonly tiers?: readonly PriceTier[];
}

export type PriceTier = Omit<Price, "tiers"> & { readonly aboveInputTokens: number };

/** Who said so: the bundle, the price file, the configuration, or nobody needed to: the server stands on this machine. */
export type PriceSource = "catalogue" | "file" | "configuration" | "local";

export interface FoundPrice {
  readonly price: Price;
  readonly source: PriceSource;
}

/** One line of the whole list. */
export interface ListedPrice extends FoundPrice {
  /** Id of a provider's description; absent: whoever serves the model. */
  readonly provider?: string;
  /** Name, or pattern with `*`. */
  readonly model: string;
}

/** Prices of one vendor, with the page where it publishes them. */
export interface VendorPrices {
  /** Id of the provider's description. */
  readonly provider: string;
  /** Address of the vendor's price page. */
  readonly source?: string;
  /** About when they held, `YYYY-MM-DD`: not all were read off the vendor's own page on that very day. */
  readonly asOf?: string;
  /** What the numbers leave out. */
  readonly note?: string;
  /** Nobody else makes these models: they cost the same through a relay, a cloud or a market. */
  readonly exclusive?: boolean;
  readonly models: Readonly<Record<string, Price>>;
}

/** A dated list: the bundle, or a price file. */
export interface PriceCatalogue {
  /** Day at which it holds, `YYYY-MM-DD`. */
  readonly date: string;
  readonly vendors: readonly VendorPrices[];
}

/** Finds what an attempt costs. Work per question does not grow with the catalogue. */
export interface PriceList {
  /** `provider` is the id of a description, `upstream` what the configuration calls it. `undefined`: nobody has said. Unknown is not free. */
  priceOf(provider: string, model: string, upstream?: string): Price | undefined;
  /** The same, and who says so. */
  find(provider: string, model: string, upstream?: string): FoundPrice | undefined;
  /** Day of the newest list that is in force, `YYYY-MM-DD`. */
  readonly date: string;
  /** Every line, those that win first. */
  all(): readonly ListedPrice[];
  readonly vendors: readonly VendorPrices[];
}
