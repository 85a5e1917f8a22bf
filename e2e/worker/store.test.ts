// The store over D1: the client that Cloudflare gives to Workers, in the real workerd, on its own SQLite.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqlStore, StoreConflict, type SqlExecutor, type SqlRow, type SqlStatement } from "@dragoman/gateway";
import { storeContract } from "@dragoman/gateway/testing";
import { startWorker, type RunningWorker } from "../kit/workerd.ts";

/** D1 itself takes no more (workerd's SQLite does). */
const MAX_PARAMETERS = 100;

let door: RunningWorker;
beforeAll(async () => {
  const outdir = mkdtempSync(join(tmpdir(), "dragoman-d1-"));
  const built = await Bun.build({ entrypoints: [join(import.meta.dirname, "d1-door.ts")], outdir, target: "browser", format: "esm", conditions: ["@dragoman/source"], external: ["cloudflare:workers"] });
  door = await startWorker({ module: built.outputs[0]?.path ?? "", database: true });
});
afterAll(() => door.close());

async function batch(statements: readonly SqlStatement[]): Promise<readonly (readonly SqlRow[])[]> {
  for (const { params } of statements) if (params.length > MAX_PARAMETERS) throw new Error(`D1 takes ${MAX_PARAMETERS} parameters, and was given ${params.length}`);
  const { rows, error } = (await (await fetch(door.origin, { method: "POST", body: JSON.stringify(statements) })).json()) as { readonly rows?: readonly (readonly SqlRow[])[]; readonly error?: { readonly name: string; readonly message: string } };
  if (rows !== undefined) return rows;
  throw error?.name === "StoreConflict" ? new StoreConflict(error.message) : new Error(error?.message);
}

const executor: SqlExecutor = {
  dialect: "sqlite",
  shared: true,
  maxParameters: MAX_PARAMETERS,
  query: async (sql, params = []) => (await batch([{ sql, params }]))[0] ?? [],
  batch,
  close: async () => undefined,
};

/** Tables that refer to others go first. */
async function empty(): Promise<void> {
  const tables = await executor.query(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY rowid DESC`);
  if (tables.length > 0) await batch(tables.map(({ name }) => ({ sql: `DROP TABLE ${String(name)}`, params: [] })));
}

describe("D1", () => {
  storeContract(async () => {
    await empty();
    return { store: createSqlStore(executor), another: async () => createSqlStore(executor), remove: async () => undefined };
  }, { describe, test, expect });

  test("a batch that fails in the middle leaves nothing behind", async () => {
    await empty();
    const store = createSqlStore(executor);
    await store.migrate();
    await expect(batch([{ sql: `DELETE FROM counters`, params: [] }, { sql: `INSERT INTO nowhere VALUES (1)`, params: [] }])).rejects.toThrow("nowhere");
    expect(await executor.query(`SELECT name FROM counters`)).toEqual([{ name: "keys" }]);
  });
});
