import type { Guard } from "./guard.ts";
import type { ClientKeys } from "./client-keys.ts";

/** Knows the keys of the configuration, and sets no limits. */
export function createGuard(keys: () => ClientKeys): Guard {
  return {
    identify: ({ headers, query }) => keys().identify(headers, query),
    admit: () => undefined,
  };
}
