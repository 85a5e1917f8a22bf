import { afterEach, describe, expect, test } from "bun:test";
import type { Listening } from "../kit/running.ts";
import { startFactoryWorld, type FactoryWorld } from "./kit/factory-world.ts";

const MESSAGE = [{ role: "user", content: "Hello" }];
const VERSION = { "anthropic-version": "2023-06-01" };
const INTERLEAVED = "interleaved-thinking-2025-05-14";

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** One model at each place, all at one level, in the words of droid2api's configuration. */
async function start(reasoning: string | undefined, more: Record<string, unknown> = {}): Promise<FactoryWorld> {
  const models = [
    { name: "Claude", id: "claude-sonnet-4-5-20250929", type: "anthropic" },
    { name: "GPT", id: "gpt-5.2", type: "openai" },
    { name: "GLM", id: "glm-5", type: "common", provider: "fireworks" },
    { name: "Gemini", id: "gemini-3-flash-preview", type: "google" },
  ].map((model) => ({ ...model, ...(reasoning !== undefined && { reasoning }), ...more }));
  const world = await startFactoryWorld({ settings: { options: { models } } });
  open.push(world);
  return world;
}

async function asked(world: FactoryWorld, path: string, body: object, headers: Record<string, string> = {}): Promise<FactoryWorld["api"]["seen"][number]> {
  const reply = await world.ask(path, body, headers);
  expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
  const request = world.api.seen.at(-1);
  if (request === undefined) throw new Error("nothing was asked");
  return request;
}

const messages = (world: FactoryWorld, more: object = {}, headers: Record<string, string> = {}) =>
  asked(world, "/v1/messages", { model: "claude-sonnet-4-5-20250929", max_tokens: 30_000, messages: MESSAGE, ...more }, { ...VERSION, ...headers });
const responses = (world: FactoryWorld, more: object = {}) => asked(world, "/v1/responses", { model: "gpt-5.2", input: "Hello", ...more });
const chat = (world: FactoryWorld, model: string, more: object = {}) => asked(world, "/v1/chat/completions", { model, messages: MESSAGE, ...more });
const generate = (world: FactoryWorld, config?: object) =>
  asked(world, "/v1beta/models/gemini-3-flash-preview:generateContent", { contents: [{ role: "user", parts: [{ text: "Hello" }] }], ...(config !== undefined && { generationConfig: config }) });

const CLIENTS = { thinking: { type: "enabled", budget_tokens: 8192 }, reasoning: { effort: "xhigh", summary: "detailed" } };

