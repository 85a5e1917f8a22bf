// Backup and restore by the command line, between homes and between databases.
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "@dragoman/gateway";
import { attemptFor } from "@dragoman/gateway/testing";
import { openPostgresStore } from "../../packages/server/src/store/postgres.ts";
import { openSqliteStore } from "../../packages/server/src/store/sqlite.ts";
import { makeHome, runCommand, runProgram, startServer, type Home } from "../kit/program.ts";
import { startPostgres, type Postgres } from "../kit/postgres.ts";

const NOW = 1_790_000_000_000;
const CONFIG = 'debug: true # a remark\nopenai-compatibility: [{ name: x, base-url: "http://127.0.0.1:9", api-key-entries: [{ api-key: "${secret:upstream}" }] }]\n';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
const homes: Home[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

function newHome(): Home {
  const home = makeHome();
  homes.push(home);
  return home;
}

const data = (home: Home, name: string): string => join(home.directory, "data", name);
const sqlite = (home: Home): Store => openSqliteStore(data(home, "dragoman.db"));

/** A home with something of everything. */
async function livedIn(): Promise<Home> {
  const home = newHome();
  home.write("config.yaml", CONFIG);
  expect(await runProgram(home, ["secret", "set", "upstream"], {}, "sk-kept").ended).toBe(0);
  const store = sqlite(home);
  const gone = await store.users.create({ username: "gone" }, NOW);
  const ann = await store.users.create({ username: "Ann", note: "ünï 'quoted'", limits: { requestsPerMinute: 2 } }, NOW);
  const last = await store.users.create({ username: "last" }, NOW);
  const key = await store.keys.create({ userId: ann.id, prefix: "sk-a", hash: "aa", models: ["gpt-*"] }, NOW);
  await store.audit.append({ at: NOW, actor: "cli", action: "x", details: { list: [1, null] } });
  await store.usage.append(Array.from({ length: 2_500 }, (_, at) => attemptFor({ requestId: `r${at}`, startedAt: NOW + at * 60_000, keyId: key.id, userId: at % 2 === 0 ? ann.id : last.id, usage: { inputFresh: at, native: { "": "\u0000" } }, ...(at % 3 > 0 && { costNanoUsd: 9_007_199_254 + at }) })));
  await store.users.remove(gone.id);
  await store.users.remove(last.id);
  await store.close();
  return home;
}

/** Everything that can be seen of a store. */
async function contents(store: Store): Promise<unknown> {
  const seen = {
    users: await store.users.list(), keys: await store.keys.list(), audit: await store.audit.list({ limit: 100 }), secrets: await store.secrets.list(),
    sealed: Array.from((await store.secrets.get("upstream")) ?? []),
    sums: (await store.usage.group({ groupBy: ["day", "user", "key"] })).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    hours: (await store.usage.group({ groupBy: ["hour"] })).length,
    records: (await store.usage.records({ limit: 3_000 })).records,
    spent: await store.budgets.spent("user:2", 0),
  };
  await store.close();
  return seen;
}

test("a backup of a running gateway makes another home the same", async () => {
  const home = await livedIn();
  const server = await startServer(home, ["serve", "--json"]);
  const made = await runCommand(home, ["backup", "all.backup", "--with-keys", "--json"]);
  expect(made.code).toBe(0);
  expect(JSON.parse(made.stdout)).toEqual({ path: join(home.directory, "all.backup"), rows: expect.objectContaining({ users: 1, client_keys: 1, attempts: 2_500, secrets: 1 }), files: ["config.yaml", "secret.key", "seal.key"], hasKeys: true });
  expect(made.stderr).toContain("attempts: 2500 rows");
  expect(statSync(join(home.directory, "all.backup")).mode & 0o777).toBe(0o600);
  const refused = await runCommand(home, ["restore", "all.backup", "--force"]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("a gateway is running")]);
  await server.stop();

  const other = newHome();
  const restored = await runCommand(other, ["restore", join(home.directory, "all.backup")]);
  expect([restored.code, restored.stdout]).toEqual([0, expect.stringContaining("2500 attempts")]);
  expect(readFileSync(data(other, "config.yaml"), "utf8")).toBe(CONFIG);
  expect(statSync(data(other, "secret.key")).mode & 0o777).toBe(0o600);
  expect((await runCommand(other, ["config", "check", data(other, "config.yaml")])).stdout).toContain("ok");
  expect(await contents(sqlite(other))).toEqual(await contents(sqlite(home)));
  const store = sqlite(other);
  // Numbers that usage refers to are not given to somebody else.
  expect((await store.users.create({ username: "new" }, NOW)).id).toBe(4);
  await store.close();
});

