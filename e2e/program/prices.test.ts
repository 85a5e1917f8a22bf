import { afterEach, expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ask } from "../kit/calls.ts";
import { CLIENT_KEY, listen } from "../kit/running.ts";
import { makeHome, runCommand, startServer, type Home } from "../kit/program.ts";

const homes: Home[] = [];
const home = (): Home => {
  const made = makeHome();
  homes.push(made);
  return made;
};
afterEach(() => homes.splice(0).forEach((each) => each.remove()));

const file = (input: number): string => JSON.stringify({ date: "2026-12-01", vendors: [{ provider: "openai", models: { "gpt-5": { input, output: 9 } } }] });

test("prices shows the bundled list with its date and sources", async () => {
  const at = home();
  const { code, stdout } = await runCommand(at, ["prices", "gpt-5.1"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/gpt-5\.1\s+openai\s+1\.25\s+0\.125\s+10\s+catalogue/);
  expect(stdout).toMatch(/list of 20\d\d-\d\d-\d\d/);
  expect(stdout).toContain("https://");
  expect(stdout).not.toContain("claude");
  expect(await runCommand(at, ["prices", "no-such-model"])).toMatchObject({ code: 1, stdout: expect.stringContaining("unknown") });
}, 30_000);

test("--json is a price file; update puts one in place, for the owner only, and the configuration goes over it", async () => {
  const at = home();
  const { stdout } = await runCommand(at, ["prices", "--json"]);
  expect((await runCommand(at, ["prices", "update", "--file", at.write("all.json", stdout)])).code).toBe(0);
  expect((await runCommand(at, ["prices", "update", "--file", at.write("mine.json", file(7))])).stdout).toContain("1 prices of 2026-12-01");
  const kept = join(at.directory, "data", "prices.json");
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  const listed = await runCommand(at, ["prices", "gpt-5", "--json"]);
  const vendors = (JSON.parse(listed.stdout) as { date: string; vendors: { models: Record<string, { input: number }> }[] }).vendors;
  expect(vendors[0]?.models["gpt-5"]?.input).toBe(7);
  at.write("config.yaml", "prices:\n  - model: gpt-5\n    input: 3\n    output: 4\n");
  expect((await runCommand(at, ["prices", "gpt-5"])).stdout).toMatch(/gpt-5\s+any\s+3\s+4\s+configuration/);
}, 60_000);

test("a file that cannot be used changes nothing, and its mistakes are told with their place", async () => {
  const at = home();
  const bad = await runCommand(at, ["prices", "update", "--file", at.write("bad.json", '{"date":"2026-12-01","vendors":[{"provider":"openai","models":{"m":{"input":-1,"output":1}}}]}')]);
  expect(bad).toMatchObject({ code: 2, stdout: "" });
  expect(bad.stderr).toContain("vendors[0].models.m.input");
  expect(existsSync(join(at.directory, "data", "prices.json"))).toBe(false);
  expect((await runCommand(at, ["prices", "update"])).stderr).toContain("--file");
  expect((await runCommand(at, ["prices", "update", "--file", "nowhere.json"])).stderr).toContain("ENOENT");
}, 60_000);

test("a running gateway takes a new price file up, and the next answer costs what it says", async () => {
  const at = home();
  const answer = { id: "c", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: { role: "assistant", content: "four" }, finish_reason: "stop" }], usage: { prompt_tokens: 1000, completion_tokens: 10, total_tokens: 1010 } };
  const upstream = listen(() => Response.json(answer));
  at.write("config.yaml", `api-keys: [${CLIENT_KEY}]\ndiscovery: { environment: false, local: false }\nopenai-compatibility: [{ name: up, base-url: "${upstream.origin}/v1", api-key-entries: [{ api-key: sk-up-0000000001 }], models: [{ name: m }] }]\n`);
  const server = await startServer(at, ["serve", "--json"], { MANAGEMENT_PASSWORD: "open sesame" });
  try {
    const send = async (): Promise<void> => void (await (await ask(server.origin, "openai-chat", { model: "m" })).text());
    await send();
    const priced = (input: number): string => JSON.stringify({ date: "2026-12-01", vendors: [{ provider: "openai-compatible", models: { m: { input, output: 9 } } }] });
    await runCommand(at, ["prices", "update", "--file", at.write("mine.json", priced(7))]);
    expect((await server.line("prices.reloaded")).level).toBe("info");
    await send();
    at.write("data/prices.json", "{");
    expect((await server.line("prices.refused")).problems).toEqual([expect.stringContaining("JSON")]);
    await send();
    const response = await fetch(`${server.origin}/v0/management/usage/records`, { headers: { authorization: "Bearer open sesame" } });
    const { records } = (await response.json()) as { records: { costUsd?: number }[] };
    const known = (1000 * 7 + 10 * 9) / 1e6;
    expect(records.map(({ costUsd }) => costUsd)).toEqual([known, known, undefined]);
  } finally {
    await server.stop();
    await upstream.close();
  }
}, 60_000);
