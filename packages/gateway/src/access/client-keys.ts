import { sha256Hex } from "@dragoman/core";
import type { Presented } from "./guard.ts";
import type { Principal } from "./principal.ts";

/** Query parameters that may hold a client key; they never go further than here. */
export const KEY_PARAMETERS: readonly string[] = ["key", "auth_token"];

/**
 * The client keys of one configuration. Keys are looked up by a hash, never compared one by one, so the time a look-up
 * takes says nothing about a key, and it is the same for one key and for ten thousand.
 */
export class ClientKeys {
  readonly #principals = new Map<string, Principal>();
  /** Keys that were good before, so that each is hashed once. A wrong key never gets here; it is always hashed. */
  readonly #shown = new Map<string, Principal>();

  /** Of a further request header that may hold a key; empty: there is none. */
  readonly header: string;
  /** Nobody is let in without a key, also while there is none. */
  readonly isRequired: boolean;

  constructor(keys: readonly string[], header = "", isRequired = false) {
    this.header = header;
    this.isRequired = isRequired;
    for (const key of keys) {
      const hash = sha256Hex(key);
      this.#principals.set(hash, { id: `key-${hash.slice(0, 12)}` });
    }
  }

  get size(): number {
    return this.#principals.size;
  }

  find(key: string): Principal | undefined {
    if (this.#principals.size === 0) return undefined;
    const shown = this.#shown.get(key);
    if (shown !== undefined) return shown;
    const principal = this.#principals.get(sha256Hex(key));
    if (principal !== undefined) this.#shown.set(key, principal);
    return principal;
  }
}

/** The bearer token, or what stands in its place without that word. */
export function bearerOf(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  if (authorization === null || authorization === "") return undefined;
  if (authorization.startsWith("Bearer ") && !authorization.includes(" ", BEARER.length)) return authorization.slice(BEARER.length);
  // The word alone is what a client without a key sends.
  return /^bearer\s*$/i.test(authorization) ? undefined : (/^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? authorization);
}

const BEARER = "Bearer ";

/** The keys that stand in other places than the bearer token. `header` is the operator's own; empty: there is none. */
export function otherKeys({ headers, query }: Pick<Presented, "headers" | "query">, header: string): readonly string[] {
  const others = [header === "" ? null : headers.get(header), headers.get("x-goog-api-key"), headers.get("x-api-key"), ...KEY_PARAMETERS.map((name) => query.get(name))];
  return others.filter((key) => key !== null && key !== "") as string[];
}