test("from SQLite to PostgreSQL and back", async () => {
  const home = await livedIn();
  const url = await postgres.createDatabase();
  expect((await runCommand(home, ["backup", "a"])).code).toBe(0);
  const there = await runCommand(home, ["restore", "a"], { DATABASE_URL: url });
  expect([there.code, there.stderr]).toEqual([0, expect.not.stringContaining("dragoman:")]);
  const store = openPostgresStore(url);
  expect((await store.users.create({ username: "new" }, NOW)).id).toBe(4);
  await store.users.remove(4);
  await store.close();
  expect((await runCommand(home, ["backup", "b"], { DATABASE_URL: url })).code).toBe(0);
  const other = newHome();
  expect((await runCommand(other, ["restore", join(home.directory, "b")])).code).toBe(0);
  const expected = await contents(sqlite(home));
  expect(await contents(openPostgresStore(url))).toEqual(expected);
  expect(await contents(sqlite(other))).toEqual(expected);
  const server = await startServer(home, ["serve", "--json"], { DATABASE_URL: url });
  const refused = await runCommand(home, ["restore", "a", "--force"], { DATABASE_URL: url });
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("a gateway is running")]);
  await server.stop();
});

test("nothing is overwritten unless asked for, and then the old files stay beside", async () => {
  const home = await livedIn();
  expect((await runCommand(home, ["backup", "a"])).stderr).toContain("the keys are not in it");
  const full = await runCommand(home, ["restore", "a"]);
  expect([full.code, full.stderr]).toEqual([2, expect.stringContaining("--force")]);
  home.write("config.yaml", "debug: false\n");
  expect((await runCommand(home, ["restore", "a", "--force"])).code).toBe(0);
  expect(readFileSync(join(home.directory, "config.yaml"), "utf8")).toBe(CONFIG);
  expect(readFileSync(join(home.directory, "config.yaml.before-restore"), "utf8")).toBe("debug: false\n");
});

test("what is no whole backup changes nothing", async () => {
  const home = await livedIn();
  await runCommand(home, ["backup", "a"]);
  const whole = readFileSync(join(home.directory, "a"));
  const before = await contents(sqlite(home));
  const withoutEnd = Bun.gunzipSync(whole);
  const text = new TextDecoder().decode(withoutEnd);
  const broken: Record<string, Uint8Array | string> = {
    "half": whole.subarray(0, whole.length / 2), "text": "hello", "empty": "", "no end": Bun.gzipSync(text.slice(0, text.lastIndexOf('{"end"'))),
    "newer": Bun.gzipSync(text.replace(/"schema":\d+/, '"schema":99')), "other tables": Bun.gzipSync(text.replace('"table":"users"', '"table":"sqlite_master"')), "altered": Uint8Array.from(whole, (byte, at) => (at === whole.length - 200 ? byte ^ 255 : byte)),
  };
  for (const [name, content] of Object.entries(broken)) {
    writeFileSync(join(home.directory, name), content);
    const refused = await runCommand(home, ["restore", name, "--force"]);
    expect([name, refused.code, refused.stderr]).toEqual([name, 2, expect.stringContaining("dragoman:")]);
  }
  expect((await runCommand(home, ["restore", "absent", "--force"])).code).toBe(2);
  expect((await runCommand(home, ["backup", join("absent", "file")])).code).toBe(2);
  expect(existsSync(join(home.directory, "absent"))).toBe(false);
  expect(await contents(sqlite(home))).toEqual(before);
}, 120_000);
