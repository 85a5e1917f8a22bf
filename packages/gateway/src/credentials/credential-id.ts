import { sha256Hex } from "@dragoman/core";

/**
 * Makes ids that are the same at every start: the kind, then twelve hex digits of a hash over kind and parts. Equal
 * entries of one configuration are told apart by `-1`, `-2` in their order.
 */
export function createCredentialIds(): (kind: string, ...parts: readonly string[]) => string {
  const taken = new Map<string, number>();
  return (kind, ...parts) => {
    const text = [kind, ...parts.map((part) => part.trim())].join("\0");
    const id = `${kind}:${sha256Hex(text).slice(0, 12)}`;
    const earlier = taken.get(id) ?? 0;
    taken.set(id, earlier + 1);
    return earlier === 0 ? id : `${id}-${earlier}`;
  };
}

/** What the management API calls a credential's `auth_index`: 16 hex digits of a hash of its id. */
export function credentialIndex(id: string): string {
  return sha256Hex(`id:${id}`).slice(0, 16);
}

/** A key of which four characters may be shown without giving much of it away. */
const LONG_ENOUGH = 12;

/** For logs and records: the upstream's name and at most the key's last four characters. */
export function credentialLabel(name: string, apiKey: string | undefined): string {
  if (apiKey === undefined || apiKey === "") return name;
  return apiKey.length < LONG_ENOUGH ? `${name} …` : `${name} …${apiKey.slice(-4)}`;
}
