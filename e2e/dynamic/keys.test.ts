import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { SeenRequest } from "@dragoman/gateway/testing";
import { ANSWER, spentBy, startAccessWorld, type AccessWorld } from "../access/access-world.ts";
import { ask, DIALECTS, toldError, type DialectId } from "../kit/calls.ts";
import { CLIENT_KEY } from "../kit/running.ts";
import { MODELS, UPSTREAM_KEYS } from "../kit/world.ts";
import { named, THEIR_KEY, type Naming } from "./dynamic-world.ts";

/** The gateway has upstreams, and keys for them, of its own beside those that clients name. */
let world: AccessWorld;
beforeAll(async () => {
  world = await startAccessWorld(() => ANSWER, { "dynamic-routes": { enabled: true, "private-hosts": ["127.0.0.1"] }, prices: [{ model: "*", input: 1, output: 10 }], "request-retry": 0 });
});
afterAll(() => world.close());
beforeEach(() => {
  for (const { simulator } of world.upstreams.values()) simulator.seen.length = 0;
});

const at = (dialect: DialectId, naming?: Naming): string => named(world.origin, world.upstreams.get(dialect)?.origin ?? "", dialect, naming);
const seenBy = (dialect: DialectId): readonly SeenRequest[] => world.upstreams.get(dialect)?.simulator.seen ?? [];
const allSeen = (): readonly SeenRequest[] => [...world.upstreams.values()].flatMap(({ simulator }) => simulator.seen);
const withKey = (key: string): Record<string, string> => ({ "x-dragoman-key": key });

/** Where each simulated provider found a key. */
const KEY_AT: Readonly<Record<DialectId, readonly [header: string, value: string]>> = {
  "openai-chat": ["authorization", `Bearer ${THEIR_KEY}`],
  "openai-responses": ["authorization", `Bearer ${THEIR_KEY}`],
  "anthropic-messages": ["authorization", `Bearer ${THEIR_KEY}`],
  "gemini-generate-content": ["x-goog-api-key", THEIR_KEY],
};
const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key", "x-dragoman-key", "x-relay-key"];

