import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { listen } from "../kit/running.ts";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";
import { FIXTURES } from "./fixtures.ts";
import { makeHouse, personWho, type House } from "./kit.ts";

const CHAT = MODELS["openai-chat"]!;
const SETTINGS = ".claude/settings.json";

let world: World;
let house: House;
beforeAll(() => {
  world = startWorld({ script: () => ({ text: "hello" }) });
});
afterAll(() => world.close());
beforeEach(() => {
  house = makeHouse();
});
afterEach(() => house.remove());

const here = (): { url: string; key: string } => ({ url: world.origin, key: CLIENT_KEY });

describe("before anything is written", () => {
  test.each(["claude-code", "codex-cli", "gemini-cli", "gemini-cli-login", "qwen-code"])("%s: a word is asked for in the client's own dialect, of every model that was chosen", async (client) => {
    const roles = client === "claude-code" || client === "qwen-code" ? { roles: { small: MODELS["gemini-generate-content"]! } } : {};
    const report = await house.connect(client, { ...here(), model: CHAT, ...roles });
    expect(report).toMatchObject({ written: true, tests: [{ model: CHAT, outcome: "answered" }, ...(roles.roles === undefined ? [] : [{ model: roles.roles.small, outcome: "answered" }])] });
  });

  test("a model that is not there is told, with a near name, and nothing is written", async () => {
    const report = await house.connect("claude-code", { ...here(), model: "sim-chta" });
    expect(report).toMatchObject({ written: false, tests: [{ outcome: "unknown-model", message: expect.stringContaining("sim-chat") }] });
    expect(house.bytes(SETTINGS)).toBeUndefined();
    expect(house.said.join("\n")).toContain("--no-test");
  });

  test("a key that is refused is told, and nothing is written", async () => {
    await expect(house.connect("claude-code", { ...here(), key: "wrong", model: CHAT })).rejects.toThrow(/refuses the key/);
    expect(house.bytes(SETTINGS)).toBeUndefined();
  });

  test("a gateway that does not run is told, with what to do", async () => {
    const gone = listen(() => new Response());
    await gone.close();
    await expect(house.connect("claude-code", { url: gone.origin, key: "k", model: CHAT })).rejects.toThrow(/nothing listens at 127\.0\.0\.1:\d+.*dragoman serve/);
  });

  test("a page that is no gateway is told", async () => {
    const page = listen(() => new Response("<html>", { status: 200 }));
    const report = await house.connect("claude-code", { url: page.origin, key: "k", model: CHAT });
    expect(report).toMatchObject({ written: false, tests: [{ outcome: "unreachable", message: expect.stringContaining("speaks no JSON") }] });
    await page.close();
  });

  test("a provider that is busy does not stop it", async () => {
    const busy = listen((request) => (request.method === "GET" ? Response.json({ data: [{ id: "m" }] }) : Response.json({ error: { message: "slow down" } }, { status: 429 })));
    const report = await house.connect("claude-code", { url: busy.origin, key: "k" });
    expect(report).toMatchObject({ written: true, models: { main: "m" }, tests: [{ outcome: "failed", message: "HTTP 429: slow down" }] });
    await busy.close();
  });

  test("without a model, the gateway's are named", async () => {
    await expect(house.connect("claude-code", here())).rejects.toThrow(new RegExp(`--model with one of .*${CHAT}`));
  });

  test("a role that the client has not is told", async () => {
    await expect(house.connect("codex-cli", { ...here(), model: CHAT, roles: { opus: CHAT } })).rejects.toThrow(/no other model for "opus"/);
  });
});

describe("what is shown", () => {
  test("is a diff in which no secret can be read", async () => {
    const { files } = FIXTURES[0]!;
    house.write(SETTINGS, files[SETTINGS]!);
    await house.connect("claude-code", { ...here(), model: CHAT, dryRun: true });
    const said = house.said.join("\n");
    expect(said).toContain("@@ -");
    expect(said).toContain(`+      "ANTHROPIC_BASE_URL": "${world.origin}"`);
    for (const secret of [CLIENT_KEY, "sk-ant-api03-of-somebody-else", "sk-of-another-proxy"]) expect(said).not.toContain(secret);
    expect(house.bytes(SETTINGS)).toBe(files[SETTINGS]!);
  });

  test("of a client whose settings nobody can write is what to type, without a key that is known", async () => {
    const report = await house.connect("cursor", { ...here(), model: CHAT });
    expect(report).toMatchObject({ written: false, byHand: [expect.stringContaining("Cursor's settings")] });
    expect(house.said.join("\n")).toContain(`Override OpenAI Base URL: ${world.origin}/v1`);
    expect(house.said.join("\n")).not.toContain(CLIENT_KEY);
  });

  test("as JSON holds no key", async () => {
    expect(JSON.stringify(await house.connect("zed", { ...here(), model: CHAT }))).not.toContain(CLIENT_KEY);
  });
});

describe("somebody at a terminal", () => {
  test("is asked for the address, the key, the model, and whether it may be written", async () => {
    const person = personWho([world.origin, CLIENT_KEY, "sim-chat", "y"]);
    const report = await house.connect("codex-cli", { yes: false }, { person });
    expect(report).toMatchObject({ written: true, url: world.origin, models: { main: "sim-chat" } });
    expect(person.asked).toHaveLength(4);
    expect(house.bytes(".codex/config.toml")).toContain(CLIENT_KEY);
  });

  test("may say no", async () => {
    const report = await house.connect("codex-cli", { ...here(), model: CHAT, yes: false }, { person: personWho(["n"]) });
    expect(report.written).toBe(false);
    expect(house.bytes(".codex/config.toml")).toBeUndefined();
  });

  test("may take a model by its number", async () => {
    const report = await house.connect("codex-cli", { ...here(), yes: false }, { person: personWho(["1", "y"]) });
    expect(report.models.main).toBeString();
  });
});

test("connected again, it keeps the key and the model that it has", async () => {
  await house.connect("claude-code", { ...here(), model: CHAT });
  expect(await house.connect("claude-code", { url: world.origin })).toMatchObject({ written: false, models: { main: CHAT } });
});

test("through the gateway to a provider, the address names both, and the gateway's key goes beside", async () => {
  const seen: { path: string; key: string | null }[] = [];
  const gateway = listen(({ url, headers }) => (seen.push({ path: new URL(url).pathname, key: headers.get("x-dragoman-key") }), Response.json({ type: "message" })));
  await house.connect("claude-code", { url: gateway.origin, upstream: "https://api.groq.com/openai/v1/", key: "gsk", model: "meta-llama/llama-4", gatewayKey: "sk-of-gateway" });
  expect(seen).toEqual([{ path: "/https/api.groq.com/openai/v1/meta-llama%2Fllama-4/v1/messages", key: "sk-of-gateway" }]);
  const { env } = JSON.parse(house.bytes(SETTINGS)!) as { env: Record<string, string> };
  expect(env).toMatchObject({ ANTHROPIC_BASE_URL: `${gateway.origin}/https/api.groq.com/openai/v1/meta-llama%2Fllama-4`, ANTHROPIC_AUTH_TOKEN: "gsk", ANTHROPIC_CUSTOM_HEADERS: "x-dragoman-key: sk-of-gateway" });
  await gateway.close();
});
