import type { CatalogueModel, ReasoningRequest } from "@dragoman/core";
import type { Config } from "../config/index.ts";
import type { HealthBook } from "../credentials/health-book.ts";
import { createModelIndex, type LearnedModels, type Offer } from "./model-index.ts";
import { readModelName } from "./model-name.ts";
import { createReasoningPolicy } from "./reasoning-policy.ts";
import { Redirects } from "./redirects.ts";
import { Route } from "./route.ts";
import { seatsOf } from "./seats.ts";
import type { Service } from "./service.ts";

/** A model name, understood. */
export interface Reading {
  readonly route: Route;
  readonly reasoning?: ReasoningRequest;
  /** The operator has another model answer to this name. */
  readonly renamed?: true;
}

/** Routes made for names that no list holds; the oldest make room. */
const UNLISTED_ROUTES = 256;

/** Everything that follows from one configuration and the lists learned so far; swapped whole. */
export class Board {
  readonly services: readonly Service[];
  readonly index: ReadonlyMap<string, readonly Offer[]>;
  readonly config: Config;
  readonly #book: HealthBook;
  readonly #routes = new Map<string, Route>();
  readonly #unlisted = new Map<string, Route>();
  readonly #renames: ReadonlyMap<string, string>;
  readonly #redirects: Redirects;
  readonly #policy: ReturnType<typeof createReasoningPolicy>;

  constructor(config: Config, services: readonly Service[], learned: LearnedModels, book: HealthBook) {
    this.config = config;
    this.services = services;
    this.index = createModelIndex(services, learned, config["force-model-prefix"]);
    this.#book = book;
    this.#policy = createReasoningPolicy(config);
    this.#redirects = new Redirects(config["model-redirects"]);
    this.#renames = new Map(config["force-gpt-5-codex"] && this.index.has("gpt-5-codex") ? [["gpt-5", "gpt-5-codex"]] : []);
  }

  /** `newest` answers to `auto`, `otherwise` to what nobody serves. `undefined`: nobody does, and nobody stands in. */
  read(name: string, newest: () => string | undefined, otherwise?: string): Reading | undefined {
    return this.#redirected(this.#redirects.of(name), newest) ?? this.#named(name, newest) ?? this.#redirected(otherwise, newest) ?? this.#redirected(this.#redirects.ofUnserved(name), newest) ?? this.#unserved(name);
  }

