import { afterEach, describe, expect, test } from "bun:test";
import type { Act, Trouble } from "@dragoman/gateway/testing";
import { ask, at, DIALECTS, isWhole, readEvents, streamText, toldError, wholeText, type DialectId } from "../kit/calls.ts";
import { entriesOf, joined } from "../kit/entries.ts";
import { startPool, type KeyedScript, type Pool } from "../kit/pool.ts";
import { startGateway, type RunningGateway } from "../kit/running.ts";
import { MODELS } from "../kit/world.ts";

const FIRST = "sk-first-key-000000001";
const SECOND = "sk-second-key-00000002";
const THIRD = "sk-third-key-000000003";

const answer: Act = { text: "Here I am.", usage: { input: 10, output: 5 } };
const refuse = (status: number, message: string, headers?: Record<string, string>): Trouble => ({ trouble: "refuse", status, message, ...(headers !== undefined && { headers }) });

/** What the first key says; the others answer. */
const firstKey = (trouble: Trouble): KeyedScript => ({ place }) => (place === 1 ? trouble : answer);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Setting {
  readonly dialect?: DialectId;
  readonly keys?: readonly string[];
  readonly script: KeyedScript;
  readonly config?: Record<string, unknown>;
  readonly extra?: Record<string, unknown>;
}

/** One upstream with several keys; conversations are not bound to one, so that the strategy shows. */
function start({ dialect = "openai-chat", keys = [FIRST, SECOND], script, config, extra }: Setting): { gateway: RunningGateway; pool: Pool } {
  const pool = startPool(dialect, script);
  const gateway = startGateway({
    ...entriesOf(dialect, { origin: pool.origin, keys, models: [{ name: MODELS[dialect], alias: "model" }], ...(extra !== undefined && { extra }) }),
    routing: { "session-affinity": false, strategy: "fill-first" },
    ...config,
  });
  open.push(gateway, pool);
  return { gateway, pool };
}

