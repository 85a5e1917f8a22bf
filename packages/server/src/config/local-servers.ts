import { type CatalogueModel, type ModelListing, PROVIDERS, type Provider } from "@dragoman/core";
import type { DiscoveredUpstream } from "@dragoman/gateway";

/** A server on this machine answers at once, or it is not there. */
const PROBE_MS = 300;

type Fetch = (url: string, init: { readonly signal: AbortSignal; readonly redirect: "error" }) => Promise<Response>;

export interface LocalServer extends DiscoveredUpstream {
  readonly baseUrl: string;
  readonly models: readonly CatalogueModel[];
}

/** Asks the usual ports of local model servers for their models, all at once. */
export async function findLocalServers(fetch: Fetch, providers: readonly Provider[] = PROVIDERS): Promise<readonly LocalServer[]> {
  const found = await Promise.all(providers.filter(({ local, baseUrl }) => local === true && baseUrl.startsWith("http")).map((provider) => probe(fetch, provider)));
  return found.filter((server) => server !== undefined);
}

async function probe(fetch: Fetch, provider: Provider): Promise<LocalServer | undefined> {
  const { listing } = provider;
  if (listing === undefined) return undefined;
  const baseUrl = provider.baseUrl.replace("//localhost", "//127.0.0.1");
  const signal = AbortSignal.timeout(PROBE_MS);
  try {
    const response = await within(signal, fetch(`${baseUrl}${listing.path}`, { signal, redirect: "error" }));
    const models = response.ok ? readModels(await within(signal, response.json()), listing) : undefined;
    return models === undefined ? undefined : { providerId: provider.id, name: provider.id, baseUrl, models };
  } catch {
    return undefined; // Nobody there, or somebody else.
  }
}

/** Holds also for a `fetch` that does not look at its signal. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return Promise.race([work, new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))]);
}

/** `undefined` when the reply is no list of models: other programs use these ports, too. A server without models may say `null`. */
function readModels(body: unknown, listing: ModelListing): readonly CatalogueModel[] | undefined {
  const named = (body as Record<string, unknown> | null)?.[listing.listAt];
  const rows: unknown = named === null ? [] : named;
  if (!Array.isArray(rows)) return undefined;
  const ids = rows.map((row: unknown) => (row as Record<string, unknown> | null)?.[listing.idAt]);
  if (!ids.every((id) => typeof id === "string")) return undefined;
  return ids.map((id) => ({ id: listing.stripPrefix !== undefined && id.startsWith(listing.stripPrefix) ? id.slice(listing.stripPrefix.length) : id }));
}
