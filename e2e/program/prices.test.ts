import { afterEach, expect, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
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

test("a running gateway takes a new price file up", async () => {
  const at = home();
  const server = await startServer(at, ["serve", "--json"]);
  try {
    await runCommand(at, ["prices", "update", "--file", at.write("mine.json", file(7))]);
    expect((await server.line("prices.reloaded")).level).toBe("info");
    at.write("data/prices.json", "{");
    expect((await server.line("prices.refused")).problems).toEqual([expect.stringContaining("JSON")]);
  } finally {
    await server.stop();
  }
}, 60_000);