describe("failover before the first byte", () => {
  for (const client of DIALECTS) {
    for (const stream of [false, true]) {
      const mode = stream ? "streamed" : "whole";

      test(`${client}, ${mode}: the next key answers after 500`, async () => {
        const { gateway, pool } = start({ script: firstKey(refuse(500, "broken")) });
        const response = await ask(gateway.origin, client, { model: "model", stream });
        expect(response.status).toBe(200);
        const text = await response.text();
        if (stream) {
          const { events } = readEvents(text);
          expect(streamText(client, events)).toBe("Here I am.");
          expect(isWhole(client, events)).toBe(true);
        } else expect(wholeText(client, JSON.parse(text))).toBe("Here I am.");
        expect(pool.places).toEqual([1, 2]);
        expect(gateway.attempts.map(({ outcome, status, attempt }) => [attempt, outcome, status])).toEqual([[1, "failed", 500], [2, "succeeded", 200]]);
      });
    }
  }

  for (const upstream of DIALECTS) {
    test(`${upstream} upstream: a stream whose first event is an error, or that ends without one, goes to the next key`, async () => {
      for (const trouble of [{ trouble: "error-event", afterEvents: 0, act: answer, message: "overloaded" }, { trouble: "cut", afterEvents: 0, act: answer }] as const) {
        const { gateway, pool } = start({ dialect: upstream, script: firstKey(trouble) });
        const response = await ask(gateway.origin, "openai-chat", { model: "model", stream: true });
        expect(response.status).toBe(200);
        expect(streamText("openai-chat", readEvents(await response.text()).events)).toBe("Here I am.");
        expect(pool.places).toEqual([1, 2]);
      }
    });
  }

  test("the next provider, of another dialect, answers when the first is down", async () => {
    const dead = startPool("anthropic-messages", () => refuse(529, "Overloaded"));
    const alive = startPool("gemini-generate-content", () => answer);
    const gateway = startGateway({
      ...joined(
        entriesOf("anthropic-messages", { origin: dead.origin, keys: [FIRST], models: [{ name: "claude-x", alias: "model" }], extra: { priority: 10 } }),
        entriesOf("gemini-generate-content", { origin: alive.origin, keys: [SECOND], models: [{ name: "gemini-x", alias: "model" }] }),
      ),
    });
    open.push(gateway, dead, alive);
    const response = await ask(gateway.origin, "anthropic-messages", { model: "model", stream: true });
    const { events } = readEvents(await response.text());
    expect(streamText("anthropic-messages", events)).toBe("Here I am.");
    expect(dead.keys).toEqual([FIRST]);
    expect(alive.keys).toEqual([SECOND]);
    expect(gateway.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([["claude", "failed"], ["gemini", "succeeded"]]);
  });

  test("a provider that nobody listens for is passed over", async () => {
    const gone = startPool("openai-chat", () => answer);
    await gone.close();
    const alive = startPool("openai-responses", () => answer);
    const gateway = startGateway({
      ...joined(
        entriesOf("openai-chat", { origin: gone.origin, keys: [FIRST], models: [{ name: "a", alias: "model" }], extra: { priority: 10 } }),
        entriesOf("openai-responses", { origin: alive.origin, keys: [SECOND], models: [{ name: "b", alias: "model" }] }),
      ),
    });
    open.push(gateway, alive);
    const response = await ask(gateway.origin, "openai-chat", { model: "model" });
    expect(wholeText("openai-chat", await response.json())).toBe("Here I am.");
    expect(gateway.attempts[0]).toMatchObject({ outcome: "failed", errorCode: "upstream_unreachable" });
  });

  test("nothing is repeated after the first text", async () => {
    const { gateway, pool } = start({ script: firstKey({ trouble: "cut", afterEvents: 2, act: answer }) });
    const response = await ask(gateway.origin, "openai-chat", { model: "model", stream: true });
    expect(response.status).toBe(200);
    expect(isWhole("openai-chat", readEvents(await response.text()).events)).toBe(false);
    expect(pool.places).toEqual([1]);
  });
});

describe("faults of the request itself", () => {
  for (const upstream of DIALECTS) {
    for (const status of [400, 409, 413, 422]) {
      test(`${upstream} upstream: ${status} is told at once and no other key is tried`, async () => {
        const { gateway, pool } = start({ dialect: upstream, script: () => refuse(status, "this cannot be done") });
        const response = await ask(gateway.origin, upstream, { model: "model" });
        expect(response.status).toBe(status);
        expect(toldError(upstream, await response.json()).message).toContain("this cannot be done");
        expect(pool.places).toEqual([1]);
        const again = await ask(gateway.origin, upstream, { model: "model" });
        await again.text();
        expect(pool.places).toEqual([1, 1]);
      });
    }
  }
});

describe("429", () => {
  test("#217 Gemini's RetryInfo of 37 s is the client's retry-after: 37, in each dialect", async () => {
    const TYPES: Readonly<Record<DialectId, string>> = {
      "openai-chat": "rate_limit_error", "openai-responses": "rate_limit_error", "anthropic-messages": "rate_limit_error", "gemini-generate-content": "RESOURCE_EXHAUSTED",
    };
    const { gateway, pool } = start({ dialect: "gemini-generate-content", keys: [FIRST], script: () => refuse(429, "Quota exceeded") });
    for (const client of DIALECTS) {
      const response = await ask(gateway.origin, client, { model: "model" });
      expect(response.status).toBe(429);
      expect(["36", "37"]).toContain(response.headers.get("retry-after") ?? "none");
      const error = toldError(client, await response.json());
      expect(error.type).toBe(TYPES[client]);
      expect(error.message).not.toBe("");
    }
    expect(pool.places).toEqual([1]);
  });

  test("#217 the first answer says 37 exactly", async () => {
    const { gateway } = start({ dialect: "gemini-generate-content", keys: [FIRST], script: () => refuse(429, "Quota exceeded") });
    const response = await ask(gateway.origin, "gemini-generate-content", { model: "model" });
    expect(response.headers.get("retry-after")).toBe("37");
    const retry = (at(await response.json(), "error", "details") as Record<string, unknown>[]).find((detail) => String(detail["@type"]).endsWith("RetryInfo"));
    expect(retry?.retryDelay).toBe("37s");
  });

  for (const upstream of DIALECTS.filter((dialect) => dialect !== "gemini-generate-content")) {
    test(`${upstream} upstream: the retry-after header cools the key, the next one answers, and all cooling is 429 with the time left`, async () => {
      const { gateway, pool } = start({ dialect: upstream, script: ({ place }) => (place === 1 ? refuse(429, "slow down", { "retry-after": "120" }) : refuse(429, "slow down", { "retry-after": "61" })) });
      const first = await ask(gateway.origin, upstream, { model: "model" });
      expect(first.status).toBe(429);
      await first.text();
      expect(pool.places).toEqual([1, 2]);
      for (const client of DIALECTS) {
        const response = await ask(gateway.origin, client, { model: "model", stream: client === "openai-chat" });
        expect(response.status).toBe(429);
        expect(response.headers.get("content-type")).toContain("application/json");
        const seconds = Number(response.headers.get("retry-after"));
        expect(seconds).toBeGreaterThan(55);
        expect(seconds).toBeLessThanOrEqual(61);
        expect(toldError(client, await response.json()).message).toContain("cooling down");
      }
      expect(pool.places).toEqual([1, 2]);
    });
  }

  const HINTS: readonly (readonly [string, Record<string, string>, string, number])[] = [
    ["a date", { "retry-after": "date" }, "slow down", 45],
    ["milliseconds", { "retry-after-ms": "2500" }, "slow down", 3],
    ["words", {}, "Rate limit reached. Please try again in 20s.", 20],
  ];
  for (const [name, headers, message, seconds] of HINTS) {
    test(`a hint in the form of ${name}`, async () => {
      const { gateway } = start({ keys: [FIRST], script: () => refuse(429, message, Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, value === "date" ? new Date(Date.now() + 45_000).toUTCString() : value]))) });
      const told = Number((await ask(gateway.origin, "openai-responses", { model: "model" })).headers.get("retry-after"));
      expect(told).toBeGreaterThanOrEqual(seconds - 1);
      expect(told).toBeLessThanOrEqual(seconds);
    });
  }

  test("a cooling key is used again when its time is over", async () => {
    let refusals = 0;
    const { gateway, pool } = start({ keys: [FIRST], script: () => (refusals++ === 0 ? refuse(429, "slow down", { "retry-after": "1" }) : answer) });
    await (await ask(gateway.origin, "openai-chat", { model: "model" })).text();
    expect((await ask(gateway.origin, "openai-chat", { model: "model" })).status).toBe(429);
    await Bun.sleep(1100);
    expect((await ask(gateway.origin, "openai-chat", { model: "model" })).status).toBe(200);
    expect(pool.keys).toHaveLength(2);
  });

  test("switch-project off: the client gets the 429 of the first key", async () => {
    const { gateway, pool } = start({ script: firstKey(refuse(429, "slow down")), config: { "quota-exceeded": { "switch-project": false }, routing: { "session-affinity": false, strategy: "fill-first" } } });
    expect((await ask(gateway.origin, "openai-chat", { model: "model" })).status).toBe(429);
    expect(pool.places).toEqual([1]);
  });

  test("another model of the same key is not cooled", async () => {
    const pool = startPool("openai-chat", (_account, { model }) => (model === "busy" ? refuse(429, "slow down", { "retry-after": "60" }) : answer));
    const gateway = startGateway(entriesOf("openai-chat", { origin: pool.origin, keys: [FIRST], models: [{ name: "busy" }, { name: "idle" }] }));
    open.push(gateway, pool);
    expect((await ask(gateway.origin, "openai-chat", { model: "busy" })).status).toBe(429);
    expect((await ask(gateway.origin, "openai-chat", { model: "idle" })).status).toBe(200);
  });
});

