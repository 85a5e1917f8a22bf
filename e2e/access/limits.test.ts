import { afterEach, describe, expect, test } from "bun:test";
import type { Act } from "@dragoman/gateway/testing";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { ask, at, DIALECTS, toldError, type DialectId } from "../kit/calls.ts";
import { MODELS } from "../kit/world.ts";
import { ANSWER, startAccessWorld, type AccessWorld } from "./access-world.ts";

let world: AccessWorld;
afterEach(() => world.close());

const call = (key: string, dialect: DialectId = "openai-chat", more: Parameters<typeof ask>[2] = { model: "" }): Promise<Response> => ask(world.origin, dialect, { ...more, model: MODELS[dialect] ?? "", key });
const statuses = (responses: readonly Response[]): number[] => responses.map(({ status }) => status);

describe("requests a minute", () => {
  test("so many and no more, over any minute; the headers count down", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ name: "laptop", limits: { requestsPerMinute: 3 } });
    const first = await call(key);
    expect([first.headers.get("x-ratelimit-limit-requests"), first.headers.get("x-ratelimit-remaining-requests")]).toEqual(["3", "2"]);
    expect(first.headers.get("x-ratelimit-reset-requests")).toMatch(/^(1m0|\d\d)s$/);
    world.clock.advance(30_000);
    expect(statuses([await call(key), await call(key), await call(key)])).toEqual([200, 200, 429]);
    world.clock.advance(30_000);
    expect(statuses([await call(key), await call(key)])).toEqual([200, 429]);
    world.clock.advance(60_000);
    expect(statuses([await call(key), await call(key), await call(key), await call(key)])).toEqual([200, 200, 200, 429]);
  });

  test("the headers come with the first request in a minute, and again when a quarter is used; never the upstream's", async () => {
    using upstream = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({ id: "a", object: "chat.completion", created: 1, model: "told", choices: [{ index: 0, message: { role: "assistant", content: "yes" }, finish_reason: "stop" }] }, { headers: { "x-ratelimit-remaining-requests": "7", "x-ratelimit-limit-tokens": "9", "x-codex-plan-type": "plus" } }) });
    world = await startAccessWorld(undefined, { "passthrough-headers": true, "openai-compatibility": [{ name: "told", "base-url": `http://127.0.0.1:${upstream.port}/v1`, "api-key-entries": [{ "api-key": "sk-a" }], models: [{ name: "told" }] }] });
    const { key } = await world.makeKey({ limits: { requestsPerMinute: 20 } });
    const free = await world.makeKey();
    const limitsOf = async (shown: string): Promise<readonly (string | null)[]> => {
      const { headers } = await ask(world.origin, "openai-chat", { model: "told", key: shown });
      return ["x-ratelimit-remaining-requests", "x-ratelimit-limit-tokens", "x-codex-plan-type"].map((name) => headers.get(name));
    };
    expect(await limitsOf(free.key)).toEqual(["7", "9", "plus"]);
    expect([await limitsOf(key), await limitsOf(key)]).toEqual([["19", null, "plus"], [null, null, "plus"]]);
    world.clock.advance(60_000);
    const remaining = async (): Promise<string | null | undefined> => (await limitsOf(key))[0];
    expect([await remaining(), await remaining(), await remaining(), await remaining(), await remaining(), await remaining()]).toEqual(["19", null, null, null, "15", "14"]);
    world.clock.advance(60_000);
    expect([await remaining(), await remaining()]).toEqual(["19", null]);
  });

  test.each(DIALECTS.map((dialect) => [dialect] as const))("%s hears it in its own words, with the time to wait", async (dialect) => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ name: "laptop", limits: { requestsPerMinute: 1 } });
    await call(key, dialect);
    const refused = await call(key, dialect);
    const told = toldError(dialect, await refused.json());
    expect(refused.status).toBe(429);
    expect(told.message).toMatch(/^The key laptop may make 1 requests a minute\. Please try again in \d\d s\./);
    expect(Number(refused.headers.get("retry-after"))).toBeWithin(50, 61);
    const TYPES = { "openai-chat": "rate_limit_error", "openai-responses": "rate_limit_error", "anthropic-messages": "rate_limit_error", "gemini-generate-content": "RESOURCE_EXHAUSTED" };
    expect(told.type).toBe(TYPES[dialect]);
    const headers = [...refused.headers.keys()].filter((name) => name.includes("ratelimit")).sort();
    if (dialect.startsWith("openai")) expect(headers).toEqual(["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"]);
    else if (dialect === "anthropic-messages") expect(headers).toEqual(["anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"]);
    else expect(headers).toEqual([]);
    expect(world.upstreams.get(dialect)?.simulator.seen).toHaveLength(1);
  });

  test("lists and counts are requests, too", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ limits: { requestsPerMinute: 2, concurrentRequests: 1, budgets: [{ window: "day", tokens: 1 }] } });
    const headers = { "content-type": "application/json", "x-api-key": key, "anthropic-version": "2023-06-01" };
    const counted = await fetch(`${world.origin}/v1/messages/count_tokens`, { method: "POST", headers, body: JSON.stringify({ model: MODELS["anthropic-messages"], messages: [{ role: "user", content: "hello" }] }) });
    const listed = await fetch(`${world.origin}/v1/models`, { headers });
    expect(statuses([counted, listed, await fetch(`${world.origin}/v1/models`, { headers })])).toEqual([200, 200, 429]);
    expect(listed.headers.get("anthropic-ratelimit-requests-remaining")).toBe("0");
  });

  test("the SDKs know it for what it is", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ limits: { requestsPerMinute: 1 } });
    await call(key);
    const openai = new OpenAI({ baseURL: `${world.origin}/v1`, apiKey: key, maxRetries: 0 });
    const anthropic = new Anthropic({ baseURL: world.origin, apiKey: key, maxRetries: 0 });
    const fromOpenai: unknown = await openai.chat.completions.create({ model: "sim-chat", messages: [{ role: "user", content: "hello" }] }).catch((error: unknown) => error);
    const fromAnthropic: unknown = await anthropic.messages.create({ model: "claude-sonnet-4-5-20250929", max_tokens: 100, messages: [{ role: "user", content: "hello" }] }).catch((error: unknown) => error);
    expect(fromOpenai).toBeInstanceOf(OpenAI.RateLimitError);
    expect(fromAnthropic).toBeInstanceOf(Anthropic.RateLimitError);
  });

  test("a user's limit holds for all of its keys together; a key's own may be tighter", async () => {
    world = await startAccessWorld();
    const user = await world.makeUser("alice", { requestsPerMinute: 3 });
    const tight = await world.makeKey({ userId: user.id, limits: { requestsPerMinute: 1 } });
    const loose = await world.makeKey({ userId: user.id });
    expect(statuses([await call(tight.key), await call(tight.key), await call(loose.key), await call(loose.key)])).toEqual([200, 429, 200, 200]);
    const refused = await call(loose.key);
    expect([refused.status, toldError("openai-chat", await refused.json()).message]).toEqual([429, expect.stringContaining("The user alice may make 3 requests a minute.")]);
  });
});

