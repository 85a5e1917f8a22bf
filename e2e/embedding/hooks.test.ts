// What an embedder's own code sees and decides, over HTTP before simulated providers.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { GatewayError, ResponseFold, type GenerateEvent } from "@dragoman/core";
import { createGateway, type AttemptRecord, type ConfigInput, type Gateway, type Hooks, type SeatView } from "@dragoman/gateway";
import { ask, at, DIALECTS, list, readEvents, streamText, toldError, wholeText, type DialectId } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { CLIENT_KEY, listen, type Listening } from "../kit/running.ts";
import { startPool, type Pool } from "../kit/pool.ts";
import { MODELS, startUpstreams, worldConfig, type Upstream } from "../kit/world.ts";

let upstreams: Map<string, Upstream>;
beforeAll(() => {
  upstreams = startUpstreams(({ prompt }) => ({ text: `you said ${prompt}` }));
});
afterAll(() => Promise.all([...upstreams.values()].map((upstream) => upstream.close())));

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const logged: string[] = [];
const logger = { log: (_level: string, event: string, fields: object = {}): void => void logged.push(`${event} ${JSON.stringify(fields)}`) };

function start(hooks: Hooks | readonly Hooks[], config: ConfigInput = { ...worldConfig(upstreams), "api-keys": [CLIENT_KEY] }): Listening & { readonly gateway: Gateway } {
  logged.length = 0;
  const gateway = createGateway({ config, hooks, ports: { logger } });
  const host = { ...listen((request) => gateway.fetch(request)), gateway };
  open.push(host, gateway);
  return host;
}

const modelOf = (dialect: DialectId): string => MODELS[dialect] ?? "";
const lastSeen = (dialect: DialectId): unknown => upstreams.get(dialect)?.simulator.seen.at(-1)?.body;
const nobodyElse = (message: string): GatewayError => new GatewayError("invalid_api_key", { source: "client", message });

describe("access", () => {
  const hooks: Hooks = {
    async access({ headers }) {
      const user = headers.get("x-user");
      if (user === "banned") throw new GatewayError("permission_denied", { source: "client", message: "Not you." });
      if (user === "broken") throw new Error("the directory of users is down at 10.0.0.7");
      if (user === "impostor") return { id: "key:1" };
      return user === null ? undefined : { id: `person-${user}`, models: [modelOf("openai-chat"), "claude-*"], dialects: ["openai-chat", "anthropic-messages"], limits: { requestsPerMinute: 2 } };
    },
  };
  const by = (user: string): { readonly key: string; readonly headers: Record<string, string> } => ({ key: "nobody-knows-this", headers: { "x-user": user } });

  test("lets in whom it knows, for his models and dialects, within his limits", async () => {
    const records: AttemptRecord[] = [];
    const { origin } = start({ ...hooks, usage: (record) => void records.push(record) });
    expect((await ask(origin, "openai-chat", { ...by("ada"), model: modelOf("openai-chat") })).status).toBe(200);
    expect(records.map(({ principal }) => principal)).toEqual(["person-ada"]);
    expect((await ask(origin, "openai-chat", { ...by("bob"), model: modelOf("openai-responses") })).status).toBe(403);
    expect((await ask(origin, "gemini-generate-content", { ...by("bob"), model: modelOf("openai-chat") })).status).toBe(403);
    expect((await ask(origin, "anthropic-messages", { ...by("ada"), model: modelOf("anthropic-messages") })).status).toBe(200);
    const third = await ask(origin, "openai-chat", { ...by("ada"), model: modelOf("openai-chat") });
    expect(third.status).toBe(429);
    expect(toldError("openai-chat", await third.json()).message).toContain("person-ada");
    const listed = await (await fetch(`${origin}/v1/models`, { headers: { "x-user": "carol" } })).json();
    expect(list(at(listed, "data")).map((model) => at(model, "id")).toSorted()).toEqual([modelOf("openai-chat"), modelOf("anthropic-messages")].toSorted());
  });

  test("leaves the others to the gateway's own keys", async () => {
    const { origin } = start(hooks);
    expect((await ask(origin, "openai-chat", { model: modelOf("openai-responses") })).status).toBe(200);
    expect((await ask(origin, "openai-chat", { model: modelOf("openai-responses"), key: "wrong" })).status).toBe(401);
  });

  test("refuses in the client's dialect, and tells nothing of its own troubles", async () => {
    const { origin } = start(hooks);
    for (const dialect of DIALECTS) {
      const refusal = await ask(origin, dialect, { ...by("banned"), model: "m" });
      expect(refusal.status).toBe(403);
      expect(toldError(dialect, await refusal.json()).message).toBe("Not you.");
      const trouble = await ask(origin, dialect, { ...by("broken"), model: "m" });
      expect(trouble.status).toBe(500);
      expect(await trouble.text()).not.toContain("10.0.0.7");
    }
    expect(logged.join("\n")).toContain("10.0.0.7");
    expect((await ask(origin, "openai-chat", { ...by("impostor"), model: "m" })).status).toBe(500);
  });

  test("several are asked in their order; the first that speaks decides", async () => {
    const asked: string[] = [];
    const { origin } = start([
      { access: () => void asked.push("first") as undefined },
      { access: () => (asked.push("second"), { id: "somebody" }) },
      { access: () => { throw nobodyElse("never asked"); } },
    ]);
    expect((await ask(origin, "openai-chat", { model: modelOf("openai-chat"), key: "any" })).status).toBe(200);
    expect(asked).toEqual(["first", "second"]);
  });
});

