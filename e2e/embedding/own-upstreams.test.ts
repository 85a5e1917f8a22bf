// Providers and dialects that are not of the house, over HTTP.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { BEARER, defineProvider, DIALECTS as HOUSE_DIALECTS, GatewayError, without, type GenerateEvent, type GenerateRequest } from "@dragoman/core";
import { createGateway, type AttemptRecord, type GatewayOptions, type OwnProvider, type RoutedDialect, type UpstreamCall } from "@dragoman/gateway";
import { ask, at, DIALECTS, isWhole, list, readEvents, streamText, toldError, wholeText } from "../kit/calls.ts";
import { listen, type Listening } from "../kit/running.ts";
import { MODELS, startUpstreams, worldConfig, type Upstream } from "../kit/world.ts";

let upstreams: Map<string, Upstream>;
let chat: Upstream;
beforeAll(() => {
  upstreams = startUpstreams(({ prompt }) => ({ text: `you said ${prompt}` }));
  chat = upstreams.get("openai-chat")!;
});
afterAll(() => Promise.all([...upstreams.values()].map((upstream) => upstream.close())));

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const records: AttemptRecord[] = [];
const quiet = { log: () => undefined };

function start(options: Partial<GatewayOptions>): Listening {
  records.length = 0;
  const gateway = createGateway({ config: {}, ports: { logger: quiet }, hooks: { usage: (record) => void records.push(record) }, ...options });
  const host = listen((request) => gateway.fetch(request));
  open.push(host, gateway);
  return host;
}

const KEY = "sk-caravanserai-key-0001";
const caravanserai = (origin: string) => defineProvider({
  id: "caravanserai", name: "Caravanserai", baseUrl: `${origin}/v1`, hosts: [new URL(origin).host], auth: BEARER,
  dialects: { "openai-chat": { patchRequest: (body) => without(body, ["user"]) } },
  catalogue: [{ id: "camel" }],
});

describe("a provider", () => {
  test("serves its catalogue with its keys, in every dialect, and is listed and recorded by its name", async () => {
    const { origin } = start({ providers: [{ provider: caravanserai(chat.origin), apiKeys: [KEY] }] });
    for (const dialect of DIALECTS) expect(wholeText(dialect, await (await ask(origin, dialect, { model: "camel" })).json())).toBe("you said hello");
    const seen = chat.simulator.seen.at(-1)!;
    expect(seen.headers.get("authorization")).toBe(`Bearer ${KEY}`);
    expect(records.map(({ provider, upstreamDialect }) => `${provider} ${upstreamDialect}`)).toEqual(DIALECTS.map(() => "caravanserai openai-chat"));
    expect(list(at(await (await fetch(`${origin}/v1/models`)).json(), "data")).map((model) => at(model, "id"))).toEqual(["camel"]);
  });

  test("is recognised by its address in the configuration, with its habits", async () => {
    const config = { "openai-compatibility": [{ name: "inn", "base-url": `${chat.origin}/v1`, "api-key-entries": [{ "api-key": KEY }], models: [{ name: "camel", alias: "dromedary" }] }] };
    const { origin } = start({ config, providers: [{ provider: caravanserai(chat.origin), apiKeys: [] }] });
    expect((await ask(origin, "openai-chat", { model: "dromedary", body: { user: "u-1" } })).status).toBe(200);
    const seen = chat.simulator.seen.at(-1)!;
    expect(at(seen.body, "user")).toBeUndefined();
    expect(at(seen.body, "model")).toBe("camel");
    expect(records[0]?.provider).toBe("inn");
  });

  test("that speaks no dialect is a mistake at the start", () => {
    const provider = defineProvider({ id: "mute", name: "Mute", baseUrl: "https://mute.example.com", auth: BEARER, dialects: { klingon: {} } });
    expect(() => start({ providers: [{ provider }] })).toThrow("mute");
  });
});

