// How the program starts when its disk or its database is not as it should be.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLIENT_KEY } from "../kit/running.ts";
import { ask } from "../kit/calls.ts";
import { makeHome, runCommand, startServer, waitFor, type Home } from "../kit/program.ts";
import { startPostgres } from "../kit/postgres.ts";
import { MODELS, startUpstreams, worldConfig } from "../kit/world.ts";
import { openPostgresStore } from "../../packages/server/src/store/postgres.ts";

let home: Home;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

test("the first start makes what it needs, for its owner only", async () => {
  const server = await startServer(home, ["serve", "--json"]);
  const data = join(home.directory, "data");
  for (const name of ["dragoman.db", "secret.key"]) expect([name, statSync(join(data, name)).mode & 0o777]).toEqual([name, 0o600]);
  expect(readdirSync(data).some((name) => name.endsWith(".running"))).toBe(true);
  await fetch(`${server.origin}/health`);
  expect(await server.stop()).toBe(0);
  expect(readdirSync(data).some((name) => name.endsWith(".running"))).toBe(false);
});

test("a directory that cannot be written is told once, and requests are answered", async () => {
  const upstreams = startUpstreams(() => ({ text: "hello" }));
  home.write("config.yaml", JSON.stringify({ "api-keys": [CLIENT_KEY], discovery: { environment: false, local: false }, ...worldConfig(upstreams) }));
  const server = await startServer(home, ["serve", "--json"], { DRAGOMAN_HOME: "/dev/null/nowhere" });
  const response = await ask(server.origin, "openai-chat", { model: MODELS["openai-chat"]! });
  expect([response.status, (await response.text()).includes("hello")]).toEqual([200, true]);
  expect(server.lines("store.ephemeral").length).toBe(1);
  expect(server.lines().filter(({ event }) => String(event).startsWith("usage."))).toEqual([]);
  expect(await server.stop()).toBe(0);
  for (const upstream of upstreams.values()) await upstream.close();
});

test("a damaged database or key is not replaced in silence", async () => {
  const data = join(home.directory, "data");
  mkdirSync(data);
  writeFileSync(join(data, "dragoman.db"), "this is no database, but somebody's letter ".repeat(500));
  const database = await runCommand(home, ["serve", "--port", "0"]);
  expect([database.code, database.stderr]).toEqual([2, expect.stringContaining("dragoman.db cannot be used")]);
  writeFileSync(join(data, "secret.key"), "short");
  const key = await runCommand(home, ["serve", "--port", "0"]);
  expect([key.code, key.stderr]).toEqual([2, expect.stringContaining("secret.key does not hold a key")]);
  const variable = await runCommand(home, ["serve", "--port", "0"], { DRAGOMAN_SECRET_KEY: "short" });
  expect([variable.code, variable.stderr]).toEqual([2, expect.stringContaining("DRAGOMAN_SECRET_KEY is too short")]);
});

test("PostgreSQL by the configuration; a wrong name is an error, a server that is down is waited for", async () => {
  const postgres = await startPostgres();
  const url = await postgres.createDatabase();
  const upstreams = startUpstreams(() => ({ text: "hello", usage: { input: 7, output: 3 } }));
  const config = (storeUrl: string): string => JSON.stringify({ "api-keys": [CLIENT_KEY], discovery: { environment: false, local: false }, store: { url: storeUrl }, ...worldConfig(upstreams) });
  home.write("config.yaml", config("${HOUSE_DATABASE}"));
  const wrong = await runCommand(home, ["serve", "--port", "0"], { HOUSE_DATABASE: url.replace(/\/[^/]*$/, "/none") });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("cannot be used")]);

  const server = await startServer(home, ["serve", "--json"], { HOUSE_DATABASE: url });
  const response = await ask(server.origin, "openai-chat", { model: MODELS["openai-chat"]! });
  await response.text();
  expect(await server.stop()).toBe(0);
  expect(existsSync(join(home.directory, "data", "dragoman.db"))).toBe(false);
  const store = openPostgresStore(url);
  expect((await store.usage.find(response.headers.get("x-request-id") ?? "")).map(({ usage }) => usage?.inputFresh)).toEqual([7]);
  await store.close();
  await postgres.stop();

  const alone = await startServer(home, ["serve", "--json"], { HOUSE_DATABASE: url });
  expect((await alone.line("store.unreachable")).host).toBe(new URL(url).host);
  expect((await ask(alone.origin, "openai-chat", { model: MODELS["openai-chat"]! })).status).toBe(200);
  await waitFor(() => alone.lines("usage.store-away")[0]);
  expect(await alone.stop()).toBe(0);
  expect(readdirSync(join(home.directory, "data", "journal")).length).toBe(1);
  for (const upstream of upstreams.values()) await upstream.close();
});
