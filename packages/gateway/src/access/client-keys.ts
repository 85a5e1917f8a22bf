import { GatewayError, sha256Hex } from "@dragoman/core";

/** Who asks. `id` tells keys apart in records and scopes; it is a hash and opens nothing. */
export interface Principal {
  readonly id: string;
}

/** Everybody, where no key is configured. */
export const ANONYMOUS: Principal = { id: "anonymous" };

/** Query parameters that may hold a client key; they never go further than here. */
export const KEY_PARAMETERS: readonly string[] = ["key", "auth_token"];

/**
 * The client keys of one configuration. Keys are looked up by their hash, so the time a look-up takes says nothing
 * about a key, and it is the same for one key and for ten thousand.
 */
export class ClientKeys {
  readonly #principals = new Map<string, Principal>();

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
  identify(headers: Headers, query: URLSearchParams): Principal {
    if (this.#principals.size === 0) return ANONYMOUS;
    let presented = false;
    for (const key of presentedKeys(headers, query)) {
      presented = true;
      const principal = this.#principals.get(sha256Hex(key));
      if (principal !== undefined) return principal;
    }
    throw new GatewayError("invalid_api_key", { source: "client", message: presented ? "Invalid API key" : "Missing API key" });
  }
}

function* presentedKeys(headers: Headers, query: URLSearchParams): Generator<string> {
  const authorization = headers.get("authorization");
  if (authorization !== null && authorization !== "") yield /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? authorization;
  for (const name of ["x-goog-api-key", "x-api-key"]) {
    const value = headers.get(name);
    if (value !== null && value !== "") yield value;
  }
  for (const name of KEY_PARAMETERS) {
    const value = query.get(name);
    if (value !== null && value !== "") yield value;
  }
}
