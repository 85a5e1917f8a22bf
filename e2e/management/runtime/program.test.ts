// The same through the program as people start it: its files, its directories, its log.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { listen } from "../../kit/running.ts";
import { makeHome, startServer, waitFor, type Home, type RunningProgram } from "../../kit/program.ts";

let home: Home;
let running: RunningProgram | undefined;
beforeEach(() => { home = makeHome(); });
afterEach(async () => {
  await running?.stop();
  running = undefined;
  home.remove();
});

async function start(more: string): Promise<(method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>> {
  home.write("config.yaml", `discovery: { environment: false, local: false }\nremote-management: { secret-key: s }\n${more}`);
  const program = await startServer(home, ["serve"]);
  running = program;
  return async (method, path, body) => {
    const response = await fetch(`${program.origin}/v0/management${path}`, { method, headers: { authorization: "Bearer s", "content-type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : undefined };
  };
}

test("stored logins are in auth-dir, and follow it", async () => {
  const call = await start("auth-dir: ~/mine\n");
  expect((await call("POST", "/auth-files?name=a.json", { type: "codex" })).status).toBe(200);
  const path = join(home.directory, "mine", "a.json");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(home.directory, "mine")).mode & 0o777).toBe(0o700);
  expect((await call("GET", "/auth-files")).body).toMatchObject({ files: [{ name: "a.json", path }] });
  expect((await call("PATCH", "/config", { set: [{ path: ["auth-dir"], value: "~/other" }] })).status).toBe(200);
  expect((await call("GET", "/auth-files")).body).toEqual({ files: [] });
  expect(existsSync(join(home.directory, "other"))).toBe(false);
});

test("the log that the program writes is the one that is read", async () => {
  const call = await start("");
  expect((await call("GET", "/logs")).status).toBe(400);
  expect((await call("PUT", "/logging-to-file", { value: true })).status).toBe(200);
  expect((await call("PUT", "/debug", { value: true })).status).toBe(200);
  type Logs = { lines: string[]; "latest-timestamp": number; "next-cursor": string };
  const logs = async (query = ""): Promise<Logs> => (await call("GET", `/logs${query}`)).body as Logs;
  let first = await logs();
  for (const until = performance.now() + 10_000; first.lines.length === 0 && performance.now() < until; first = await logs()) await Bun.sleep(50);
  expect(first.lines[0]).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[[\w-]{8}\] \[\w+ *\] /);
  expect(Math.abs(first["latest-timestamp"] - Date.now() / 1000)).toBeLessThan(60);
  expect(await call("DELETE", "/logs")).toMatchObject({ status: 200, body: { success: true } });
  const file = join(home.directory, "data", "logs", "main.log");
  // Written on behind the cut, without a hole of zeros before it.
  await waitFor(() => (statSync(file).size > 0 ? true : undefined));
  expect(readFileSync(file, "utf8")).toStartWith("[");
});

test("an upstream that is added while the program runs is asked for its models", async () => {
  let isUp = false;
  let asked = 0;
  const upstream = listen((request) => {
    if (new URL(request.url).pathname !== "/v1/models") return new Response("", { status: 404 });
    asked += 1;
    return isUp ? Response.json({ data: [{ id: "found-model" }] }) : new Response("", { status: 503 });
  });
  const call = await start("");
  const entry = { name: "relay", "base-url": `${upstream.origin}/v1`, "api-key-entries": [{ "api-key": "sk-relay" }] };
  const served = async (): Promise<string[]> => ((await call("GET", "/models")).body as { models: { id: string }[] }).models.map(({ id }) => id);
  expect((await call("PUT", "/openai-compatibility", [entry])).status).toBe(200);
  await waitFor(() => (asked === 1 ? true : undefined));
  expect(await served()).toEqual([]);
  isUp = true;
  for (let value = true; !(await served()).includes("found-model"); value = !value) await call("PUT", "/debug", { value });
  const enough = asked;
  // Whoever has answered is left alone by later changes.
  for (const value of [true, false, true]) expect((await call("PUT", "/debug", { value })).status).toBe(200);
  expect(asked).toBe(enough);
  await upstream.close();
});

test("what this is", async () => {
  const call = await start("api-keys: [k]\n");
  expect((await call("GET", "/system")).body).toMatchObject({ store: "sqlite", configPath: join(home.directory, "config.yaml"), dataDirectory: join(home.directory, "data"), records: 0 });
  expect((await call("GET", "/connect")).body).toMatchObject({ baseUrl: running?.origin });
  expect((await call("GET", "/codex-auth-url")).status).toBe(501);
});
