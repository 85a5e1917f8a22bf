import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Act, Trouble } from "@dragoman/gateway/testing";
import { ask, toldError, wholeText } from "../kit/calls.ts";
import { MODELS, startWorld, type World } from "../kit/world.ts";

let world: World;
let deed: Act | Trouble = { text: "late" };
let waitMs = 0;
const model = MODELS["anthropic-messages"] ?? "";

beforeAll(() => {
  world = startWorld({ script: async () => (await Bun.sleep(waitMs), deed), config: { "nonstream-keepalive-interval": 1 } });
});
afterAll(() => world.close());

test("blank lines come before a reply that takes its time, and JSON readers pass over them", async () => {
  waitMs = 2300;
  const response = await ask(world.origin, "openai-chat", { model });
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(/^\n+/.exec(text)?.[0]).toBe("\n\n");
  expect(wholeText("openai-chat", JSON.parse(text))).toBe("late");
});

test("an error by then is told in the body, and in the log with its status", async () => {
  waitMs = 1200;
  deed = { trouble: "refuse", status: 400, message: "no such thing" };
  const response = await ask(world.origin, "openai-chat", { model });
  expect(response.status).toBe(200);
  expect(toldError("openai-chat", JSON.parse(await response.text())).message).toContain("no such thing");
  expect(world.log.at(-1)?.fields).toMatchObject({ status: 400 });
});

test("what comes in time is as ever, errors with their status", async () => {
  waitMs = 0;
  expect((await ask(world.origin, "openai-chat", { model })).status).toBe(400);
  deed = { text: "soon" };
  expect(await (await ask(world.origin, "openai-chat", { model })).text()).toStartWith("{");
});
