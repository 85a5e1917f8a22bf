import { afterEach, expect, test } from "bun:test";
import type { AttemptView } from "../../packages/gateway/src/management/contract/usage.ts";
import { ask, at, DIALECTS, list, readEvents } from "../kit/calls.ts";
import { CLIENT_KEY } from "../kit/office.ts";
import { listen } from "../kit/running.ts";
import { MODELS } from "../kit/world.ts";
import { startUsageWorld, type UsageWorld } from "./usage-world.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
const keep = <T extends { close(): Promise<void> }>(each: T): T => (open.push(each), each);

const USAGE = { input: 1000, cached: 400, output: 300, reasoning: 100 };
const PRICES = [{ model: "sim-chat", input: 1, output: 2, "cache-read": 0.5 }];
/** In dollars, by hand: 600 fresh, 400 cached, 300 out. */
const COST: Readonly<Record<string, number | undefined>> = {
  "openai-chat": (600 * 1 + 400 * 0.5 + 300 * 2) / 1e6,
  "openai-responses": undefined,
  "anthropic-messages": (600 * 3 + 400 * 0.3 + 300 * 15) / 1e6,
  "gemini-generate-content": (600 * 2 + 400 * 0.2 + 300 * 12) / 1e6,
};

const records = async (world: UsageWorld, query = ""): Promise<readonly AttemptView[]> => list(at((await world.get(`/usage/records${query}`)).body, "records")) as AttemptView[];

test("every dialect's answer is on record with all its tokens and its exact cost", async () => {
  const world = keep(await startUsageWorld(() => ({ text: "four", reasoning: "two and two", usage: USAGE }), { prices: PRICES }));
  for (const client of DIALECTS) {
    for (const [upstream, model] of Object.entries(MODELS)) {
      for (const stream of [true, false]) {
        const response = await ask(world.origin, client, { model, stream });
        expect([client, upstream, stream, response.status]).toEqual([client, upstream, stream, 200]);
        await response.text();
      }
    }
  }
  const all = await records(world, "?limit=1000");
  expect(all.length).toBe(32);
  for (const record of all) {
    expect(record).toMatchObject({ outcome: "succeeded", status: 200, inputTokens: 600, cacheReadTokens: 400, cacheWriteTokens: 0, totalTokens: 1300, estimated: false, keyName: `configured key …${CLIENT_KEY.slice(-4)}`, attempt: 1 });
    expect(record.outputTokens! + record.reasoningTokens!).toBe(300);
    expect([record.upstreamDialect, record.costUsd]).toEqual([record.upstreamDialect, COST[record.upstreamDialect]]);
    expect(record.firstEventMs).toBeNumber();
  }
  expect(new Set(all.map(({ requestId }) => requestId)).size).toBe(32);
  const newest = all.map(({ startedAt }) => startedAt);
  expect(newest).toEqual([...newest].sort((a, b) => b - a));

  const { body } = await world.get("/usage/summary?groupBy=provider");
  expect(at(body, "totals")).toMatchObject({ requests: 32, attempts: 32, succeeded: 32, failed: 0, inputTokens: 32 * 600, cacheReadTokens: 32 * 400, totalTokens: 32 * 1300, unpriced: 8 });
  const dollars = Object.values(COST).reduce<number>((sum, cost) => sum + 8 * (cost ?? 0), 0);
  expect(at(body, "totals", "costUsd")).toBeCloseTo(dollars, 12);
  expect(list(at(body, "rows")).map((row) => [at(row, "dimensions", "provider"), at(row, "requests"), at(row, "unpriced")]).sort()).toEqual([["claude", 8, 0], ["codex", 8, 8], ["gemini", 8, 0], ["simulated", 8, 0]]);
});

test("a chat client that did not ask for usage gets none, and its tokens are on record all the same", async () => {
  const world = keep(await startUsageWorld(() => ({ text: "four", usage: USAGE }), { prices: PRICES }));
  const streamed = async (body: Record<string, unknown>): Promise<string> => (await ask(world.origin, "openai-chat", { model: "sim-chat", stream: true, body })).text();
  const plain = await streamed({});
  expect(plain).not.toContain("prompt_tokens");
  expect(readEvents(plain).events.every(({ value }) => value === undefined || list(at(value, "choices")).length > 0)).toBe(true);
  expect(plain).toEndWith("data: [DONE]\n\n");
  expect(await streamed({ stream_options: { include_usage: true } })).toContain('"prompt_tokens":1000');
  const bodies = world.upstreams.get("openai-chat")!.simulator.seen.map(({ body }) => at(body, "stream_options"));
  expect(bodies).toEqual([{ include_usage: true }, { include_usage: true }]);
  expect((await records(world)).map(({ totalTokens, costUsd, passthrough }) => [totalTokens, costUsd, passthrough])).toEqual([[1300, COST["openai-chat"], true], [1300, COST["openai-chat"], true]]);
});

