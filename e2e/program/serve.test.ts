import { afterEach, describe, expect, test } from "bun:test";
import { createSimulator, SIMULATED, type Act, type Script } from "@dragoman/gateway/testing";
import { ask, at, DIALECTS, isWhole, list, readEvents, streamText, wholeText } from "../kit/calls.ts";
import { CLIENTS } from "../kit/clients/index.ts";
import { entriesOf } from "../kit/entries.ts";
import { makeHome, startServer, waitFor, type Home, type RunningProgram } from "../kit/program.ts";
import { startHttpProxy, startSocksProxy, type Proxy } from "../kit/proxies.ts";
import { CLIENT_KEY, listen, type Listening } from "../kit/running.ts";
import { postWithoutReading } from "../kit/slow-reader.ts";

const SECRET = "sk-upstream-secret-of-this-test";
const act: Act = { text: "Zażółć gęślą jaźń.", usage: { input: 12, cached: 2, output: 5 } };

const doors: { close(): Promise<unknown> }[] = [];
const homes: Home[] = [];
afterEach(async () => {
  for (const door of doors.splice(0).reverse()) await door.close();
  for (const home of homes.splice(0)) home.remove();
});

/** An Anthropic upstream; a different dialect from most clients, so that answers are translated. */
function upstreamOf(script: Script, eventPauseMs = 0): Listening {
  const kind = SIMULATED.find(({ dialect }) => dialect.id === "anthropic-messages");
  if (kind === undefined) throw new Error("no simulator");
  const simulator = createSimulator(kind.dialect, kind.vendor, script, { eventPauseMs });
  const upstream = listen((request) => simulator.fetch(request));
  doors.push(upstream);
  return upstream;
}

interface Setting {
  readonly command?: readonly string[];
  /** Written as config.yaml; JSON is YAML. */
  readonly config?: Record<string, unknown>;
  readonly environment?: Record<string, string>;
}

async function start({ command = ["serve", "--json"], config, environment }: Setting): Promise<RunningProgram & { readonly home: Home }> {
  const home = makeHome();
  homes.push(home);
  if (config !== undefined) home.write("config.yaml", JSON.stringify({ "api-keys": [CLIENT_KEY], discovery: { environment: false, local: false }, ...config }));
  const program = await startServer(home, command, environment);
  doors.push({ close: () => program.stop() });
  return { ...program, home };
}

const claude = (origin: string, more: Record<string, unknown> = {}): Record<string, unknown> => entriesOf("anthropic-messages", { origin, keys: [SECRET], models: [{ name: "claude-x" }], extra: more });

