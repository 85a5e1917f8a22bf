import type { CatalogueModel, ModelListing } from "@dragoman/core";
import { nextProxy, type Config, type Gateway, type Logger } from "@dragoman/gateway";
import { fetchUpstream } from "./fetch-upstream.ts";

/** An upstream that is slower than this is asked again another time. */
const LIST_TIMEOUT_MS = 10_000;

type Listable = ReturnType<Gateway["engine"]["switchboard"]["listable"]>[number];

/** Asks upstreams that publish their models for them. Those that fail keep the built-in list, and are asked again at the next occasion. */
export class ModelLearner {
  readonly #gateway: Gateway;
  readonly #logger: Logger;
  readonly #known = new Set<string>();

  constructor(gateway: Gateway, logger: Logger) {
    this.#gateway = gateway;
    this.#logger = logger;
  }

  /** All at once, each upstream until it has answered. */
  async learn(config: Config): Promise<void> {
    await Promise.all(this.#gateway.engine.switchboard.listable().map((listable) => this.#ask(listable, config)));
  }

  async #ask({ upstream, credential }: Listable, config: Config): Promise<void> {
    const { listing, auth } = upstream.provider;
    const place = `${upstream.name}\n${upstream.baseUrl}`;
    if (listing === undefined || this.#known.has(place)) return;
    this.#known.add(place);
    try {
      const headers: Record<string, string> = { "user-agent": "dragoman", "anthropic-version": "2023-06-01", ...credential.headers };
      if (credential.apiKey !== undefined) headers[auth.header] = auth.scheme === undefined ? credential.apiKey : `${auth.scheme} ${credential.apiKey}`;
      const response = await fetchUpstream(`${upstream.baseUrl}${listing.path}`, {
        method: "GET", headers, signal: AbortSignal.timeout(LIST_TIMEOUT_MS), proxyUrl: credential.proxyUrl ?? nextProxy(config),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const models = readListing(await response.json(), listing);
      if (models.length > 0) this.#gateway.engine.switchboard.learnModels(upstream.name, models, upstream.baseUrl);
      this.#logger.log("debug", "models.learned", { provider: upstream.name, models: models.length });
    } catch (error) {
      this.#known.delete(place);
      this.#logger.log("debug", "models.unlisted", { provider: upstream.name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

function readListing(body: unknown, listing: ModelListing): readonly CatalogueModel[] {
  const rows = (body as Record<string, unknown> | null)?.[listing.listAt];
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    const id = (row as Record<string, unknown> | null)?.[listing.idAt];
    if (typeof id !== "string") return [];
    const created = (row as { created?: unknown }).created;
    return [{ id: listing.stripPrefix !== undefined && id.startsWith(listing.stripPrefix) ? id.slice(listing.stripPrefix.length) : id, ...(typeof created === "number" && { created }) }];
  });
}
