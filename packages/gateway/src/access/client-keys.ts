import { GatewayError, sha256Hex } from "@dragoman/core";
import { ANONYMOUS, type Principal } from "./principal.ts";

/** Query parameters that may hold a client key; they never go further than here. */
export const KEY_PARAMETERS: readonly string[] = ["key", "auth_token"];

/**
 * The client keys of one configuration. Keys are looked up by a hash, never compared one by one, so the time a look-up
 * takes says nothing about a key, and it is the same for one key and for ten thousand.
 */
export class ClientKeys {
  readonly #principals = new Map<string, Principal>();
  /** Keys that were good before, so that each is hashed once. A wrong key never gets here; it is always hashed. */
  readonly #known = new Map<string, Principal>();

  constructor(keys: readonly string[]) {
    for (const key of keys) {
      const hash = sha256Hex(key);
      this.#principals.set(hash, { id: `key-${hash.slice(0, 12)}` });
    }
  }

  /**
   * The first of the presented keys that is known wins: a dummy bearer token beside a good `x-api-key` is fine.
   * @throws GatewayError `invalid_api_key`
   */
  identify(headers: Headers, query: Query): Principal {
    if (this.#principals.size === 0) return ANONYMOUS;
    const bearer = bearerOf(headers);
    const known = bearer === undefined ? undefined : this.#known.get(bearer);
    if (known !== undefined) return known;
    const keys = presentedKeys(bearer, headers, query);
    for (const key of keys) {
      const principal = this.#principals.get(sha256Hex(key));
      if (principal === undefined) continue;
      if (key === bearer) this.#known.set(key, principal);
      return principal;
    }
    throw new GatewayError("invalid_api_key", { source: "client", message: keys.length > 0 ? "Invalid API key" : "Missing API key" });
  }
}

interface Query {
  get(name: string): string | null;
}

function bearerOf(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  if (authorization === null || authorization === "") return undefined;
  return /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? authorization;
}

function presentedKeys(bearer: string | undefined, headers: Headers, query: Query): readonly string[] {
  const others = [headers.get("x-goog-api-key"), headers.get("x-api-key"), ...KEY_PARAMETERS.map((name) => query.get(name))];
  return [bearer, ...others].filter((key) => typeof key === "string" && key !== "") as string[];
}