describe("a first start", () => {
  test("with nothing at all it runs, is healthy and says what is missing", async () => {
    const program = await start({});
    expect(at(await (await fetch(`${program.origin}/health`)).json(), "status")).toBe("ok");
    expect((await program.line("server.started")).url).toBe(program.origin);
    const response = await ask(program.origin, "anthropic-messages", { model: "claude-x" });
    expect(response.status).toBe(404);
    expect(await program.stop()).toBe(0);
  });

  test("the demo answers every SDK, streamed and not, and says how to be tried", async () => {
    const program = await start({ command: ["demo"] });
    expect(program.stdout()).toContain("demo-echo");
    for (const path of ["/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1beta/models/demo-echo:generateContent"]) expect(program.stdout()).toContain(program.origin + path);
    const models = list(at(await (await fetch(`${program.origin}/v1/models`)).json(), "data")).map((model) => at(model, "id"));
    expect(models).toEqual(expect.arrayContaining(["demo-echo", "demo-prose", "demo-thinker", "demo-tools"]));
    await Promise.all(CLIENTS.flatMap((client) => [false, true].map(async (stream) => {
      const echo = client.open(program.origin, "any", { model: "demo-echo" });
      echo.user("Zażółć 🦆");
      expect([client.name, (await echo.ask({ stream })).text]).toEqual([client.name, "Zażółć 🦆"]);
      const tools = client.open(program.origin, "any", { model: "demo-tools", tools: [{ name: "look_around", description: "Looks.", schema: { type: "object", properties: { where: { type: "string" } }, required: ["where"] } }] });
      tools.user("go");
      const { calls, finish } = await tools.ask({ stream });
      expect([client.name, calls[0]?.name, finish]).toEqual([client.name, "look_around", "tools"]);
      for (const call of calls) tools.toolResult(call.id, call.name, "a duck");
      expect((await tools.ask({ stream })).text).toContain("a duck");
    })));
    for (const dialect of DIALECTS) {
      const response = await ask(program.origin, dialect, { model: "demo-thinker", stream: true });
      expect(isWhole(dialect, readEvents(await response.text()).events)).toBe(true);
    }
  });

  test("a key in the environment offers that vendor's models", async () => {
    const home = makeHome();
    homes.push(home);
    const program = await startServer(home, ["serve", "--json"], { ANTHROPIC_API_KEY: SECRET, HTTPS_PROXY: "http://127.0.0.1:9" });
    doors.push({ close: () => program.stop() });
    const models = list(at(await (await fetch(`${program.origin}/v1/models`)).json(), "data")).map((model) => String(at(model, "id")));
    expect(models.some((id) => id.startsWith("claude-"))).toBe(true);
    expect(program.stdout() + program.stderr()).not.toContain(SECRET);
  });
});

describe("the log", () => {
  test("one line a request tells the whole story, without a secret or a word of the conversation", async () => {
    const upstream = upstreamOf(({ prompt }) => (prompt.includes("fail") ? { trouble: "refuse", status: 400, message: `no: ${SECRET}` } : act));
    const program = await start({ config: claude(upstream.origin) });
    await (await ask(program.origin, "openai-chat", { model: "claude-x", stream: true, prompt: "private words", body: { seed: 3, stream_options: { include_usage: true } } })).text();
    const line = await program.line("request.completed");
    expect(line).toMatchObject({
      level: "info", event: "request.completed", status: 200, path: "/v1/chat/completions", dialect: "openai-chat", upstreamDialect: "anthropic-messages", attempts: 1, passthrough: false, upstreamModel: "claude-x",
      "gen_ai.request.model": "claude-x", "gen_ai.response.model": "claude-x", "gen_ai.provider.name": "claude", "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 5, "gen_ai.response.finish_reasons": ["end"],
    });
    for (const field of ["requestId", "principal", "credential", "time"]) expect(String(line[field])).not.toBe("undefined");
    for (const field of ["durationMs", "firstEventMs"]) expect(line[field]).toBeNumber();
    expect(JSON.stringify(line.losses)).toContain("seed");
    await (await ask(program.origin, "openai-chat", { model: "claude-x", prompt: "please fail" })).text();
    const failed = await program.line("request.completed", 1);
    expect(failed).toMatchObject({ level: "warn", status: 400, failures: ["request-rejected"] });
    expect((await ask(program.origin, "openai-chat", { model: "claude-x", key: "wrong-client-key" })).status).toBe(401);
    expect(await program.line("request.refused")).toMatchObject({ status: 401, error: "invalid_api_key" });
    const everything = program.stdout() + program.stderr();
    for (const word of [SECRET, CLIENT_KEY, "wrong-client-key", "private words", "Zażółć"]) expect(everything).not.toContain(word);
  });
});

