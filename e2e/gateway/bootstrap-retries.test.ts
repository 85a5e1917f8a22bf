import { afterEach, expect, test } from "bun:test";
import { ask, readEvents, streamText } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { startPool, type Pool } from "../kit/pool.ts";
import { startGateway, type RunningGateway } from "../kit/running.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** One key that refuses so many times before it answers. */
function start(refusals: number, status: number, config: Record<string, unknown>): { gateway: RunningGateway; pool: Pool } {
  let asked = 0;
  const pool = startPool("openai-chat", () => (asked++ < refusals ? { trouble: "refuse", status, message: "not now" } : { text: "at last" }));
  const gateway = startGateway({ ...entriesOf("openai-chat", { origin: pool.origin, keys: ["sk-first-key-000000001"], models: [{ name: "m" }] }), ...config });
  open.push(gateway, pool);
  return { gateway, pool };
}

const uncooled = (retries: number): Record<string, unknown> => ({ "disable-cooling": true, streaming: { "bootstrap-retries": retries } });

test("a stream that failed before its first byte is asked for anew", async () => {
  const { gateway, pool } = start(2, 401, uncooled(2));
  const response = await ask(gateway.origin, "openai-chat", { model: "m", stream: true });
  expect(response.status).toBe(200);
  expect(streamText("openai-chat", readEvents(await response.text()).events)).toBe("at last");
  expect(pool.keys.length).toBe(3);
});

test("as often as the operator says, and not for what would fail again", async () => {
  const few = start(3, 500, uncooled(2));
  expect((await ask(few.gateway.origin, "openai-chat", { model: "m", stream: true })).status).toBe(500);
  expect(few.pool.keys.length).toBe(3);
  const faulty = start(1, 400, uncooled(2));
  expect((await ask(faulty.gateway.origin, "openai-chat", { model: "m", stream: true })).status).toBe(400);
  expect(faulty.pool.keys.length).toBe(1);
});

test("not for whole replies, and not by default", async () => {
  const whole = start(1, 500, uncooled(2));
  expect((await ask(whole.gateway.origin, "openai-chat", { model: "m" })).status).toBe(500);
  const plain = start(1, 500, { "disable-cooling": true });
  expect((await ask(plain.gateway.origin, "openai-chat", { model: "m", stream: true })).status).toBe(500);
  expect(plain.pool.keys.length).toBe(1);
});

test("a lone credential that rests after trouble of the moment is asked again", async () => {
  const { gateway, pool } = start(1, 500, { streaming: { "bootstrap-retries": 2 } });
  const response = await ask(gateway.origin, "openai-chat", { model: "m", stream: true });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("at last");
  expect(pool.keys.length).toBe(2);
});

test("when all credentials pause by then, the client hears what was wrong", async () => {
  const { gateway, pool } = start(1, 403, { streaming: { "bootstrap-retries": 2 } });
  const response = await ask(gateway.origin, "openai-chat", { model: "m", stream: true });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain("not now");
  expect(pool.keys.length).toBe(1);
});
