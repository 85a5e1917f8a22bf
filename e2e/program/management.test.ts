import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeHome, startServer, waitFor, type Home, type RunningProgram } from "../kit/program.ts";

let home: Home;
let running: RunningProgram | undefined;
beforeEach(() => { home = makeHome(); });
afterEach(async () => {
  await running?.stop();
  running = undefined;
  home.remove();
});

const QUIET = "discovery: { environment: false, local: false }\n";
const HASH = /secret-key: "?\$2b\$10\$.{53}"?/;

async function start(environment?: Record<string, string>, more: readonly string[] = []): Promise<RunningProgram> {
  running = await startServer(home, ["serve", "--json", ...more], environment);
  return running;
}

const status = async (program: RunningProgram, key: string, path = "/debug"): Promise<number> =>
  (await fetch(`${program.origin}/v0/management${path}`, { headers: { authorization: `Bearer ${key}` } })).status;

describe("a management secret that is typed into the file", () => {
  test("becomes its hash at the start and when it is typed in later; nothing else in the file changes", async () => {
    const path = home.write("config.yaml", `# mine\n${QUIET}remote-management:\n  secret-key: "first secret" # change me\n`);
    const program = await start();
    expect(await status(program, "first secret")).toBe(200);
    await waitFor(() => (HASH.test(readFileSync(path, "utf8")) ? true : undefined));
    expect(readFileSync(path, "utf8").replace(HASH, "HASH")).toBe(`# mine\n${QUIET}remote-management:\n  HASH # change me\n`);
    home.write("config.yaml", `${QUIET}remote-management:\n  secret-key: second secret\n`);
    await program.line("config.reloaded");
    await waitFor(() => (HASH.test(readFileSync(path, "utf8")) ? true : undefined));
    expect(await status(program, "second secret")).toBe(200);
    expect(await status(program, "first secret")).toBe(401);
    // Longer than the watcher waits for a file to be quiet: its own writing is no change.
    await Bun.sleep(600);
    expect(program.lines("config.reloaded")).toHaveLength(1);
    expect(program.stdout() + program.stderr()).not.toContain("second secret");
  });

  test("stays a reference where it is one", async () => {
    const text = `${QUIET}remote-management:\n  secret-key: \${MY_SECRET}\n`;
    const path = home.write("config.yaml", text);
    const program = await start({ MY_SECRET: "from outside" });
    expect(await status(program, "from outside")).toBe(200);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("makes the management API appear, and disappear with it", async () => {
    home.write("config.yaml", QUIET);
    const program = await start();
    expect(await status(program, "s")).toBe(404);
    home.write("config.yaml", `${QUIET}remote-management:\n  secret-key: s\n`);
    await program.line("config.reloaded");
    expect(await status(program, "s")).toBe(200);
    home.write("config.yaml", `${QUIET}debug: true\n`);
    await program.line("config.reloaded", 1);
    expect(await status(program, "s")).toBe(404);
  });
});

test("MANAGEMENT_PASSWORD and --password", async () => {
  home.write("config.yaml", QUIET);
  const program = await start({ MANAGEMENT_PASSWORD: "of the environment" }, ["--password", "of a wrapper"]);
  expect(await status(program, "of the environment")).toBe(200);
  expect(await status(program, "of a wrapper")).toBe(200);
  expect(await status(program, "wrong")).toBe(401);
});

test("the first run: the link sets the key, the configuration is kept, and the next start knows it", async () => {
  const program = await start();
  const link = await waitFor(() => /http:\/\/127\.0\.0\.1:\d+\/admin\/setup#token=(\w+)/.exec(program.stderr()) ?? undefined);
  expect(program.stdout()).not.toContain(link[1] ?? "");
  const answer = await fetch(`${program.origin}/v0/management/setup`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token: link[1], key: "the chosen key" }) });
  expect(answer.status).toBe(200);
  const path = join(home.directory, "data", "config.yaml");
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, "utf8")).not.toContain("the chosen key");
  const put = await fetch(`${program.origin}/v0/management/debug`, { method: "PUT", headers: { authorization: "Bearer the chosen key" }, body: '{"value":true}' });
  expect(await put.json() as unknown).toEqual({ status: "ok" });
  await program.stop();
  const next = await start();
  expect(next.stderr()).not.toContain("setup#token");
  const debug = await fetch(`${next.origin}/v0/management/debug`, { headers: { authorization: "Bearer the chosen key" } });
  expect(await debug.json() as unknown).toEqual({ debug: true });
});

test("what the API writes is followed by nobody, and what people write is", async () => {
  const path = home.write("config.yaml", `${QUIET}remote-management:\n  secret-key: s\n`);
  const program = await start();
  await waitFor(() => (HASH.test(readFileSync(path, "utf8")) ? true : undefined));
  await fetch(`${program.origin}/v0/management/request-retry`, { method: "PUT", headers: { authorization: "Bearer s" }, body: '{"value":9}' });
  home.write("config.yaml", `${readFileSync(path, "utf8")}debug: true\n`);
  const line = await program.line("config.reloaded");
  expect(line.changes).toEqual(["debug: false → true"]);
});
