import { bearerOf, KEY_PARAMETERS } from "../access/client-keys.ts";
import type { Presented } from "../access/guard.ts";

/** Where the upstream's key may stand, beside the bearer token. */
const UPSTREAM_KEY_HEADERS: readonly string[] = ["x-api-key", "x-goog-api-key"];
/** Holds the gateway's own key where the usual places hold the upstream's. */
export const GATEWAY_KEY_HEADER = "x-dragoman-key";

/**
 * The key for the upstream. A header made for keys goes before the bearer token: clients that send both send the same key
 * twice (Claude Code with an `apiKeyHelper`, read 2026-11), or a login of their own as the token. The query comes last.
 */
export function upstreamKeyOf({ headers, query }: Pick<Presented, "headers" | "query">): string | undefined {
  const candidates = [...UPSTREAM_KEY_HEADERS.map((name) => headers.get(name)), bearerOf(headers), ...KEY_PARAMETERS.map((name) => query.get(name))];
  return candidates.find((key) => key !== null && key !== undefined && key !== "") ?? undefined;
}

/** The key for the gateway itself. `configured` is a further header, unless it is one of those that hold the upstream's. */
export function gatewayKeyOf(headers: Headers, configured: string): string | undefined {
  const further = configured.toLowerCase();
  const names = further === "" || further === "authorization" || UPSTREAM_KEY_HEADERS.includes(further) ? [GATEWAY_KEY_HEADER] : [GATEWAY_KEY_HEADER, further];
  return names.map((name) => headers.get(name)?.trim()).find((key) => key !== undefined && key !== "");
}
