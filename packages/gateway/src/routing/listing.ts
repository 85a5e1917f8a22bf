import type { ModelInfo } from "@dragoman/core";
import type { HealthBook } from "../credentials/health-book.ts";
import type { Board } from "./board.ts";
import type { Offer } from "./model-index.ts";

/** What a list needs to know of the moment. */
export interface ListingContext {
  readonly board: Board;
  readonly book: HealthBook;
  /** Epoch ms. */
  readonly now: number;
  /** Epoch seconds, for models whose age nobody knows. */
  readonly startedAt: number;
}

/**
 * All models that are offered now. A model whose credentials only wait for a quota stays in the list; one that all of
 * its credentials were refused for does not.
 */
export function listModels(context: ListingContext): ModelInfo[] {
  const listed: ModelInfo[] = [];
  for (const [name, offers] of context.board.index) {
    const model = listedModel(name, offers, context);
    if (model !== undefined) listed.push(model);
  }
  return listed;
}

export function listedModel(name: string, offers: readonly Offer[], context: ListingContext): ModelInfo | undefined {
  const [first] = offers;
  if (first === undefined || !offers.some((offer) => isOffered(offer, context))) return undefined;
  const { model, service } = first;
  return {
    id: name,
    ownedBy: service.ownedBy,
    created: model.created ?? context.startedAt,
    ...(model.displayName !== undefined && { displayName: model.displayName }),
    ...(model.contextTokens !== undefined && { contextTokens: model.contextTokens }),
    ...(model.maxOutputTokens !== undefined && { maxOutputTokens: model.maxOutputTokens }),
  };
}

function isOffered({ service, model }: Offer, { book, now }: ListingContext): boolean {
  return service.credentials.some((credential) => {
    const health = book.find(credential.id, model.upstreamModel);
    return health === undefined || health.blockedUntilAt <= now || !health.blocking.suspends;
  });
}

/** The newest listed model that can be used at once; else the newest that is listed. */
export function newestModel(context: ListingContext): string | undefined {
  const listed = listModels(context).sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1));
  const usable = listed.find(({ id }) => context.board.index.get(id)?.some((offer) => isUsable(offer, context)));
  return (usable ?? listed[0])?.id;
}

function isUsable({ service, model }: Offer, { book, now }: ListingContext): boolean {
  return service.credentials.some((credential) => (book.find(credential.id, model.upstreamModel)?.blockedUntilAt ?? 0) <= now);
}
