// The store's promises, kept by a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Store } from "@dragoman/gateway";
import { storeContract } from "@dragoman/gateway/testing";
import { openPostgresStore } from "../../packages/server/src/store/postgres.ts";
import { startPostgres, type Postgres } from "../kit/postgres.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

storeContract(async () => {
  const url = await postgres.createDatabase();
  const open: Store[] = [openPostgresStore(url)];
  return {
    store: open[0]!,
    another: async () => {
      const store = openPostgresStore(url);
      open.push(store);
      return store;
    },
    remove: async () => {
      for (const store of open) await store.close();
    },
  };
}, { describe, test, expect });

test("a database that cannot be reached is an error soon, and no half-done work", async () => {
  const store = openPostgresStore("postgres://nobody@127.0.0.1:1/none");
  await expect(store.usage.append([])).resolves.toBeUndefined();
  await expect(store.users.list()).rejects.toThrow();
  await expect(store.migrate()).rejects.toThrow();
  await store.close();
});