test("an attempt that failed is on record beside the one that helped", async () => {
  let asked = 0;
  const world = keep(await startUsageWorld(() => (asked++ === 0 ? { trouble: "refuse", status: 500, message: "not now" } : { text: "at last", usage: USAGE }), { "request-retry": 1, "transient-error-cooldown-seconds": -1 }));
  const response = await ask(world.origin, "openai-chat", { model: MODELS["anthropic-messages"]! });
  expect(response.status).toBe(200);
  const [second, first] = await records(world);
  expect(first).toMatchObject({ attempt: 1, outcome: "failed", status: expect.any(Number), requestId: second!.requestId });
  expect(first!.failure).toBeString();
  expect(first!.totalTokens).toBeUndefined();
  expect(first!.costUsd).toBeUndefined();
  expect(second).toMatchObject({ attempt: 2, outcome: "succeeded", totalTokens: 1300 });
  expect(at((await world.get("/usage/summary")).body, "totals")).toMatchObject({ requests: 1, attempts: 2, succeeded: 1, failed: 1 });
  expect((await records(world, "?outcome=failed")).map(({ attempt }) => attempt)).toEqual([1]);
});

test("a client that leaves is on record as cancelled", async () => {
  const world = keep(await startUsageWorld(() => ({ trouble: "stall", afterEvents: 4, act: { text: "so far and no further", usage: { input: 1000, cached: 400, output: 300 } } })));
  const leaving = new AbortController();
  const response = await ask(world.origin, "anthropic-messages", { model: MODELS["anthropic-messages"]!, stream: true, signal: leaving.signal });
  const reader = response.body!.getReader();
  await reader.read();
  leaving.abort();
  await reader.read().catch(() => undefined);
  let found: readonly AttemptView[] = [];
  for (let tries = 0; tries < 200 && found.length === 0; tries++) {
    found = await records(world, "?outcome=cancelled");
    if (found.length === 0) await Bun.sleep(10);
  }
  // What was said until then costs something; how much is an estimate.
  expect(found).toMatchObject([{ outcome: "cancelled", status: 499, streamed: true, inputTokens: 600, cacheReadTokens: 400, estimated: true, costUsd: expect.any(Number) }]);
  expect(found[0]!.outputTokens).toBeGreaterThan(1);
});

test("a client that leaves before the answer has had its question read", async () => {
  const asked = Promise.withResolvers<void>();
  const world = keep(await startUsageWorld(() => (asked.resolve(), new Promise<never>(() => undefined))));
  const leaving = new AbortController();
  const pending = ask(world.origin, "openai-chat", { model: MODELS["anthropic-messages"]!, prompt: "A question of several words, before which nobody waits.", signal: leaving.signal }).catch(() => undefined);
  await asked.promise;
  leaving.abort();
  await pending;
  let found: readonly AttemptView[] = [];
  for (let tries = 0; tries < 200 && found.length === 0; tries++) {
    found = await records(world);
    if (found.length === 0) await Bun.sleep(10);
  }
  expect(found).toMatchObject([{ outcome: "cancelled", estimated: true, outputTokens: 0 }]);
  expect(found[0]!.costUsd).toBeCloseTo((found[0]!.inputTokens! * 3) / 1e6, 12);
});

test("so is an answer that breaks off, and one without any count, in each way of answering", async () => {
  let trouble = true;
  const act = { text: "so far and no further than this, whoever asks" };
  const world = keep(await startUsageWorld(() => (trouble ? { trouble: "cut", afterEvents: 4, act } : act), { prices: [{ model: "*", input: 1, output: 1 }] }));
  for (const client of ["openai-chat", "anthropic-messages"] as const) await (await ask(world.origin, client, { model: "sim-chat", stream: true })).text();
  const broken = await records(world);
  expect(broken).toMatchObject([{ outcome: "failed", failure: "stream-broken", estimated: true }, { outcome: "failed", failure: "stream-broken", estimated: true }]);
  for (const { inputTokens, outputTokens, costUsd } of broken) {
    expect(inputTokens).toBeGreaterThan(0);
    expect(outputTokens).toBeGreaterThan(0);
    expect(costUsd).toBeCloseTo((inputTokens! + outputTokens!) / 1e6, 12);
  }
  trouble = false;
  await (await ask(world.origin, "openai-chat", { model: "sim-chat", stream: true })).text();
  expect((await records(world))[0]).toMatchObject({ outcome: "succeeded", estimated: false });
});

