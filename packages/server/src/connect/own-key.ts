import { makeSecret } from "@dragoman/gateway";
import { openCommandStore, type House } from "../host/command-store.ts";
import { systemIds } from "../host/ports.ts";
import { secretKey } from "../host/secret-key.ts";

export interface OwnKey {
  readonly id: number;
  readonly key: string;
}

/** Makes a client's key in the gateway's own store; a gateway that runs knows it within two seconds. @throws UsageError when the store cannot be used */
export async function makeKey(house: House, name: string): Promise<OwnKey> {
  const store = await openCommandStore(house);
  try {
    const { key, ...kept } = makeSecret(systemIds, secretKey(house.directory, house.environment).key);
    const { id, prefix } = await store.keys.create({ ...kept, name }, Date.now());
    await store.audit.append({ at: Date.now(), actor: "cli", action: "key.created", target: `key:${id}`, details: { prefix, name } });
    return { id, key };
  } finally {
    await store.close();
  }
}

/** Keys that were made for a client that is not connected any more open nothing. */
export async function closeKeys(house: House, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const store = await openCommandStore(house);
  try {
    for (const id of ids) {
      await store.keys.update(id, { active: false });
      await store.audit.append({ at: Date.now(), actor: "cli", action: "key.changed", target: `key:${id}`, details: { active: false } });
    }
  } finally {
    await store.close();
  }
}