describe("a key that is refused", () => {
  for (const upstream of DIALECTS) {
    test(`${upstream} upstream: after 401 the next key is used, and the bad one no more`, async () => {
      const { gateway, pool } = start({ dialect: upstream, script: firstKey(refuse(401, "invalid x-api-key")) });
      for (let count = 0; count < 3; count++) {
        const response = await ask(gateway.origin, "anthropic-messages", { model: "model" });
        expect(wholeText("anthropic-messages", await response.json())).toBe("Here I am.");
      }
      expect(pool.places).toEqual([1, 2, 2, 2]);
      expect(gateway.attempts[0]).toMatchObject({ outcome: "failed", failure: "credential-rejected", status: 401 });
    });
  }

  test("when the only key is refused the client is not told that its own key is wrong without more ado", async () => {
    const { gateway } = start({ keys: [FIRST], script: () => refuse(401, `Incorrect API key provided: ${FIRST}`) });
    const first = await ask(gateway.origin, "openai-chat", { model: "model" });
    const words = await first.text();
    expect(words).not.toContain(FIRST);
    const second = await ask(gateway.origin, "openai-chat", { model: "model" });
    expect(second.status).toBe(503);
    expect(toldError("openai-chat", await second.json()).code).toBe("no_credential");
  });
});

describe("choice of keys", () => {
  const keys = [FIRST, SECOND, THIRD];
  const times = async (gateway: RunningGateway, count: number, options: { prompt?: (at: number) => string; headers?: Record<string, string> } = {}): Promise<void> => {
    for (let each = 0; each < count; each++) {
      const response = await ask(gateway.origin, "openai-chat", { model: "model", prompt: options.prompt?.(each) ?? "hello", ...(options.headers !== undefined && { headers: options.headers }) });
      expect(response.status).toBe(200);
      await response.text();
    }
  };

  test("round-robin goes around", async () => {
    const { gateway, pool } = start({ keys, script: () => answer, config: { routing: { strategy: "round-robin", "session-affinity": false } } });
    await times(gateway, 6);
    expect(new Set(pool.keys.slice(0, 3))).toEqual(new Set(keys));
    expect(pool.keys.slice(3)).toEqual(pool.keys.slice(0, 3));
  });

  test("fill-first stays with the first while it can", async () => {
    const { gateway, pool } = start({ keys, script: () => answer });
    await times(gateway, 4);
    expect(pool.places).toEqual([1, 1, 1, 1]);
  });

  test("a conversation sticks to its key, and another one goes elsewhere", async () => {
    const { gateway, pool } = start({ keys, script: () => answer, config: { routing: { strategy: "round-robin" } } });
    await times(gateway, 4, { headers: { "x-session-id": "one" } });
    expect(new Set(pool.keys).size).toBe(1);
    await times(gateway, 4, { headers: { "x-session-id": "two" } });
    expect(new Set(pool.keys.slice(4)).size).toBe(1);
    expect(pool.keys[4]).not.toBe(pool.keys[0]);
  });

  test("conversations are told apart by how they begin", async () => {
    const { gateway, pool } = start({ keys, script: () => answer, config: { routing: { strategy: "round-robin" } } });
    await times(gateway, 6, { prompt: (each) => `conversation ${each % 3}` });
    expect(pool.keys.slice(3)).toEqual(pool.keys.slice(0, 3));
    expect(new Set(pool.keys).size).toBe(3);
  });

  test("a conversation whose key fails moves on and stays there", async () => {
    let broken = "";
    const { gateway, pool } = start({ keys, script: ({ key }) => (key === broken ? refuse(500, "broken") : answer), config: { routing: { strategy: "round-robin" } } });
    await times(gateway, 1, { headers: { "x-session-id": "one" } });
    broken = pool.keys[0] ?? "";
    await times(gateway, 3, { headers: { "x-session-id": "one" } });
    expect(pool.keys[1]).toBe(broken);
    expect(new Set(pool.keys.slice(2)).size).toBe(1);
    expect(pool.keys[2]).not.toBe(broken);
  });

  test("weighted-round-robin shares by weight", async () => {
    const pool = startPool("anthropic-messages", () => answer);
    const entry = (key: string, weight: number): Record<string, unknown> => ({ "api-key": key, "base-url": pool.origin, weight, models: [{ name: "m", alias: "model" }] });
    const gateway = startGateway({ "claude-api-key": [entry(FIRST, 3), entry(SECOND, 1)], routing: { strategy: "weighted-round-robin", "session-affinity": false } });
    open.push(gateway, pool);
    await times(gateway, 8);
    expect(pool.keys.filter((key) => key === FIRST)).toHaveLength(6);
  });

  test("higher priority goes first", async () => {
    const pool = startPool("anthropic-messages", () => answer);
    const entry = (key: string, priority: number): Record<string, unknown> => ({ "api-key": key, "base-url": pool.origin, priority, models: [{ name: "m", alias: "model" }] });
    const gateway = startGateway({ "claude-api-key": [entry(FIRST, 0), entry(SECOND, 5)], routing: { "session-affinity": false } });
    open.push(gateway, pool);
    await times(gateway, 3);
    expect(pool.keys).toEqual([SECOND, SECOND, SECOND]);
  });

  test("max-retry-credentials limits a round", async () => {
    const { gateway, pool } = start({ keys, script: () => refuse(500, "broken"), config: { "max-retry-credentials": 2, routing: { strategy: "fill-first", "session-affinity": false } } });
    const response = await ask(gateway.origin, "openai-chat", { model: "model" });
    expect(response.status).toBe(500);
    expect(pool.places).toEqual([1, 2]);
  });
});