describe("the key for the upstream", () => {
  test.each(DIALECTS.flatMap((upstream) => [["x-api-key", ""], ["x-goog-api-key", ""], ["authorization", "Bearer "]].map(([header = "", scheme = ""]) => [upstream, header, scheme] as const)))(
    "goes to %s as it wants it, given as %s, and no other key does", async (upstream, header, scheme) => {
      const reply = await fetch(`${at(upstream)}/v1/messages`, {
        method: "POST", headers: { "content-type": "application/json", ...withKey(CLIENT_KEY), [header]: scheme + THEIR_KEY }, body: JSON.stringify({ model: "m", max_tokens: 5, messages: [{ role: "user", content: "hi" }] }),
      });
      expect(reply.status, await reply.text()).toBe(200);
      const [seen] = seenBy(upstream);
      const keys = KEY_HEADERS.flatMap((name) => (seen?.headers.has(name) === true ? [[name, seen.headers.get(name)]] : []));
      expect(keys).toEqual([[...KEY_AT[upstream]]]);
    },
  );

  test("in x-api-key goes before another one in authorization", async () => {
    expect((await ask(at("openai-chat"), "anthropic-messages", { model: "m", key: THEIR_KEY, headers: { ...withKey(CLIENT_KEY), authorization: "Bearer sk-a-login-of-the-client" } })).status).toBe(200);
    expect(seenBy("openai-chat")[0]?.headers.get("authorization")).toBe(`Bearer ${THEIR_KEY}`);
  });

  test("may be missing for a private host, and is never one of the operator's then", async () => {
    const reply = await fetch(`${at("openai-chat")}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json", ...withKey(CLIENT_KEY) }, body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] }) });
    expect(reply.status).toBe(200);
    const [seen] = seenBy("openai-chat");
    for (const name of KEY_HEADERS) expect(seen?.headers.has(name)).toBe(false);
  });

  test("stands in no log line, no record and no error", async () => {
    const simulator = world.upstreams.get("openai-chat")?.simulator;
    if (simulator === undefined) throw new Error("no upstream");
    simulator.script = () => ({ trouble: "refuse", status: 401, message: `Incorrect API key provided: ${THEIR_KEY}.` });
    const text = await (await ask(at("openai-chat"), "anthropic-messages", { model: "m", key: THEIR_KEY, headers: withKey(CLIENT_KEY) })).text();
    simulator.script = () => ANSWER;
    expect(toldError("anthropic-messages", JSON.parse(text)).message).toContain("[redacted]");
    const told = JSON.stringify([text, world.log, await world.records({ limit: 100 })]);
    for (const key of [THEIR_KEY, CLIENT_KEY, ...Object.values(UPSTREAM_KEYS)]) expect(told).not.toContain(key);
  });
});

describe("the key for the gateway, where it asks for one", () => {
  test.each(DIALECTS)("is x-dragoman-key; without it %s clients are told so, and nobody is asked", async (client) => {
    const reply = await ask(at("openai-chat"), client, { model: "m", key: THEIR_KEY });
    expect(reply.status).toBe(401);
    expect(toldError(client, await reply.json()).message).toContain("x-dragoman-key");
    expect((await ask(at("openai-chat"), client, { model: "m", key: THEIR_KEY, headers: withKey("sk-nobody-knows-this") })).status).toBe(401);
    expect(allSeen()).toEqual([]);
  });

  test("is not asked for where one of the gateway's own paths was meant", async () => {
    const reply = await ask(`${world.origin}/v1`, "openai-chat", { model: "sim-chat" });
    expect(reply.status).toBe(404);
    expect(toldError("openai-chat", await reply.json()).message).toContain("There is nothing at this path");
  });

  test("is not handed to a stranger by mistake", async () => {
    const { key } = await world.makeKey({ name: "mistaken", ipRanges: ["192.0.2.0/24"] });
    for (const mistaken of [CLIENT_KEY, key]) {
      const reply = await ask(at("openai-chat"), "openai-chat", { model: "m", key: mistaken, headers: withKey(CLIENT_KEY) });
      expect(reply.status).toBe(401);
      expect(toldError("openai-chat", await reply.json()).message).toContain("one of this gateway");
    }
    expect((await ask(at("openai-chat"), "openai-chat", { model: "m", key: CLIENT_KEY })).status).toBe(401);
    expect(allSeen()).toEqual([]);
  });

  test("holds a stored key to its models, and those are the path's, not the body's", async () => {
    const { key } = await world.makeKey({ name: "of one model", models: ["sim-chat"] });
    const call = (upstream: DialectId, model: string): Promise<Response> => ask(at(upstream), "openai-chat", { model, key: THEIR_KEY, headers: withKey(key) });
    expect((await call("openai-chat", "anything")).status).toBe(200);
    const refused = await call("anthropic-messages", "sim-chat");
    expect(refused.status).toBe(403);
    expect(toldError("openai-chat", await refused.json()).message).toContain(MODELS["anthropic-messages"] ?? "");
    expect(allSeen()).toHaveLength(1);
  });

  test("holds a stored key to its budget and its rate, and its use is on record", async () => {
    const { key, view } = await world.makeKey({ name: "poor", limits: { budgets: [{ window: "day", usd: 0.001 }] } });
    const call = (): Promise<Response> => ask(at("openai-chat"), "anthropic-messages", { model: "m", key: THEIR_KEY, headers: withKey(key), body: { max_tokens: 50 } });
    const first = await call();
    expect(first.status, await first.text()).toBe(200);
    await (await call()).text();
    expect((await call()).status).toBe(402);
    expect(await spentBy(world, view.id)).toMatchObject({ requests: 2, tokens: 200 });
    const [record] = await world.records({ keyIds: [view.id], limit: 10 });
    expect(record).toMatchObject({ provider: new URL(world.upstreams.get("openai-chat")?.origin ?? "").host, modelAsked: "m", modelUpstream: "sim-chat", endpoint: "POST /{upstream}/v1/messages", credential: "the caller's own" });
    const hasty = await world.makeKey({ name: "hasty", limits: { requestsPerMinute: 1 } });
    const hurry = (): Promise<Response> => ask(at("openai-chat"), "openai-chat", { model: "m", key: THEIR_KEY, headers: withKey(hasty.key) });
    expect([(await hurry()).status, (await hurry()).status]).toEqual([200, 429]);
  });
});
