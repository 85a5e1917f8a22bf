import { afterAll, beforeAll, expect, test } from "bun:test";
import { ask, at } from "../kit/calls.ts";
import { MODELS, startWorld, type World } from "../kit/world.ts";

let world: World;
const last = (dialect: string): unknown => world.upstream(dialect).simulator.seen.at(-1)?.body;

beforeAll(() => {
  world = startWorld({
    script: () => ({ text: "ok" }),
    config: {
      payload: {
        default: [{ models: [{ name: "gemini-*", protocol: "gemini" }], params: { "generationConfig.temperature": 0.25 } }],
        override: [{ models: [{ name: "claude-*", "from-protocol": "claude", headers: { "x-tier": "low-*" } }], params: { max_tokens: 77 } }],
        "override-raw": [{ models: [{ name: "sim-chat" }], params: { metadata: '{"team":"a"}' } }],
        filter: [{ models: [{ name: "sim-chat" }], params: ["seed"] }],
      },
    },
  });
});
afterAll(() => world.close());

test("a default reaches a translated body, and gives way to what was said", async () => {
  const model = MODELS["gemini-generate-content"] ?? "";
  await ask(world.origin, "openai-chat", { model });
  expect(at(last("gemini-generate-content"), "generationConfig", "temperature")).toBe(0.25);
  await ask(world.origin, "openai-chat", { model, body: { temperature: 0.75 } });
  expect(at(last("gemini-generate-content"), "generationConfig", "temperature")).toBe(0.75);
});

test("an override reaches a body that passes, only where its rule holds", async () => {
  const model = MODELS["anthropic-messages"] ?? "";
  await ask(world.origin, "anthropic-messages", { model, headers: { "x-tier": "low-1" } });
  expect(at(last("anthropic-messages"), "max_tokens")).toBe(77);
  await ask(world.origin, "anthropic-messages", { model });
  expect(at(last("anthropic-messages"), "max_tokens")).toBe(1000);
  await ask(world.origin, "openai-chat", { model, headers: { "x-tier": "low-1" }, body: { max_tokens: 500 } });
  expect(at(last("anthropic-messages"), "max_tokens")).toBe(500);
});

test("values from JSON text are set, and a filter takes fields out", async () => {
  await ask(world.origin, "openai-chat", { model: MODELS["openai-chat"] ?? "", body: { seed: 7 } });
  expect(last("openai-chat")).toMatchObject({ metadata: { team: "a" } });
  expect(at(last("openai-chat"), "seed")).toBeUndefined();
});