describe("rounds", () => {
  test("request-retry asks again after a pause no longer than max-retry-interval", async () => {
    let count = 0;
    const { gateway, pool } = start({ keys: [FIRST], script: () => (count++ === 0 ? refuse(429, "slow down", { "retry-after": "1" }) : answer), config: { "request-retry": 1, "max-retry-interval": 3 } });
    const started = performance.now();
    const response = await ask(gateway.origin, "openai-chat", { model: "model" });
    expect(response.status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(pool.places).toEqual([1, 1]);
  });

  test("a pause longer than max-retry-interval is not waited for", async () => {
    const { gateway, pool } = start({ keys: [FIRST], script: () => refuse(429, "slow down", { "retry-after": "30" }), config: { "request-retry": 3, "max-retry-interval": 2 } });
    const started = performance.now();
    const response = await ask(gateway.origin, "openai-chat", { model: "model" });
    expect(response.status).toBe(429);
    expect(performance.now() - started).toBeLessThan(900);
    expect(pool.places).toEqual([1]);
  });

  test("with cooling disabled each round tries every key again", async () => {
    const { gateway, pool } = start({ script: () => refuse(503, "down"), config: { "request-retry": 2, "disable-cooling": true, routing: { strategy: "fill-first", "session-affinity": false } } });
    const response = await ask(gateway.origin, "openai-chat", { model: "model" });
    expect(response.status).toBe(503);
    expect(pool.places).toEqual([1, 2, 1, 2, 1, 2]);
  });

  test("the request-retry of an entry goes over the global one", async () => {
    const { gateway, pool } = start({ keys: [FIRST], script: () => refuse(503, "down"), config: { "request-retry": 0, "disable-cooling": true }, extra: { "request-retry": 1 } });
    await (await ask(gateway.origin, "openai-chat", { model: "model" })).text();
    expect(pool.places).toEqual([1, 1]);
  });

  test("the client's leaving ends the waiting between rounds", async () => {
    const { gateway, pool } = start({ keys: [FIRST], script: () => refuse(429, "slow down", { "retry-after": "2" }), config: { "request-retry": 1, "max-retry-interval": 5 } });
    const abort = new AbortController();
    const pending = ask(gateway.origin, "openai-chat", { model: "model", signal: abort.signal }).catch((error: Error) => error.name);
    await Bun.sleep(300);
    abort.abort();
    expect(await pending).toBe("AbortError");
    await Bun.sleep(2600);
    expect(pool.places).toEqual([1]);
  });
});
