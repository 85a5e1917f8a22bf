import { afterEach, describe, expect, test } from "bun:test";
import { ask, at, DIALECTS, toldError, type DialectId } from "../kit/calls.ts";
import { MODELS } from "../kit/world.ts";
import { ANSWER, ANSWER_TOKENS, spentBy, startAccessWorld, type AccessWorld } from "./access-world.ts";
import { openGate } from "./crowd.ts";

let world: AccessWorld;
afterEach(() => world.close());

const HOUR = 3_600_000;
const MAX_TOKENS: Readonly<Record<DialectId, (count: number) => Record<string, unknown>>> = {
  "openai-chat": (count) => ({ max_tokens: count }),
  "openai-responses": (count) => ({ max_output_tokens: count }),
  "anthropic-messages": (count) => ({ max_tokens: count }),
  "gemini-generate-content": (count) => ({ generationConfig: { maxOutputTokens: count } }),
};
/** An answer costs $0.00073 everywhere. */
const PRICES = { prices: [{ model: "*", input: 1, output: 10 }] };
const ANSWER_USD = 0.00073;

const call = (key: string, dialect: DialectId = "openai-chat", maxTokens = 100, stream = false): Promise<Response> =>
  ask(world.origin, dialect, { model: MODELS[dialect] ?? "", key, stream, body: MAX_TOKENS[dialect](maxTokens) });

/** Asks until the budget is spent. @returns how often it was let in */
async function spendAll(key: string): Promise<number> {
  for (let asked = 0; asked < 500; asked++) {
    const response = await call(key);
    await response.text();
    if (response.status !== 200) return asked;
  }
  throw new Error("the budget has no end");
}

describe("200 calls at once, streamed and whole, in all dialects", () => {
  test.each([
    ["tokens", { tokens: 5000 }, 429, 5000, ANSWER_TOKENS],
    ["money", { usd: 0.02 }, 402, 0.02, ANSWER_USD],
  ] as const)("never overrun a budget in %s", async (kind, budget, refusal, limit, oneCall) => {
    const gate = openGate(200);
    world = await startAccessWorld(async () => (await gate.pass(), ANSWER), PRICES);
    const { key, view } = await world.makeKey({ name: "crowd", limits: { budgets: [{ window: "day", ...budget }] } });
    const statuses = await Promise.all(Array.from({ length: 200 }, async (_, index) => {
      const response = await call(key, DIALECTS[index % 4], 100, index % 8 < 4);
      if (response.status !== 200) gate.refused();
      await response.text();
      return response.status;
    }));
    const admitted = statuses.filter((status) => status === 200).length;
    expect(new Set(statuses)).toEqual(new Set([200, refusal]));
    const spent = await spentBy(world, view.id);
    expect(spent.requests).toBe(admitted);
    expect(kind === "tokens" ? spent.tokens : spent.usd).toBeLessThanOrEqual(limit);
    expect(kind === "tokens" ? spent.tokens : spent.usd).toBeGreaterThan(limit / 2);
    // What they did not use of their reservations is free again, and at the end one call may go over.
    expect(await spendAll(key)).toBeGreaterThan(0);
    const end = await spentBy(world, view.id);
    expect(kind === "tokens" ? end.tokens : end.usd).toBeGreaterThanOrEqual(limit);
    expect(kind === "tokens" ? end.tokens : end.usd).toBeLessThan(limit + oneCall);
  });

  test("calls that use more than they set aside overrun by no more than that", async () => {
    const gate = openGate(200);
    world = await startAccessWorld(async () => (await gate.pass(), ANSWER));
    const { key, view } = await world.makeKey({ limits: { budgets: [{ window: "total", tokens: 2000 }] } });
    const statuses = await Promise.all(Array.from({ length: 200 }, async () => {
      const response = await call(key, "openai-chat", 40);
      if (response.status !== 200) gate.refused();
      await response.text();
      return response.status;
    }));
    const admitted = statuses.filter((status) => status === 200).length;
    const { tokens } = await spentBy(world, view.id);
    expect(admitted).toBeWithin(10, 2000 / 40 + 1);
    expect(tokens).toBe(admitted * ANSWER_TOKENS);
    expect(tokens - 2000).toBeLessThanOrEqual(admitted * (ANSWER_TOKENS - 40));
    expect((await call(key, "openai-chat", 40)).status).toBe(429);
  });

  test("a user's budget holds for all keys together", async () => {
    const gate = openGate(100);
    world = await startAccessWorld(async () => (await gate.pass(), ANSWER));
    const user = await world.makeUser("alice", { budgets: [{ window: "month", tokens: 3000 }] });
    const keys = await Promise.all([1, 2, 3].map(() => world.makeKey({ userId: user.id, limits: { budgets: [{ window: "day", tokens: 2000 }] } })));
    await Promise.all(Array.from({ length: 100 }, async (_, index) => {
      const response = await call(keys[index % 3]?.key ?? "");
      if (response.status !== 200) gate.refused();
      await response.text();
    }));
    const spent = await Promise.all(keys.map(({ view }) => spentBy(world, view.id)));
    expect(spent.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(3000);
    for (const { tokens } of spent) expect(tokens).toBeWithin(1, 2001);
  });
});

describe("a refusal", () => {
  test.each(DIALECTS.map((dialect) => [dialect] as const))("in %s says which budget, of whom, and until when", async (dialect) => {
    world = await startAccessWorld(undefined, PRICES);
    const tokens = await world.makeKey({ name: "laptop", limits: { budgets: [{ window: "day", tokens: 100 }] } });
    const user = await world.makeUser("alice", { budgets: [{ window: "total", usd: 0.0001 }] });
    const money = await world.makeKey({ userId: user.id });
    for (const { key } of [tokens, money]) expect((await call(key, dialect)).status).toBe(200);
    const midnight = new Date((Math.floor(world.clock.now() / 86_400_000) + 1) * 86_400_000).toISOString().replace(".000", "");
    const first = await call(tokens.key, dialect);
    const told = toldError(dialect, await first.json());
    expect([first.status, told.message]).toEqual([429, expect.stringContaining(`All of the budget of the key laptop for the day, 100 tokens, is used up. There is more of it at ${midnight}.`)]);
    expect(Number(first.headers.get("retry-after"))).toBeWithin(1, 86_401);
    const second = await call(money.key, dialect);
    const dear = toldError(dialect, await second.json());
    expect([second.status, dear.message]).toEqual([402, "All of the budget of the user alice in all, $0.000100, is used up. It does not begin anew."]);
    expect([second.headers.get("retry-after"), second.headers.get("x-should-retry")]).toEqual([null, "false"]);
    if (dialect === "openai-chat") {
      expect([told.code, dear.code]).toEqual(["budget_exhausted", "money_budget_exhausted"]);
      expect(first.headers.get("x-ratelimit-limit-tokens")).toBe("100");
      expect(first.headers.get("x-ratelimit-remaining-tokens")).toBe("0");
    }
    if (dialect === "anthropic-messages") {
      expect([told.type, dear.type]).toEqual(["rate_limit_error", "billing_error"]);
      expect(first.headers.get("anthropic-ratelimit-tokens-reset")).toBe(midnight);
    }
    const attempts = [tokens, money].map(({ view }) => spentBy(world, view.id));
    expect((await Promise.all(attempts)).map(({ requests }) => requests)).toEqual([1, 1]);
  });

  test("that comes from what others set aside asks to come back soon", async () => {
    const gate = openGate(2);
    world = await startAccessWorld(async () => (await gate.pass(), ANSWER));
    const { key } = await world.makeKey({ name: "laptop", limits: { budgets: [{ window: "week", tokens: 3000 }] } });
    const first = call(key, "openai-chat", 2500);
    await gate.arrived(1);
    const refused = await call(key, "openai-chat", 2500);
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("x-should-retry")]).toEqual([429, "5", null]);
    expect(toldError("openai-chat", await refused.json()).message).toMatch(/^What is left of the budget of the key laptop for the week, 3000 tokens, does not suffice for this request: 0 tokens are used, and 25\d\d tokens set aside/);
    gate.refused();
    expect((await first).status).toBe(200);
    expect((await call(key, "openai-chat", 2500)).status).toBe(200);
  });
});