describe("a provider that sends by itself", () => {
  test("is given the request ready to go, from the configuration as well, and may use the gateway's fetch", async () => {
    const calls: UpstreamCall[] = [];
    const send = (call: UpstreamCall): Promise<Response> => {
      calls.push(call);
      return call.fetch(call.url.replace("http://inn.example.com", chat.origin), { method: "POST", headers: { ...call.headers, "x-signed": "yes" }, body: call.body, signal: call.signal });
    };
    const provider = { ...caravanserai("http://inn.example.com"), baseUrl: "http://inn.example.com/v1" };
    const config = { "openai-compatibility": [{ name: "inn", "base-url": "http://inn.example.com/v1", "api-key-entries": [{ "api-key": KEY }], headers: { "x-mine": "1" }, models: [{ name: "camel", alias: "dromedary" }] }] };
    const { origin } = start({ config, providers: [{ provider, apiKeys: ["sk-of-the-option-0001"], send }] });
    for (const [model, key] of [["camel", "sk-of-the-option-0001"], ["dromedary", KEY]] as const) {
      const { events } = readEvents(await (await ask(origin, "anthropic-messages", { model, stream: true })).text());
      expect(streamText("anthropic-messages", events)).toBe("you said hello");
      expect(calls.at(-1)).toMatchObject({ dialect: "openai-chat", model: "camel", streamed: true, apiKey: key, url: "http://inn.example.com/v1/chat/completions" });
      expect(chat.simulator.seen.at(-1)?.headers.get("x-signed")).toBe("yes");
      expect(chat.simulator.seen.at(-1)?.headers.get("authorization")).toBe(`Bearer ${key}`);
    }
    expect(calls.map(({ headers }) => headers["x-mine"])).toEqual([undefined, "1"]);
  });

  test("its refusals lead on to the next key, and its words are cleaned of the key", async () => {
    const tried: (string | undefined)[] = [];
    const send = ({ apiKey }: UpstreamCall): Response => {
      tried.push(apiKey);
      return Response.json({ error: { message: `no such key ${apiKey}` } }, { status: 401 });
    };
    const keys = ["sk-wrong-key-number-01", "sk-wrong-key-number-02"];
    const { origin } = start({ providers: [{ provider: caravanserai(chat.origin), apiKeys: keys, send }] });
    const refusal = await (await ask(origin, "openai-chat", { model: "camel" })).text();
    expect(tried.toSorted()).toEqual(keys);
    for (const key of keys) expect(refusal).not.toContain(key);
  });
});

describe("a provider that answers in code", () => {
  const inside = (answer: NonNullable<OwnProvider["answer"]>): OwnProvider => ({
    provider: defineProvider({ id: "inside", name: "Inside", baseUrl: "inside://here", auth: BEARER, dialects: {} }), models: [{ id: "parrot" }], answer,
  });
  const textOf = ({ messages }: GenerateRequest): string => messages.flatMap(({ parts }) => parts).map((part) => (part.kind === "text" ? part.text : "")).join("");

  async function* spoken(words: readonly string[]): AsyncGenerator<GenerateEvent> {
    yield { type: "response-start", id: "r1", model: "parrot-1" };
    yield { type: "part-start", candidate: 0, index: 0, part: { kind: "text", text: "" } };
    for (const text of words) yield { type: "part-delta", candidate: 0, index: 0, delta: { type: "text", text } };
    yield { type: "part-end", candidate: 0, index: 0, part: { kind: "text", text: words.join("") } };
    yield { type: "usage", usage: { inputFresh: 3, outputVisible: words.length } };
    yield { type: "finish", candidate: 0, finish: { reason: "end" } };
    yield { type: "response-end" };
  }

  test.each([
    ["whole", (request: GenerateRequest) => ({ id: "r1", model: "parrot-1", candidates: [{ index: 0, parts: [{ kind: "text" as const, text: `said ${textOf(request)}` }], finish: { reason: "end" as const } }], usage: { inputFresh: 3, outputVisible: 2 } })],
    ["as events", (request: GenerateRequest) => spoken(["said ", textOf(request)])],
  ])("%s: all dialects get it, streamed and not", async (_how, answer) => {
    const { origin } = start({ providers: [inside(answer)] });
    for (const dialect of DIALECTS) {
      expect(wholeText(dialect, await (await ask(origin, dialect, { model: "parrot", prompt: "hi" })).json())).toBe("said hi");
      const { events } = readEvents(await (await ask(origin, dialect, { model: "parrot", prompt: "hi", stream: true })).text());
      expect(streamText(dialect, events)).toBe("said hi");
      expect(isWhole(dialect, events)).toBe(true);
    }
    expect(records.length).toBe(8);
    expect(records.every(({ usage, provider }) => usage?.outputVisible === 2 && provider === "inside")).toBe(true);
  });

  test("its errors are the client's, before and within a stream; an answer that stops short is no answer", async () => {
    const broken = async function* (events: AsyncIterable<GenerateEvent>, count: number, then: () => void): AsyncGenerator<GenerateEvent> {
      let left = count;
      for await (const event of events) {
        if (left-- === 0) return then();
        yield event;
      }
    };
    const refuse = (): never => {
      throw new GatewayError("invalid_request", { source: "client", message: "The parrot does not do that." });
    };
    let answer: NonNullable<OwnProvider["answer"]> = refuse;
    const { origin } = start({ providers: [inside((request, call) => answer(request, call))] });
    const refusal = await ask(origin, "anthropic-messages", { model: "parrot" });
    expect([refusal.status, toldError("anthropic-messages", await refusal.json()).message]).toEqual([400, "The parrot does not do that."]);
    for (const then of [refuse, () => undefined]) {
      answer = () => broken(spoken(["a", "b", "c"]), 4, then);
      const { events } = readEvents(await (await ask(origin, "openai-chat", { model: "parrot", stream: true })).text());
      expect(streamText("openai-chat", events)).toBe("ab");
      expect(isWhole("openai-chat", events)).toBe(false);
    }
  });

  test("ends its loop when the client leaves", async () => {
    const ended = Promise.withResolvers<void>();
    const { origin } = start({
      providers: [inside(async function* (_request, { signal }) {
        try {
          yield { type: "response-start", id: "r1", model: "parrot-1" };
          yield { type: "part-start", candidate: 0, index: 0, part: { kind: "text", text: "" } };
          yield { type: "part-delta", candidate: 0, index: 0, delta: { type: "text", text: "a" } };
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
        } finally {
          ended.resolve();
        }
      })],
    });
    const client = new AbortController();
    const reply = await ask(origin, "openai-chat", { model: "parrot", stream: true, signal: client.signal });
    await reply.body?.getReader().read();
    client.abort();
    await ended.promise;
  });
});

