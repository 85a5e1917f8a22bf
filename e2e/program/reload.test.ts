import { afterEach, describe, expect, test } from "bun:test";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSimulator, SIMULATED, type Act } from "@dragoman/gateway/testing";
import { ask, at, isWhole, list, readEvents, streamText } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { keyOf } from "../kit/pool.ts";
import { makeHome, startServer, type Home, type RunningProgram } from "../kit/program.ts";
import { CLIENT_KEY, listen } from "../kit/running.ts";

const long: Act = { text: "word ".repeat(60), usage: { input: 1, output: 60 } };

const doors: { close(): Promise<unknown> }[] = [];
const homes: Home[] = [];
afterEach(async () => {
  for (const door of doors.splice(0).reverse()) await door.close();
  for (const home of homes.splice(0)) home.remove();
});

interface Stage {
  readonly program: RunningProgram;
  readonly upstreamKeys: string[];
  /** What the file says with these client keys and this key for the upstream. */
  text(clientKeys: readonly string[], upstreamKey: string, more?: Record<string, unknown>): string;
  write(text: string): void;
}

async function start(): Promise<Stage> {
  const kind = SIMULATED.find(({ dialect }) => dialect.id === "anthropic-messages");
  if (kind === undefined) throw new Error("no simulator");
  const simulator = createSimulator(kind.dialect, kind.vendor, () => long, { eventPauseMs: 25 });
  const upstreamKeys: string[] = [];
  const upstream = listen((request) => {
    upstreamKeys.push(keyOf(request.headers));
    return simulator.fetch(request);
  });
  doors.push(upstream);
  const text: Stage["text"] = (clientKeys, upstreamKey, more) => JSON.stringify({
    "api-keys": clientKeys, discovery: { environment: false, local: false }, ...entriesOf("anthropic-messages", { origin: upstream.origin, keys: [upstreamKey], models: [{ name: "claude-x" }] }), ...more,
  });
  const home = makeHome();
  homes.push(home);
  const path = home.write("config.yaml", text([CLIENT_KEY], "sk-old-key-of-upstream"));
  const program = await startServer(home, ["serve", "--json"]);
  doors.push({ close: () => program.stop() });
  return { program, upstreamKeys, text, write: (content) => writeFileSync(path, content) };
}

const status = async (program: RunningProgram, key: string): Promise<number> => (await fetch(`${program.origin}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;

describe("hot reload", () => {
  test("a running stream keeps what it began with; new requests have the new keys; the old ones are gone", async () => {
    const { program, upstreamKeys, text, write } = await start();
    const response = await ask(program.origin, "openai-chat", { model: "claude-x", stream: true });
    const reader = response.body?.getReader();
    let body = new TextDecoder().decode((await reader?.read())?.value);
    write(text(["another-client-key"], "sk-new-key-of-upstream"));
    const line = await program.line("config.reloaded");
    expect(JSON.stringify(line.changes)).toContain("api-keys");
    expect(JSON.stringify(line)).not.toContain("another-client-key");
    expect(JSON.stringify(line)).not.toContain("sk-new-key");
    expect(await status(program, CLIENT_KEY)).toBe(401);
    expect(await status(program, "another-client-key")).toBe(200);
    const second = await ask(program.origin, "anthropic-messages", { model: "claude-x", key: "another-client-key" });
    expect(second.status).toBe(200);
    expect(upstreamKeys).toEqual(["sk-old-key-of-upstream", "sk-new-key-of-upstream"]);
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) body += new TextDecoder().decode(piece.value);
    const { events } = readEvents(body);
    expect(isWhole("openai-chat", events)).toBe(true);
    expect(streamText("openai-chat", events)).toBe("word ".repeat(60));
  });

  test("a bad file changes nothing and is told; a good one after it counts", async () => {
    const { program, text, write } = await start();
    for (const [at, bad] of ["api-keys: [unclosed", text(["x"], "y", { "api-kyes": [] }), '{"port": "lots"}'].entries()) {
      write(bad);
      const line = await program.line("config.refused", at);
      expect(list(line.problems).length).toBeGreaterThan(0);
      expect(await status(program, CLIENT_KEY)).toBe(200);
    }
    write(text([CLIENT_KEY, "a-second-key"], "sk-old-key-of-upstream"));
    await program.line("config.reloaded");
    expect(await status(program, "a-second-key")).toBe(200);
  });

  test("a file that is replaced by a rename is seen, and so are further changes", async () => {
    const { program, text } = await start();
    const home = homes.at(-1)?.directory ?? "";
    for (const [at, key] of ["first-new-key", "second-new-key"].entries()) {
      writeFileSync(join(home, "config.yaml.tmp"), text([key], "sk-old-key-of-upstream"));
      renameSync(join(home, "config.yaml.tmp"), join(home, "config.yaml"));
      await program.line("config.reloaded", at);
      expect(await status(program, key)).toBe(200);
    }
    expect(await status(program, CLIENT_KEY)).toBe(401);
  });

  test("models come and go, and what needs a restart is told", async () => {
    const { program, text, write } = await start();
    write(text([CLIENT_KEY], "sk-old-key-of-upstream", { "claude-api-key": [{ "api-key": "sk-old-key-of-upstream", "base-url": "http://127.0.0.1:9", models: [{ name: "claude-y" }] }], port: 9999 }));
    await program.line("config.reloaded");
    expect(JSON.stringify((await program.line("config.restart-needed")).for)).toContain("port");
    const models: unknown = await (await fetch(`${program.origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } })).json();
    expect(list(at(models, "data")).map((model) => at(model, "id"))).toEqual(["claude-y"]);
  });
});
