import type { CatalogueModel, ModelListing } from "@dragoman/core";
import type { Gateway, Logger } from "@dragoman/gateway";
import { fetchUpstream } from "./fetch-upstream.ts";

/** An upstream that is slower than this is asked again at the next start. */
const LIST_TIMEOUT_MS = 10_000;

/** Asks every upstream that publishes its models for them, all at once; those that fail keep the built-in list. */
export async function learnModels(gateway: Gateway, proxyUrl: string, logger: Logger): Promise<void> {
  const { switchboard } = gateway.engine;
  await Promise.all(switchboard.listable().map(async ({ upstream, credential }) => {
    const { listing } = upstream.provider;
    if (listing === undefined) return;
    try {
      const auth = upstream.provider.auth;
      const headers: Record<string, string> = { "user-agent": "dragoman", "anthropic-version": "2023-06-01", ...credential.headers };
      if (credential.apiKey !== undefined) headers[auth.header] = auth.scheme === undefined ? credential.apiKey : `${auth.scheme} ${credential.apiKey}`;
      const response = await fetchUpstream(`${upstream.baseUrl}${listing.path}`, {
        method: "GET", headers, signal: AbortSignal.timeout(LIST_TIMEOUT_MS), proxyUrl: credential.proxyUrl ?? (proxyUrl === "" ? undefined : proxyUrl),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const models = readListing(await response.json(), listing);
      if (models.length > 0) switchboard.learnModels(upstream.name, models, upstream.baseUrl);
      logger.log("debug", "models.learned", { provider: upstream.name, models: models.length });
    } catch (error) {
      logger.log("debug", "models.unlisted", { provider: upstream.name, reason: error instanceof Error ? error.message : String(error) });
    }
  }));
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
