import type { CatalogueModel } from "@dragoman/core";
import type { OfferedModel, Service } from "./service.ts";

/** One service's offer of one model. */
export interface Offer {
  readonly service: Service;
  readonly model: OfferedModel;
}

/** What upstreams said about their models while running. */
export interface LearnedModels {
  of(service: Service): readonly CatalogueModel[] | undefined;
}

/** All names that clients may use and who answers to them. Built once for a configuration; looking up is one step. */
export function createModelIndex(services: readonly Service[], learned: LearnedModels, forcePrefix: boolean): ReadonlyMap<string, readonly Offer[]> {
  const index = new Map<string, Offer[]>();
  for (const service of services) {
    for (const model of modelsKnownOf(service, learned)) {
      for (const name of namesOf(model.name, service.prefix, forcePrefix)) {
        const offers = index.get(name);
        if (offers === undefined) index.set(name, [{ service, model }]);
        else offers.push({ service, model });
      }
    }
  }
  return index;
}

function namesOf(name: string, prefix: string | undefined, forcePrefix: boolean): string[] {
  if (prefix === undefined) return [name];
  // A model that bears the prefix itself as its name stays reachable under it.
  return forcePrefix && name !== prefix ? [`${prefix}/${name}`] : [name, `${prefix}/${name}`];
}

/** What a service would offer, also when it is switched off. */
export function modelsKnownOf(service: Service, learned: LearnedModels): readonly OfferedModel[] {
  return modelsOf(service, learned).filter((model) => !service.excludes(model.name) && !service.excludes(model.upstreamModel));
}

function modelsOf(service: Service, learned: LearnedModels): readonly OfferedModel[] {
  if (service.models !== undefined) return service.models;
  const list = learned.of(service);
  return (list === undefined ? service.catalogue : withShortNames(list, service.catalogue)).map(asOffered);
}

/**
 * The upstream's own list, with the catalogue's facts about what is in it. Names of the catalogue that stand for a
 * dated one of the list (`claude-opus-4-5` for `claude-opus-4-5-20251101`) stay: vendors take them, but do not list them.
 */
function withShortNames(list: readonly CatalogueModel[], catalogue: readonly CatalogueModel[]): CatalogueModel[] {
  const known = new Map(catalogue.map((model) => [model.id, model]));
  const listed = new Set(list.map((model) => model.id));
  const short = catalogue.filter((model) => !listed.has(model.id) && list.some((other) => isDated(other.id, model.id)));
  return [...list.map((model) => ({ ...known.get(model.id), ...model })), ...short];
}

function isDated(id: string, short: string): boolean {
  return id.startsWith(`${short}-`) && /^\d{4}/.test(id.slice(short.length + 1));
}

function asOffered(model: CatalogueModel): OfferedModel {
  const { id, ...facts } = model;
  return {
    name: id, upstreamModel: id, forceMapping: false, ...facts,
    capabilities: {
      ...(model.contextTokens !== undefined && { contextTokens: model.contextTokens }),
      ...(model.maxOutputTokens !== undefined && { maxOutputTokens: model.maxOutputTokens }),
    },
  };
}