  /** Some upstreams answer to names that no list holds. An ending that speaks of reasoning is no part of them. */
  #unserved(name: string): Reading | undefined {
    for (const { base, reasoning } of [...readModelName(name), { base: name, reasoning: undefined }]) {
      const route = this.#offered(base, base, false);
      if (route !== undefined) return this.#withPolicy(route, base, reasoning);
    }
    return undefined;
  }

  /** Redirects are not followed further: two of them could lead in a circle. */
  #redirected(target: string | undefined, newest: () => string | undefined): Reading | undefined {
    const reading = target === undefined ? undefined : this.#named(target, newest);
    return reading === undefined ? undefined : { ...reading, renamed: true };
  }

  #named(name: string, newest: () => string | undefined): Reading | undefined {
    const plain = this.#plain(name, newest);
    if (plain !== undefined) return this.#withPolicy(plain, name, undefined);
    for (const { base, reasoning } of readModelName(name)) {
      const route = this.#plain(base, newest);
      if (route !== undefined) return this.#withPolicy(route, base, reasoning);
    }
    return undefined;
  }

  /** The route of a listed name, whatever the operator's renames. */
  routeOf(name: string): Route | undefined {
    const known = this.#routes.get(name);
    if (known !== undefined) return known;
    const offers = this.index.get(name);
    if (offers === undefined) return undefined;
    const route = this.#make(name, offers);
    this.#routes.set(name, route);
    return route;
  }

  #plain(name: string, newest: () => string | undefined): Route | undefined {
    const listed = this.routeOf(this.#renames.get(name) ?? name);
    if (listed !== undefined) return listed;
    if (name === "auto") {
      const chosen = newest();
      return chosen === undefined ? undefined : this.routeOf(chosen);
    }
    return this.#atService(name);
  }

  /** `service://model`: a model that need not be in any list. What follows the colon goes upstream as it is. */
  #atService(name: string): Route | undefined {
    const at = name.indexOf("://");
    const model = name.slice(at + 3);
    const offered = at <= 0 || model === "" ? undefined : this.#offered(name, model, true);
    if (offered !== undefined) return offered;
    const services = at <= 0 || model === "" ? [] : this.services.filter((service) => service.name === name.slice(0, at));
    if (services.length === 0) return undefined;
    const listing = services.filter((service) => this.#listedAs(service, model) !== undefined);
    // One account may offer several services under its name, each with models of its own.
    const offers = (listing.length > 0 ? listing : services).map((service): Offer => ({ service, model: this.#listedAs(service, model) ?? { name, upstreamModel: model, forceMapping: false } }));
    return this.#keep(name, offers);
  }

  /** Those services that say what they make of the name; with `isNamed`, only the one that the name names. */
  #offered(name: string, model: string, isNamed: boolean): Route | undefined {
    const known = this.#unlisted.get(name);
    if (known !== undefined) return known;
    const services = isNamed ? this.services.filter((service) => name.startsWith(`${service.name}://`)) : this.services;
    if (isNamed && services.some((service) => this.#listedAs(service, model) !== undefined)) return undefined;
    const offers = services.flatMap((service): Offer[] => {
      const found = service.excludes(model) ? undefined : service.unlisted?.(model, isNamed);
      return found === undefined ? [] : [{ service, model: { ...found, name, forceMapping: found.forceMapping && !isNamed } }];
    });
    return offers.length === 0 ? undefined : this.#keep(name, offers);
  }

  #keep(name: string, offers: readonly Offer[]): Route {
    const route = this.#make(name, offers);
    this.#unlisted.set(name, route);
    this.#makeRoom();
    return route;
  }

  /** What the operator said about a model holds for it under this name, too; but its reply keeps the upstream's word. */
  #listedAs(service: Service, model: string): Offer["model"] | undefined {
    const listed = service.models?.find((each) => each.upstreamModel === model);
    return listed === undefined ? undefined : { ...listed, forceMapping: false };
  }

  #makeRoom(): void {
    for (const [name, route] of this.#unlisted) {
      if (this.#unlisted.size <= UNLISTED_ROUTES) return;
      route.dispose();
      this.#unlisted.delete(name);
    }
  }

  #make(name: string, offers: readonly Offer[]): Route {
    return new Route(name, seatsOf(offers, this.#book, this.config["request-retry"]), this.config.routing.strategy);
  }

  #withPolicy(route: Route, name: string, asked: ReasoningRequest | undefined): Reading {
    const reasoning = this.#policy(name, route.name) ?? asked;
    return { route, ...(reasoning !== undefined && { reasoning }), ...(this.#renames.has(name) && { renamed: true as const }) };
  }
}

/** Lists that upstreams gave while running, by upstream name and perhaps address. They outlive configurations. */
export class Learned implements LearnedModels {
  readonly #lists = new Map<string, readonly CatalogueModel[]>();

  learn(upstreamName: string, models: readonly CatalogueModel[], baseUrl?: string): void {
    this.#lists.set(baseUrl === undefined ? upstreamName : `${upstreamName}\n${baseUrl}`, models);
  }

  of(service: Service): readonly CatalogueModel[] | undefined {
    for (const { name, baseUrl } of service.upstreams) {
      const list = this.#lists.get(`${name}\n${baseUrl}`);
      if (list !== undefined) return list;
    }
    return this.#lists.get(service.upstreams[0].name);
  }
}