describe("windows", () => {
  test("a day's budget is whole again after midnight, a five-hour one when the old hours have left it", async () => {
    world = await startAccessWorld();
    const day = await world.makeKey({ limits: { budgets: [{ window: "day", tokens: 100 }] } });
    const five = await world.makeKey({ limits: { budgets: [{ window: "5h", tokens: 150 }] } });
    const both = async (): Promise<number[]> => [(await call(day.key)).status, (await call(five.key)).status];
    world.clock.advance(86_400_000 - (world.clock.now() % 86_400_000) + 12 * HOUR);
    expect(await both()).toEqual([200, 200]);
    world.clock.advance(HOUR);
    expect(await both()).toEqual([429, 200]);
    world.clock.advance(3 * HOUR);
    expect(await both()).toEqual([429, 429]);
    world.clock.advance(HOUR);
    expect(await both()).toEqual([429, 200]);
    world.clock.advance(7 * HOUR);
    expect(await both()).toEqual([200, 200]);
    const view = (await world.get(`/keys/${five.view.id}`)).body;
    expect(at(view, "budgets", 0)).toMatchObject({ window: "5h", limitTokens: 150, usedTokens: 100, usedUsd: expect.any(Number), resetsAt: Math.floor(world.clock.now() / HOUR) * HOUR + 5 * HOUR });
  });

  test("limits that are set while calls run hold for what these use, too", async () => {
    const gate = openGate(2);
    world = await startAccessWorld(async () => (await gate.pass(), ANSWER));
    const { key, view } = await world.makeKey();
    const running = call(key);
    await gate.arrived(1);
    await world.call("PATCH", `/keys/${view.id}`, { body: { limits: { budgets: [{ window: "day", tokens: 150 }] } } });
    const second = call(key);
    await Promise.all([(await running).text(), (await second).text()]);
    expect((await spentBy(world, view.id)).tokens).toBe(200);
    expect((await call(key)).status).toBe(429);
    await world.call("PATCH", `/keys/${view.id}`, { body: { limits: { budgets: [{ window: "day", tokens: 250 }] } } });
    expect((await call(key)).status).toBe(200);
    await world.call("PATCH", `/keys/${view.id}`, { body: { limits: null } });
    expect((await call(key)).status).toBe(200);
  });
});

describe("models without a price, under a budget in money", () => {
  const MONEY = { limits: { budgets: [{ window: "day", usd: 1 }] } };
  const PRICED = { prices: [{ model: MODELS["openai-chat"], input: 1, output: 10 }] };

  test("are used for nothing as a rule", async () => {
    world = await startAccessWorld(undefined, PRICED);
    const { key } = await world.makeKey(MONEY);
    expect((await call(key, "openai-responses")).status).toBe(200);
  });

  test("are refused if the operator wants so", async () => {
    world = await startAccessWorld(undefined, { ...PRICED, limits: { unpriced: "refuse" } });
    const { key } = await world.makeKey({ name: "laptop", ...MONEY });
    const refused = await call(key, "openai-responses");
    expect([refused.status, toldError("openai-responses", await refused.json()).message]).toEqual([403, "The budget of the key laptop is in money, and nobody has said what sim-responses costs."]);
    expect((await call(key, "openai-chat")).status).toBe(200);
  });
});