describe("the end", () => {
  test("SIGTERM lets a running stream finish, takes nobody new and ends with 0", async () => {
    const upstream = upstreamOf(() => ({ text: "word ".repeat(60), usage: { input: 1, output: 60 } }), 30);
    const program = await start({ config: claude(upstream.origin) });
    const response = await ask(program.origin, "openai-chat", { model: "claude-x", stream: true });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    let text = new TextDecoder().decode(first?.value);
    const stopped = program.stop();
    await Bun.sleep(300);
    await expect(fetch(`${program.origin}/health`, { keepalive: false })).rejects.toThrow();
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) text += new TextDecoder().decode(piece.value);
    const { events } = readEvents(text);
    expect(isWhole("openai-chat", events)).toBe(true);
    expect(streamText("openai-chat", events)).toBe("word ".repeat(60));
    expect(await stopped).toBe(0);
    expect(program.lines("request.completed")).toHaveLength(1);
  });
});

describe("proxies", () => {
  const kinds: readonly (readonly [string, () => Promise<Proxy>])[] = [
    ["http", startHttpProxy],
    ["socks5", () => startSocksProxy()],
    ["socks5 with a password", () => startSocksProxy({ name: "me", password: "p@ss:word" })],
  ];
  for (const [name, open] of kinds) {
    test(`${name}: for all calls, or for those of one key, whole and streamed`, async () => {
      const proxy = await open();
      doors.push(proxy);
      const upstream = upstreamOf(() => act);
      const { host } = new URL(upstream.origin);
      for (const config of [{ ...claude(upstream.origin), "proxy-url": proxy.url }, claude(upstream.origin, { "proxy-url": proxy.url })]) {
        proxy.targets.length = 0;
        const program = await start({ config });
        expect(wholeText("openai-chat", await (await ask(program.origin, "openai-chat", { model: "claude-x" })).json())).toBe(act.text ?? "");
        const { events } = readEvents(await (await ask(program.origin, "openai-chat", { model: "claude-x", stream: true })).text());
        expect(streamText("openai-chat", events)).toBe(act.text ?? "");
        expect(new Set(proxy.targets)).toEqual(new Set([host]));
        expect(program.stdout()).not.toContain("p%40ss");
      }
    });
  }

  test("direct goes around the environment's proxy, and a dead proxy is a 502", async () => {
    const upstream = upstreamOf(() => act);
    const environment = { HTTP_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9" };
    const direct = await start({ config: claude(upstream.origin, { "proxy-url": "direct" }), environment });
    expect((await ask(direct.origin, "openai-chat", { model: "claude-x" })).status).toBe(200);
    const dead = await start({ config: claude(upstream.origin, { "proxy-url": "socks5://127.0.0.1:9" }) });
    expect((await ask(dead.origin, "openai-chat", { model: "claude-x" })).status).toBe(502);
  });
});

describe("many at once", () => {
  const STREAMS = 1000;

  test(`${STREAMS} streams that are all open at the same time, and none is lost`, async () => {
    let arrived = 0;
    let release: () => void = () => undefined;
    const everybody = new Promise<void>((resolve) => (release = resolve));
    const upstream = upstreamOf(async ({ prompt }) => {
      if (++arrived === STREAMS) release();
      await everybody;
      return { text: `You are ${prompt}.`, usage: { input: 3, output: 4 } };
    });
    const program = await start({ config: { ...claude(upstream.origin), timeouts: { "first-byte-ms": 60_000, "hold-ms": 60_000 } } });
    const readers = await Promise.all(Array.from({ length: STREAMS }, (_, number) => postWithoutReading(
      `${program.origin}/v1/chat/completions`,
      { authorization: `Bearer ${CLIENT_KEY}`, connection: "close" },
      JSON.stringify({ model: "claude-x", stream: true, messages: [{ role: "user", content: `number ${number}` }] }),
    )));
    for (const reader of readers) reader.resume();
    await waitFor(() => (readers.every((reader) => reader.text().includes("data: [DONE]")) ? true : undefined), 40_000);
    readers.forEach((reader, number) => {
      const deltas = [...reader.text().matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map(([, piece]) => piece).join("");
      expect(deltas).toBe(`You are number ${number}.`);
      reader.close();
    });
    expect(arrived).toBe(STREAMS);
  }, 60_000);
});
