import { sha256Hex } from "@dragoman/core";

/** What the ledger calls a key of the configuration. */
export function configuredPrincipal(key: string): string {
  return `key-${sha256Hex(key).slice(0, 12)}`;
}