describe("a dialect", () => {
  const openaiChat = HOUSE_DIALECTS.find(({ id }) => id === "openai-chat")!;
  /** OpenAI's words in an envelope. */
  const parcelled: RoutedDialect = {
    ...openaiChat,
    id: "parcelled-chat",
    routes: [{ path: "/v9/parcels", errand: "generate" }, { path: "/v9/models", errand: "models" }, { path: "/v9/models/{model}", errand: "model" }],
    decodeRequest: (input, context) => openaiChat.decodeRequest({ ...input, body: at(input.body, "parcel") as never }, context),
    encodeResponse: (response, exchange) => ({ parcel: openaiChat.encodeResponse(response, exchange) }),
  };
  const send = (origin: string, body: unknown): Promise<Response> => fetch(`${origin}/v9/parcels`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  test("has routes of its own, and reaches every upstream", async () => {
    const { origin } = start({ config: worldConfig(upstreams), dialects: [parcelled] });
    for (const model of Object.values(MODELS)) {
      const reply = await send(origin, { parcel: { model, max_tokens: 100, messages: [{ role: "user", content: "hi" }] } });
      expect(at(await reply.json(), "parcel", "choices", 0, "message", "content")).toBe("you said hi");
    }
    expect(records.map(({ clientDialect, endpoint, passthrough }) => `${clientDialect} ${endpoint} ${passthrough}`)).toEqual(Object.values(MODELS).map(() => "parcelled-chat POST /v9/parcels false"));
    expect(list(at(await (await fetch(`${origin}/v9/models`)).json(), "data")).length).toBe(4);
    expect(at(await (await fetch(`${origin}/v9/models/sim-chat`)).json(), "id")).toBe("sim-chat");
    const wrong = await fetch(`${origin}/v9/parcels`);
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await ask(origin, "openai-chat", { model: "sim-chat" })).status).toBe(200);
  });

  test("of the same id stands in place of the house's", async () => {
    const { origin } = start({ config: worldConfig(upstreams), dialects: [{ ...openaiChat, routes: [], encodeError: (error) => ({ status: error.status, headers: {}, body: { mine: error.message } }) }] });
    expect(at(await (await ask(origin, "openai-chat", { model: "unknown" })).json(), "mine")).toContain("unknown");
    expect(at(await (await fetch(`${origin}/nowhere`)).json(), "mine")).toContain("nowhere");
    expect(toldError("anthropic-messages", await (await ask(origin, "anthropic-messages", { model: "unknown" })).json()).message).toContain("unknown");
  });

  test("without its route there is nothing", async () => {
    expect((await send(start({ config: worldConfig(upstreams) }).origin, {})).status).toBe(404);
  });
});