describe("request", () => {
  const polite: Hooks = {
    request: (request) => ({
      ...request,
      messages: request.messages.map((message) => ({ ...message, parts: message.parts.map((part) => (part.kind === "text" ? { ...part, text: part.text.toUpperCase() } : part)) })),
      sampling: { ...request.sampling, temperature: 0.25 },
      maxOutputTokens: 77,
    }),
  };

  for (const client of DIALECTS) {
    for (const upstream of DIALECTS) {
      test(`${client} to ${upstream}: what it made is what is asked, whole and streamed`, async () => {
        const { origin } = start(polite);
        const whole = await ask(origin, client, { model: modelOf(upstream), prompt: "hello" });
        expect(wholeText(client, await whole.json())).toBe("you said HELLO");
        const { events } = readEvents(await (await ask(origin, client, { model: modelOf(upstream), prompt: "hello", stream: true })).text());
        expect(streamText(client, events)).toBe("you said HELLO");
        expect(JSON.stringify(lastSeen(upstream))).toContain("77");
        expect(JSON.stringify(lastSeen(upstream))).not.toContain("hello");
      });
    }
  }

  test("may name another model; the key must be good for that one, too", async () => {
    const { origin } = start({ request: (request) => ({ ...request, model: modelOf("anthropic-messages") }), access: ({ headers }) => (headers.has("x-limited") ? { id: "limited", models: ["auto"] } : undefined) });
    const before = upstreams.get("anthropic-messages")?.simulator.seen.length ?? 0;
    expect(wholeText("openai-chat", await (await ask(origin, "openai-chat", { model: "auto" })).json())).toBe("you said hello");
    expect(upstreams.get("anthropic-messages")?.simulator.seen.length).toBe(before + 1);
    expect((await ask(origin, "openai-chat", { model: "auto", headers: { "x-limited": "yes" } })).status).toBe(403);
  });

  test("fields that only the dialect has words for still reach an upstream of the same dialect", async () => {
    const { origin } = start(polite);
    await ask(origin, "openai-chat", { model: modelOf("openai-chat"), body: { some_vendor_field: { deep: 1 } } });
    expect(at(lastSeen("openai-chat"), "some_vendor_field", "deep")).toBe(1);
    expect(at(lastSeen("openai-chat"), "temperature")).toBe(0.25);
  });

  test("without a change the bytes pass as they came", async () => {
    const records: AttemptRecord[] = [];
    const { origin } = start({ request: () => undefined, usage: (record) => void records.push(record) });
    expect((await ask(origin, "openai-chat", { model: modelOf("openai-chat") })).status).toBe(200);
    expect(records[0]?.passthrough).toBe(true);
  });
});

