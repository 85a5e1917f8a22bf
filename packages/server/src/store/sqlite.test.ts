import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "@dragoman/gateway";
import { storeContract } from "@dragoman/gateway/testing";
import { openSqliteStore } from "./sqlite.ts";

storeContract(async () => {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-sqlite-"));
  const path = join(directory, "dragoman.db");
  const open: Store[] = [openSqliteStore(path)];
  return {
    store: open[0]!,
    another: async () => {
      const store = openSqliteStore(path);
      open.push(store);
      return store;
    },
    remove: async () => {
      for (const store of open) await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}, { describe, test, expect });

test("the file is for its owner only", async () => {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-sqlite-"));
  const path = join(directory, "made", "dragoman.db");
  const store = openSqliteStore(path);
  await store.migrate();
  expect([statSync(path).mode & 0o777, statSync(`${path}-wal`).mode & 0o777, statSync(join(directory, "made")).mode & 0o777]).toEqual([0o600, 0o600, 0o700]);
  await store.close();
  rmSync(directory, { recursive: true });
});

test("a store in memory is the same store", async () => {
  const store = openSqliteStore(":memory:");
  await store.migrate();
  expect((await store.users.create({ username: "ann" }, 1)).id).toBe(1);
  await store.close();
});