describe("tokens a minute", () => {
  test("what a request may come to counts at once, what it used counts when it is over", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ limits: { tokensPerMinute: 1000 } });
    const asks = (tokens: number): Promise<Response> => call(key, "openai-chat", { model: "", body: { max_tokens: tokens } });
    const first = await asks(800);
    // The headers are written before the answer is known.
    expect(Number(first.headers.get("x-ratelimit-remaining-tokens"))).toBeWithin(150, 200);
    expect((await first.json()) as unknown).toMatchObject({ usage: { total_tokens: 100 } });
    expect(Number((await asks(800)).headers.get("x-ratelimit-remaining-tokens"))).toBeWithin(50, 100);
    expect((await asks(750)).status).toBe(200);
    // 300 are used by now.
    const refused = await asks(750);
    expect([refused.status, toldError("openai-chat", await refused.json()).message]).toEqual([429, expect.stringContaining("may use 1000 tokens a minute")]);
    expect((await asks(600)).status).toBe(200);
    world.clock.advance(60_000);
    expect((await asks(5000)).status).toBe(200);
  });
});

describe("requests at once", () => {
  test("so many, whole or streamed, until one is over, however it ends", async () => {
    const gates: ((act: Act) => void)[] = [];
    world = await startAccessWorld(({ prompt }) => (prompt === "wait" ? new Promise<Act>((open) => gates.push(open)) : ANSWER));
    const { key } = await world.makeKey({ name: "laptop", limits: { concurrentRequests: 2 } });
    const leave = new AbortController();
    const streamed = call(key, "openai-chat", { model: "", prompt: "wait", stream: true });
    await seen(1);
    const left = call(key, "anthropic-messages", { model: "", prompt: "wait", signal: leave.signal }).catch(() => undefined);
    await seen(2);
    const refused = await call(key);
    expect([refused.status, refused.headers.get("retry-after"), toldError("openai-chat", await refused.json()).message]).toEqual([429, "1", "The key laptop may have 2 requests under way at once. Please try again when one is done."]);
    gates[0]?.(ANSWER);
    await (await streamed).text();
    expect((await call(key)).status).toBe(200);
    leave.abort();
    await left;
    // The one that left is over as well: both places are free again.
    await until(() => world.log.some(({ event, fields }) => event === "request.completed" && fields.status === 499));
    gates[1]?.(ANSWER);
    const both = [call(key, "openai-chat", { model: "", prompt: "wait" }), call(key, "openai-chat", { model: "", prompt: "wait" })];
    await seen(5);
    for (const open of gates.slice(2)) open(ANSWER);
    expect(statuses(await Promise.all(both))).toEqual([200, 200]);
  });

  test("a request that fails in any way gives its place back", async () => {
    const troubles = [
      { trouble: "refuse", status: 400, message: "no" }, { trouble: "refuse", status: 500, message: "no" },
      { trouble: "cut", afterEvents: 0, act: ANSWER }, { trouble: "cut", afterEvents: 3, act: ANSWER }, { trouble: "error-event", afterEvents: 0, act: ANSWER, message: "no" }, { trouble: "bad-json", afterEvents: 3, act: ANSWER },
    ] as const;
    let next = 0;
    world = await startAccessWorld(() => troubles[next++ % troubles.length] ?? ANSWER, { "request-retry": 0, "disable-cooling": true, "max-retry-interval": 0, streaming: { "bootstrap-retries": 0 } });
    const { key } = await world.makeKey({ limits: { concurrentRequests: 1, tokensPerMinute: 1_000_000, budgets: [{ window: "day", tokens: 1_000_000 }] } });
    for (const trouble of troubles) {
      const response = await call(key, "openai-chat", { model: "", stream: true });
      await response.text();
      expect([trouble, response.status]).not.toEqual([trouble, 429]);
    }
    const unknown = await ask(world.origin, "openai-chat", { model: "nobody-serves-this", key });
    const invalid = await call(key, "openai-chat", { model: "", body: { messages: "none" } });
    expect(statuses([unknown, invalid])).toEqual([404, 400]);
  });

  test("so does a stream whose headers went out before the upstream failed", async () => {
    world = await startAccessWorld(() => ({ trouble: "stall", afterEvents: 1, act: ANSWER }), { timeouts: { "hold-ms": 20, "idle-ms": 200 }, "request-retry": 0, "disable-cooling": true });
    const { key } = await world.makeKey({ limits: { concurrentRequests: 1 } });
    const first = await call(key, "openai-chat", { model: "", stream: true });
    expect([first.status, await first.text()]).toEqual([200, expect.stringContaining("error")]);
    expect((await call(key, "openai-chat", { model: "", stream: true })).status).toBe(200);
  });
});

/** So many requests have reached the providers. */
const seen = (count: number): Promise<void> => until(() => [...world.upstreams.values()].reduce((sum, { simulator }) => sum + simulator.seen.length, 0) >= count);

async function until(look: () => boolean): Promise<void> {
  for (let left = 500; left > 0; left--) {
    if (look()) return;
    await Bun.sleep(10);
  }
  throw new Error(`it did not come: ${JSON.stringify(at(world.log.at(-1), "fields"))}`);
}