describe("select", () => {
  const keys = ["sk-first-account-0001", "sk-second-account-0002", "sk-third-account-0003"];
  let pool: Pool;
  const config = (): ConfigInput => entriesOf("openai-chat", { origin: pool.origin, keys, models: [{ name: "m" }] });
  beforeAll(() => {
    pool = startPool("openai-chat", () => ({ text: "ok" }));
  });
  afterAll(() => pool.close());
  const keyOf = ({ label }: SeatView): string | undefined => keys.find((key) => label.endsWith(key.slice(-4)));

  test("decides who is asked, and sees no secret", async () => {
    const shown: (readonly SeatView[])[] = [];
    const { origin } = start({
      async select(seats, { model, dialect }) {
        expect([model, dialect]).toEqual(["m", "openai-chat"]);
        shown.push(seats);
        return seats.filter((seat) => keyOf(seat) === keys[1]);
      },
    }, config());
    pool.keys.length = 0;
    for (let count = 0; count < 4; count++) expect((await ask(origin, "openai-chat", { model: "m" })).status).toBe(200);
    expect([...new Set(pool.keys)]).toEqual([keys[1]!]);
    expect(shown[0]?.map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
    expect(shown[0]?.[0]).toMatchObject({ provider: "openai-compatible", model: "m", dialect: "openai-chat", priority: 0, weight: 1 });
    for (const key of keys) expect(JSON.stringify(shown)).not.toContain(key);
  });

  test("sees the turn that the gateway would take, and leaves it so with `undefined`", async () => {
    const first: (string | undefined)[] = [];
    const { origin } = start({ select: (seats) => void first.push(keyOf(seats[0]!)) as undefined }, { ...config(), routing: { "session-affinity": false } });
    pool.keys.length = 0;
    for (let count = 0; count < 6; count++) await ask(origin, "openai-chat", { model: "m" });
    expect(first).toEqual(pool.keys);
    expect(new Set(pool.keys).size).toBe(3);
  });

  test("failover goes along its order; who pauses is shown, and not asked", async () => {
    const shown: (readonly SeatView[])[] = [];
    const order = [keys[2], keys[0], keys[1]];
    const { origin } = start({
      select(seats) {
        shown.push(seats);
        return seats.toSorted((a, b) => order.indexOf(keyOf(a)) - order.indexOf(keyOf(b)));
      },
    }, config());
    pool.keys.length = 0;
    pool.script = ({ key }) => (key === keys[2] ? { trouble: "refuse", status: 429, message: "slow down", headers: { "retry-after": "600" } } : { text: "ok" });
    expect((await ask(origin, "openai-chat", { model: "m" })).status).toBe(200);
    expect(pool.keys).toEqual([keys[2]!, keys[0]!]);
    expect((await ask(origin, "openai-chat", { model: "m" })).status).toBe(200);
    expect(pool.keys).toEqual([keys[2]!, keys[0]!, keys[0]!]);
    const paused = shown[1]?.find((seat) => keyOf(seat) === keys[2]);
    expect(paused).toMatchObject({ state: "pausing", reason: "rate-limited" });
    expect(paused?.until).toBeGreaterThan(Date.now());
    pool.script = () => ({ text: "ok" });
  });

  test("may leave nobody, or refuse; a seat that it was not shown is its own mistake", async () => {
    let answer: (seats: readonly SeatView[]) => readonly SeatView[] = () => [];
    const { origin } = start({ select: (seats) => answer(seats) }, config());
    pool.keys.length = 0;
    expect((await ask(origin, "openai-chat", { model: "m" })).status).toBe(503);
    answer = () => { throw new GatewayError("rate_limited", { source: "client", message: "Later.", retryAfterMs: 5000 }); };
    const refusal = await ask(origin, "openai-chat", { model: "m" });
    expect([refusal.status, refusal.headers.get("retry-after")]).toEqual([429, "5"]);
    answer = (seats) => [{ ...seats[0]! }];
    expect((await ask(origin, "openai-chat", { model: "m" })).status).toBe(500);
    expect(pool.keys).toEqual([]);
  });
});

describe("response, events and usage", () => {
  test("headers are added to every reply, refusals too", async () => {
    const seen: string[] = [];
    const { origin } = start({
      async response({ requestId, method, path, status, headers }) {
        seen.push(`${method} ${path} ${status}`);
        headers.set("x-served-by", requestId);
      },
    });
    for (const reply of [await ask(origin, "openai-chat", { model: modelOf("openai-chat") }), await ask(origin, "openai-chat", { model: modelOf("openai-chat"), stream: true }), await ask(origin, "openai-chat", { model: "unknown" }), await fetch(`${origin}/nowhere`)]) {
      expect(reply.headers.get("x-served-by")).toBe(reply.headers.get("x-request-id"));
      await reply.text();
    }
    expect(seen).toEqual(["POST /v1/chat/completions 200", "POST /v1/chat/completions 200", "POST /v1/chat/completions 404", "GET /nowhere 404"]);
  });

  for (const client of DIALECTS) {
    for (const upstream of DIALECTS) {
      test(`${client} to ${upstream}: the events of an answer fold into it, streamed and whole`, async () => {
        const told: GenerateEvent[][] = [];
        const { origin } = start({
          events({ dialect, streamed, model }) {
            expect([dialect, model, streamed]).toEqual([client, modelOf(upstream), told.length === 0]);
            const events: GenerateEvent[] = [];
            told.push(events);
            return (event) => void events.push(event);
          },
        });
        await (await ask(origin, client, { model: modelOf(upstream), stream: true })).text();
        await (await ask(origin, client, { model: modelOf(upstream) })).text();
        expect(told.length).toBe(2);
        for (const events of told) {
          const fold = new ResponseFold();
          for (const event of events) fold.push(event);
          const [candidate] = fold.response().candidates;
          expect(fold.ended).toBe(true);
          expect(candidate?.parts.map((part) => (part.kind === "text" ? part.text : ""))).toEqual(["you said hello"]);
          expect(fold.usage?.outputVisible).toBeGreaterThan(0);
        }
      });
    }
  }

  test("what watches cannot break an answer", async () => {
    const hooks: Hooks = {
      response() { throw new Error("response broke"); },
      events: () => () => { throw new Error("events broke"); },
      async usage() { throw new Error("usage broke"); },
    };
    const { origin } = start([hooks, { events: () => { throw new Error("listener broke"); } }]);
    for (const stream of [true, false]) {
      const reply = await ask(origin, "openai-chat", { model: modelOf("openai-chat"), stream });
      expect(reply.status).toBe(200);
      expect(await reply.text()).toContain("hello");
    }
    const failures = logged.filter((line) => line.startsWith("hook.failed")).map((line) => at(JSON.parse(line.slice("hook.failed ".length)), "message"));
    for (const word of ["response", "events", "usage", "listener"]) expect(failures.filter((message) => message === `${word} broke`).length).toBe(2);
  });

  test("usage is told also of those whom statistics leave out, once an attempt", async () => {
    const records: AttemptRecord[] = [];
    const { origin } = start({ usage: (record) => void records.push(record) }, { ...worldConfig(upstreams), "usage-statistics-enabled": false });
    await (await ask(origin, "anthropic-messages", { model: modelOf("openai-chat") })).text();
    expect(records).toMatchObject([{ outcome: "succeeded", clientDialect: "anthropic-messages", upstreamDialect: "openai-chat", status: 200 }]);
  });
});