describe("a level per model", () => {
  const LEVELS = [["low", 4096, "LOW"], ["medium", 12_288, "MEDIUM"], ["high", 24_576, "HIGH"]] as const;
  for (const [level, budget, gemini] of LEVELS) {
    test(`${level} takes the place of what the client said`, async () => {
      const world = await start(level);
      const claude = await messages(world, { thinking: CLIENTS.thinking }, { "anthropic-beta": "context-1m-2025-08-07" });
      expect(claude.body).toMatchObject({ thinking: { type: "enabled", budget_tokens: budget }, max_tokens: 30_000 });
      expect(claude.headers.get("anthropic-beta")).toBe(`context-1m-2025-08-07, ${INTERLEAVED}`);
      expect((await responses(world, { reasoning: { effort: "xhigh" } })).body.reasoning).toEqual({ effort: level, summary: "auto" });
      expect((await chat(world, "glm-5", { reasoning_effort: "xhigh" })).body.reasoning_effort).toBe(level);
      expect((await generate(world, { thinkingConfig: { thinkingLevel: "MINIMAL" } })).body.generationConfig).toEqual({ thinkingConfig: { thinkingLevel: gemini } });
    });
  }

  test("xhigh is one thing on every way", async () => {
    const world = await start("xhigh");
    expect((await messages(world, { max_tokens: 60_000 })).body.thinking).toEqual({ type: "enabled", budget_tokens: 40_960 });
    expect((await chat(world, "claude-sonnet-4-5-20250929", { max_tokens: 60_000 })).body.thinking).toEqual({ type: "enabled", budget_tokens: 40_960 });
    expect((await responses(world)).body.reasoning).toEqual({ effort: "xhigh", summary: "auto" });
  });

  test("auto leaves everything to the client", async () => {
    const world = await start("auto");
    const claude = await messages(world, { thinking: CLIENTS.thinking }, { "anthropic-beta": INTERLEAVED });
    expect([claude.body.thinking, claude.headers.get("anthropic-beta")]).toEqual([CLIENTS.thinking, INTERLEAVED]);
    const plain = await messages(world);
    expect([plain.body.thinking, plain.headers.get("anthropic-beta")]).toEqual([undefined, null]);
    expect((await responses(world, { reasoning: CLIENTS.reasoning })).body.reasoning).toEqual(CLIENTS.reasoning);
    expect((await responses(world)).body.reasoning).toBeUndefined();
    expect((await chat(world, "glm-5", { reasoning_effort: "high" })).body.reasoning_effort).toBe("high");
    expect((await chat(world, "claude-sonnet-4-5-20250929", { reasoning_effort: "high" })).body.thinking).toMatchObject({ type: "enabled" });
  });

  test.each(["off", undefined, "sometimes"])("%p takes every setting out", async (level) => {
    const world = await start(level);
    const claude = await messages(world, { thinking: CLIENTS.thinking }, { "anthropic-beta": `${INTERLEAVED},context-1m-2025-08-07` });
    expect([claude.body.thinking, claude.headers.get("anthropic-beta")]).toEqual([undefined, "context-1m-2025-08-07"]);
    expect((await messages(world, {}, { "anthropic-beta": INTERLEAVED })).headers.get("anthropic-beta")).toBeNull();
    expect((await responses(world, { reasoning: CLIENTS.reasoning })).body.reasoning).toBeUndefined();
    expect((await chat(world, "glm-5", { reasoning_effort: "high" })).body.reasoning_effort).toBeUndefined();
    expect((await generate(world, { thinkingConfig: { thinkingLevel: "HIGH" }, temperature: 0.5 })).body.generationConfig).toEqual({ temperature: 0.5 });
  });
});

describe("thinking beside the other settings", () => {
  test.each(["/v1/messages", "/v1/chat/completions"])("a small limit is raised and what is refused beside thinking goes, by %s", async (path) => {
    const world = await start("high");
    const { body } = await asked(world, path, { model: "claude-sonnet-4-5-20250929", max_tokens: 1000, temperature: 0.2, messages: MESSAGE }, path === "/v1/messages" ? VERSION : {});
    expect(body).toMatchObject({ thinking: { type: "enabled", budget_tokens: 24_576 }, max_tokens: 25_576 });
    expect(body.temperature).toBeUndefined();
  });

  test("a forced tool goes before it", async () => {
    const world = await start("high");
    const { body } = await messages(world, { tools: [{ name: "look", input_schema: { type: "object" } }], tool_choice: { type: "any" } });
    expect([body.thinking, body.tool_choice]).toEqual([undefined, { type: "any" }]);
  });

  test("`-thinking` behind a name means 16384 tokens, also behind Bedrock's", async () => {
    const world = await startFactoryWorld();
    open.push(world);
    const { body, headers } = await chat(world, "bedrock-claude-sonnet-4-5-20250929-thinking", { max_tokens: 20_480 });
    expect(body).toMatchObject({ model: "claude-sonnet-4-5-20250929", thinking: { type: "enabled", budget_tokens: 16_384 }, max_tokens: 20_480 });
    expect(headers.get("x-api-provider")).toBe("bedrock_anthropic");
  });

  test("a fixed level goes before the name's ending, and the operator's word for all upstreams before both", async () => {
    const world = await start("low");
    expect((await chat(world, "claude-sonnet-4-5-20250929(high)", { max_tokens: 60_000 })).body.thinking).toEqual({ type: "enabled", budget_tokens: 4096 });
  });

  test("the quick service, where a model has it", async () => {
    const world = await start("auto", { fast: true });
    expect((await messages(world, {}, { "anthropic-beta": "context-1m-2025-08-07" })).headers.get("anthropic-beta")).toBe("context-1m-2025-08-07, fast-mode-2026-02-01");
    expect((await responses(world)).body.service_tier).toBe("priority");
    expect((await responses(world, { service_tier: "flex" })).body.service_tier).toBe("flex");
  });
});
