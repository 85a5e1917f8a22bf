// Secrets in the database, through the command line and the configuration of a running program.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startUpstreams, MODELS, type Upstream } from "../kit/world.ts";
import { makeHome, runCommand, runProgram, startServer, type Home } from "../kit/program.ts";

let upstreams: Map<string, Upstream>;
let home: Home;
beforeAll(() => {
  upstreams = startUpstreams(() => ({ text: "hello" }));
});
afterAll(async () => {
  for (const upstream of upstreams.values()) await upstream.close();
});
beforeEach(() => {
  home = makeHome();
});

const chat = (): Upstream => upstreams.get("openai-chat")!;
const config = (key: string): string => JSON.stringify({
  discovery: { environment: false, local: false },
  "openai-compatibility": [{ name: "sim", "base-url": `${chat().origin}/v1`, "api-key-entries": [{ "api-key": key }], models: [{ name: MODELS["openai-chat"], alias: "m" }] }],
});

async function setSecret(name: string, value: string): Promise<number> {
  const run = runProgram(home, ["secret", "set", name], {}, value);
  return run.ended;
}

async function ask(origin: string): Promise<string | null> {
  const response = await fetch(`${origin}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] }) });
  expect(response.status).toBe(200);
  await response.text();
  return chat().simulator.seen.at(-1)?.headers.get("authorization") ?? null;
}

test("a secret is kept closed, used by the configuration, and changed while the server runs", async () => {
  home.write("config.yaml", config("${secret:upstream}"));
  const missing = await runCommand(home, ["config", "check"]);
  expect([missing.code, missing.stdout]).toEqual([1, expect.stringContaining("dragoman secret set upstream")]);

  expect(await setSecret("upstream", "sk-first-value\n")).toBe(0);
  const data = join(home.directory, "data");
  const bytes = readdirSync(data).filter((name) => name.startsWith("dragoman.db")).map((name) => readFileSync(join(data, name), "latin1")).join("");
  expect(bytes).toContain("upstream");
  expect(bytes).not.toContain("sk-first-value");
  const list = await runCommand(home, ["secret", "list", "--json"]);
  expect((JSON.parse(list.stdout) as { name: string }[]).map(({ name }) => name)).toEqual(["upstream"]);
  expect((await runCommand(home, ["config", "check"])).code).toBe(0);

  const server = await startServer(home, ["serve"]);
  expect(await ask(server.origin)).toBe("Bearer sk-first-value");
  expect(await setSecret("upstream", "sk-second-value")).toBe(0);
  await server.line("config.reloaded");
  expect(await ask(server.origin)).toBe("Bearer sk-second-value");
  expect(`${server.stdout()}${server.stderr()}`).not.toMatch(/sk-(first|second)-value/);
  await server.stop();
  home.remove();
});

test("a secret of another key is told, not used; names are checked", async () => {
  expect(await setSecret("one", "value")).toBe(0);
  home.write("config.yaml", config("${secret:one}"));
  const other = await runCommand(home, ["config", "check"], { DRAGOMAN_SECRET_KEY: "another key of the house" });
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("the stored secret one does not open with this secret key");
  expect(await setSecret("../x", "value")).toBe(2);
  expect(await setSecret("empty", "\n")).toBe(2);
  expect((await runCommand(home, ["secret", "remove", "one"])).code).toBe(0);
  expect((await runCommand(home, ["secret", "remove", "one"])).code).toBe(2);
  home.remove();
});
