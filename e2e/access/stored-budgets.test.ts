// Budgets are the store's: they outlive a program, and several programs on one store keep them together.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgresStore } from "../../packages/server/src/store/postgres.ts";
import { openSqliteStore } from "../../packages/server/src/store/sqlite.ts";
import { ask, DIALECTS } from "../kit/calls.ts";
import { startPostgres, type Postgres } from "../kit/postgres.ts";
import { MODELS } from "../kit/world.ts";
import { ANSWER, ANSWER_TOKENS, spentBy } from "./access-world.ts";
import { openGate } from "./crowd.ts";
import { startStoredWorld, type StoredWorld } from "./stored-world.ts";

const call = (world: StoredWorld, key: string, dialect: (typeof DIALECTS)[number] = "openai-chat", stream = false): Promise<Response> =>
  ask(world.origin, dialect, { model: MODELS[dialect] ?? "", key, stream, body: dialect === "gemini-generate-content" ? { generationConfig: { maxOutputTokens: 100 } } : dialect === "openai-responses" ? { max_output_tokens: 100 } : { max_tokens: 100 } });

test("a restart forgets nothing that was spent, and no key", async () => {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-budgets-"));
  const path = join(directory, "store.db");
  const open = async () => {
    const store = openSqliteStore(path);
    await store.migrate();
    return { store, world: await startStoredWorld(store, () => ANSWER) };
  };
  const first = await open();
  const { key, view } = await first.world.makeKey({ limits: { budgets: [{ window: "total", tokens: 250 }, { window: "5h", tokens: 1000 }] } });
  for (let count = 0; count < 2; count++) expect((await call(first.world, key)).status).toBe(200);
  await first.world.close();
  await first.store.close();
  const second = await open();
  expect((await second.world.get(`/keys/${view.id}`)).body).toMatchObject({ budgets: [{ window: "total", usedTokens: 200 }, { window: "5h", usedTokens: 200 }] });
  expect((await call(second.world, key)).status).toBe(200);
  expect((await call(second.world, key)).status).toBe(429);
  expect((await spentBy(second.world, view.id)).tokens).toBe(300);
  await second.world.close();
  await second.store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("two gateways on one PostgreSQL", () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  const openTwo = async (script: () => Promise<typeof ANSWER>, more: Record<string, unknown> = {}) => {
    const url = await postgres.createDatabase();
    const stores = [openPostgresStore(url), openPostgresStore(url)] as const;
    await stores[0].migrate();
    const worlds = [await startStoredWorld(stores[0], script, more), await startStoredWorld(stores[1], script, more)] as const;
    const close = async (): Promise<void> => {
      for (const world of worlds) await world.close();
      for (const store of stores) await store.close();
    };
    return { worlds, close };
  };

  test.each([
    ["tokens", { tokens: 5000 }, 429, 5000, ANSWER_TOKENS],
    ["money", { usd: 0.02 }, 402, 0.02, 0.00073],
  ] as const)("200 calls at once do not overrun a budget in %s together", async (kind, budget, refusal, limit, oneCall) => {
    const gate = openGate(200);
    const { worlds, close } = await openTwo(async () => (await gate.pass(), ANSWER), { prices: [{ model: "*", input: 1, output: 10 }] });
    const { key, view } = await worlds[0].makeKey({ limits: { budgets: [{ window: "day", ...budget }] } });
    const statuses = await Promise.all(Array.from({ length: 200 }, async (_, index) => {
      const response = await call(worlds[index % 2] ?? worlds[0], key, DIALECTS[index % 4], index % 8 < 4);
      if (response.status !== 200) gate.refused();
      await response.text();
      return response.status;
    }));
    const spent = async (): Promise<number> => {
      for (const world of worlds) await world.gateway.engine.ports.usage.flush?.();
      return (await spentBy(worlds[0], view.id))[kind === "tokens" ? "tokens" : "usd"];
    };
    expect(new Set(statuses)).toEqual(new Set([200, refusal]));
    expect(await spent()).toBeLessThanOrEqual(limit);
    expect(await spent()).toBeGreaterThan(limit / 2);
    // Reservations end soon after their calls; then the rest can be spent, and the last call may go over.
    for (let asked = 0, isSpent = false; !isSpent; asked++) {
      if (asked > 1000) throw new Error("the budget has no end");
      const response = await call(worlds[asked % 2] ?? worlds[0], key);
      const text = await response.text();
      if (response.status === 200) continue;
      isSpent = text.includes("is used up");
      if (!isSpent) await Bun.sleep(20);
    }
    expect(await spent()).toBeGreaterThanOrEqual(limit);
    expect(await spent()).toBeLessThan(limit + oneCall);
    await close();
  }, 60_000);

  test("a key that one switches off is refused by the other within two seconds", async () => {
    const { worlds: [one, other], close } = await openTwo(async () => ANSWER);
    const { key, view } = await one.makeKey();
    expect((await call(other, key)).status).toBe(200);
    await one.call("PATCH", `/keys/${view.id}`, { body: { active: false } });
    expect((await call(one, key)).status).toBe(401);
    other.clock.advance(2000);
    expect((await call(other, key)).status).toBe(401);
    await close();
  }, 60_000);
});

test("a database that is away: known keys go on without budgets, others hear that it is", async () => {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-away-"));
  const store = openSqliteStore(join(directory, "store.db"));
  await store.migrate();
  let isAway = false;
  const away = <T extends object>(part: T): T => new Proxy(part, { get: (target, name) => (isAway ? () => Promise.reject(new Error("away")) : Reflect.get(target, name)) });
  const world = await startStoredWorld({ ...store, keys: away(store.keys), users: away(store.users), budgets: away(store.budgets) }, () => ANSWER);
  const plain = await world.makeKey();
  const limited = await world.makeKey({ limits: { budgets: [{ window: "day", tokens: 1000 }] } });
  isAway = true;
  world.clock.advance(5000);
  expect([(await call(world, plain.key)).status, (await call(world, limited.key)).status, (await call(world, "sk-unknown")).status]).toEqual([200, 503, 401]);
  expect(world.log.some(({ event }) => event === "keys.stale")).toBe(true);
  isAway = false;
  world.clock.advance(5000);
  expect([(await call(world, plain.key)).status, (await call(world, limited.key)).status]).toEqual([200, 200]);
  await world.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});
