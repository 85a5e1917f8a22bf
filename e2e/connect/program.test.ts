// What only the whole program can show: the gateway of this machine is found, a key is made for a client, and a client is started.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeHome, runCommand, runProgram, startServer, waitFor, type Home, type RunningProgram } from "../kit/program.ts";

let home: Home;
let server: RunningProgram;
beforeAll(async () => {
  home = makeHome();
  home.write("config.yaml", "discovery: { environment: false, local: false }\napi-keys: [key-of-somebody-else]\n");
  server = await startServer(home, ["demo", "--json"]);
});
afterAll(async () => {
  await server.stop();
  home.remove();
});

const settings = (): string => join(home.directory, ".claude/settings.json");
const opens = async (key: string): Promise<boolean> => (await fetch(`${server.origin}/v1/models`, { headers: { "x-api-key": key } })).ok;

test("connect finds the gateway that runs here and makes a key for the client, which --undo closes", async () => {
  const { code, stdout, stderr } = await runCommand(home, ["connect", "claude", "--model", "demo-echo", "--yes"]);
  expect([code, stderr]).toEqual([0, ""]);
  const { env } = JSON.parse(readFileSync(settings(), "utf8")) as { env: Record<string, string> };
  expect(env.ANTHROPIC_BASE_URL).toBe(server.origin);
  const key = env.ANTHROPIC_AUTH_TOKEN!;
  expect(stdout).not.toContain(key);
  expect(await opens(key)).toBe(true);

  const list = JSON.parse((await runCommand(home, ["connect", "--list", "--json"])).stdout) as { id: string; state: string; url?: string }[];
  expect(list.find(({ id }) => id === "claude-code")).toMatchObject({ state: "connected", url: server.origin });

  expect(await runCommand(home, ["connect", "claude", "--undo"])).toMatchObject({ code: 0, stdout: expect.stringContaining("is gone") });
  expect(existsSync(join(home.directory, ".claude"))).toBe(false);
  // A gateway looks after its keys every two seconds.
  const until = Date.now() + 15_000;
  while (await opens(key) && Date.now() < until) await Bun.sleep(100);
  expect(await opens(key)).toBe(false);
});

test("run gives a program what it needs, its words and its end, and leaves no file", async () => {
  const script = home.write("client.sh", '#!/bin/sh\necho "$OPENAI_BASE_URL $OPENAI_API_KEY $*"\nexit 7\n');
  chmodSync(script, 0o755);
  const before = readdirSync(home.directory);
  const { code, stdout, stderr } = await runCommand(home, ["run", "sdk", "--key", "key-of-somebody-else", "--", script, "-one", "--help"]);
  expect([code, stdout, stderr]).toEqual([7, `${server.origin}/v1 key-of-somebody-else -one --help\n`, ""]);
  expect(readdirSync(home.directory)).toEqual(before);
});

test("run passes a signal on, and takes away the file that was only for this run", async () => {
  const claude = home.write("claude", '#!/bin/sh\ncat "$2"\ntrap "exit 5" TERM\necho ready\nwhile :; do sleep 0.05; done\n');
  chmodSync(claude, 0o755);
  const run = runProgram(home, ["run", "claude", "--key", "key-of-somebody-else", "-m", "demo-echo"], { PATH: `${home.directory}:${process.env.PATH ?? ""}` });
  await waitFor(() => (run.stdout().includes("ready") ? true : undefined));
  expect(run.stdout()).toContain(`"ANTHROPIC_BASE_URL":"${server.origin}"`);
  const scratch = (): readonly string[] => readdirSync(join(home.directory, "data")).filter((name) => name.startsWith("run-"));
  expect(scratch()).toHaveLength(1);
  run.child.kill("SIGTERM");
  expect(await run.ended).toBe(5);
  expect(scratch()).toEqual([]);
});

test("run --serve starts a gateway that ends with the client", async () => {
  const alone = makeHome();
  alone.write("config.yaml", "discovery: { environment: false, local: false }\n");
  const { code, stdout } = await runCommand(alone, ["run", "sdk", "--serve", "--", "sh", "-c", "echo $ANTHROPIC_BASE_URL"]);
  expect(code).toBe(0);
  const url = stdout.trim();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await expect(fetch(`${url}/health`)).rejects.toThrow();
  alone.remove();
});