test("a server that never counts gets an estimate, streamed or whole, also from a client of its own dialect", async () => {
  const chunk = (delta: object, finish: string | null): string => `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "plain", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const events = chunk({ role: "assistant", content: "Nobody" }, null) + chunk({ content: " counts" }, null) + chunk({}, "stop") + "data: [DONE]\n\n";
  const whole = { id: "c", object: "chat.completion", created: 1, model: "plain", choices: [{ index: 0, message: { role: "assistant", content: "Nobody counts." }, finish_reason: "stop" }] };
  const upstream = keep(listen(async (request) => (((await request.json()) as { stream?: boolean }).stream === true ? new Response(events, { headers: { "content-type": "text/event-stream" } }) : Response.json(whole))));
  const world = keep(await startUsageWorld(() => ({ text: "" }), { "openai-compatibility": [{ name: "plain", "base-url": `${upstream.origin}/v1`, "api-key-entries": [{ "api-key": "sk-plain-000000001" }], models: [{ name: "plain" }] }] }));
  for (const client of ["openai-chat", "gemini-generate-content"] as const) {
    for (const stream of [true, false]) await (await ask(world.origin, client, { model: "plain", stream })).text();
  }
  const all = await records(world);
  expect(all.length).toBe(4);
  for (const record of all) {
    expect(record).toMatchObject({ outcome: "succeeded", estimated: true });
    expect(record.inputTokens).toBeGreaterThan(0);
    expect(record.outputTokens).toBeGreaterThan(0);
  }
});

test("what the vendor does not count is estimated, and says so", async () => {
  const chunk = (delta: object, finish: string | null): string => `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "plain", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const upstream = keep(listen(() => new Response(chunk({ role: "assistant", content: "Nobody counts these words." }, null) + chunk({}, "stop") + "data: [DONE]\n\n", { headers: { "content-type": "text/event-stream" } })));
  const world = keep(await startUsageWorld(() => ({ text: "" }), { "openai-compatibility": [{ name: "plain", "base-url": `${upstream.origin}/v1`, "api-key-entries": [{ "api-key": "sk-plain-000000001" }], models: [{ name: "plain" }] }] }));
  const response = await ask(world.origin, "anthropic-messages", { model: "plain", stream: true, prompt: "How many words are these, all in all?" });
  expect(await response.text()).toContain("message_stop");
  const [record] = await records(world);
  expect(record).toMatchObject({ outcome: "succeeded", provider: "plain", estimated: true });
  expect(record!.totalTokens).toBeGreaterThan(5);
  // Its price is unknown, not nothing.
  expect(record).not.toHaveProperty("costUsd");
  expect(at((await world.get("/usage/summary")).body, "totals")).toMatchObject({ estimated: 1, unpriced: 1, costUsd: 0 });
});

test("without statistics nothing is kept of callers who have no stored key", async () => {
  const world = keep(await startUsageWorld(() => ({ text: "four" }), { "usage-statistics-enabled": false }));
  expect((await ask(world.origin, "openai-chat", { model: "sim-chat" })).status).toBe(200);
  expect(await records(world)).toEqual([]);
  expect((await world.get("/usage-queue?count=10")).body).toEqual([]);
});

test("a new price counts from the next request on", async () => {
  const world = keep(await startUsageWorld(() => ({ text: "four", usage: USAGE }), { prices: [{ model: "sim-*", input: 1, output: 1 }] }));
  await (await ask(world.origin, "openai-chat", { model: "sim-chat" })).text();
  await world.keeper.change((tree) => ({ ...tree, prices: [{ model: "sim-*", input: 2, output: 2, tiers: [{ "above-input-tokens": 999, input: 10, output: 10 }] }] }));
  await (await ask(world.origin, "openai-chat", { model: "sim-chat" })).text();
  expect((await records(world)).map(({ costUsd }) => costUsd)).toEqual([13_000 / 1e6, 1300 / 1e6]);
});
