import { providerOfId } from "@dragoman/core";
import { namePattern } from "../routing/pattern.ts";
import { CATALOGUE } from "./catalogue/index.ts";
import { listedNames } from "./model-names.ts";
import type { FoundPrice, ListedPrice, Price, PriceCatalogue, PriceList, VendorPrices } from "./price.ts";

/** What the operator says, over every list. The first that fits wins. */
export interface PriceOverride {
  /** Pattern with `*`. */
  readonly model: string;
  /** Id of a provider's description, or an upstream's name. Absent: all. */
  readonly provider?: string;
  readonly price: Price;
}

export interface PriceListOptions {
  readonly overrides?: readonly PriceOverride[];
  /** Goes over the bundle, model by model. */
  readonly file?: PriceCatalogue;
  readonly catalogue?: PriceCatalogue;
}

/** Questions whose answer is remembered. */
const REMEMBERED = 4096;
const FREE: FoundPrice = { price: { input: 0, output: 0 }, source: "local" };
/** Models that a local server only passes on to its maker's cloud, and variants that a market gives away. */
const PASSED_ON = /[-:]cloud$/;
const GIVEN_AWAY = /:free$/;

export function createPriceList(options: PriceListOptions = {}): PriceList {
  return new LayeredPrices(options);
}

type Shelf = Map<string, FoundPrice>;
type Override = PriceOverride & { readonly fits: (model: string) => boolean };

class LayeredPrices implements PriceList {
  readonly #overrides: readonly Override[];
  readonly #shelves = new Map<string, Shelf>();
  /** Models that only one vendor makes, whoever serves them. */
  readonly #exclusive: Shelf = new Map();
  readonly #makers = new Set<string>();
  readonly #answers = new Map<string, FoundPrice | undefined>();
  readonly vendors: readonly VendorPrices[];
  readonly date: string;

  constructor({ overrides = [], file, catalogue = CATALOGUE }: PriceListOptions) {
    this.#overrides = overrides.map((override) => ({ ...override, fits: namePattern(override.model) }));
    for (const vendor of catalogue.vendors) this.#shelve(vendor, "catalogue");
    for (const vendor of file?.vendors ?? []) this.#shelve(vendor, "file");
    this.vendors = [...(file?.vendors ?? []), ...catalogue.vendors];
    this.date = file !== undefined && file.date > catalogue.date ? file.date : catalogue.date;
  }

  priceOf(provider: string, model: string, upstream?: string): Price | undefined {
    return this.find(provider, model, upstream)?.price;
  }

  find(provider: string, model: string, upstream = ""): FoundPrice | undefined {
    const question = `${provider}\n${upstream}\n${model}`;
    if (this.#answers.has(question)) return this.#answers.get(question);
    if (this.#answers.size >= REMEMBERED) this.#answers.clear();
    const answer = this.#look(provider, model, upstream);
    this.#answers.set(question, answer);
    return answer;
  }

  all(): readonly ListedPrice[] {
    const told = this.#overrides.map(({ model, provider, price }): ListedPrice => ({ model, ...(provider !== undefined && { provider }), price, source: "configuration" }));
    return [...told, ...[...this.#shelves].flatMap(([provider, shelf]) => [...shelf].map(([model, found]): ListedPrice => ({ provider, model, ...found })))];
  }

  #shelve(vendor: VendorPrices, source: "catalogue" | "file"): void {
    const shelf = this.#shelves.get(vendor.provider) ?? new Map<string, FoundPrice>();
    this.#shelves.set(vendor.provider, shelf);
    if (vendor.exclusive === true) this.#makers.add(vendor.provider);
    for (const [model, price] of Object.entries(vendor.models)) {
      const name = model.toLowerCase();
      const found: FoundPrice = { price, source };
      shelf.set(name, found);
      if (this.#makers.has(vendor.provider)) this.#exclusive.set(name, found);
    }
  }

  #look(provider: string, model: string, upstream: string): FoundPrice | undefined {
    for (const override of this.#overrides) {
      if (isAt(override, provider, upstream) && override.fits(model)) return { price: override.price, source: "configuration" };
    }
    const names = listedNames(model);
    const own = this.#shelves.get(provider);
    const listed = own === undefined ? undefined : onShelf(own, names);
    if (listed !== undefined) return listed;
    if (providerOfId(provider)?.local === true) return PASSED_ON.test(model) ? undefined : FREE;
    if (GIVEN_AWAY.test(model)) return { price: FREE.price, source: "catalogue" };
    return onShelf(this.#exclusive, names);
  }
}

function isAt({ provider: wanted }: PriceOverride, provider: string, upstream: string): boolean {
  const name = wanted?.toLowerCase();
  return name === undefined || name === provider.toLowerCase() || name === upstream.toLowerCase();
}

function onShelf(shelf: Shelf, names: readonly string[]): FoundPrice | undefined {
  for (const name of names) {
    const found = shelf.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
