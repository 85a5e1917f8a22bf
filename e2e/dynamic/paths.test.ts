import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { ask, at, list, readEvents, streamText, toldError, wholeText } from "../kit/calls.ts";
import { configOf, startGateway, type RunningGateway } from "../kit/running.ts";
import { startDynamicWorld, THEIR_KEY, type DynamicWorld } from "./dynamic-world.ts";

let world: DynamicWorld;
beforeAll(() => {
  world = startDynamicWorld({ script: ({ model }) => ({ text: `I am ${model}.` }) });
});
afterAll(() => world.close());
beforeEach(() => {
  world.upstream("openai-chat").simulator.seen.length = 0;
});

const send = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json", "x-api-key": THEIR_KEY, ...headers }, body: JSON.stringify(body) });
const host = (): string => new URL(world.upstream("openai-chat").origin).host;
const MESSAGE = { model: "claude-sonnet-4-5", max_tokens: 50, messages: [{ role: "user", content: "hi" }] };

describe("the model", () => {
  test.each([
    ["meta-llama%2FLlama-3-70b", "meta-llama/Llama-3-70b"],
    ["-/meta-llama/Llama-3-70b", "meta-llama/Llama-3-70b"],
    ["-/@cf/meta/llama-3.1-8b-instruct", "@cf/meta/llama-3.1-8b-instruct"],
    ["llama3:8b", "llama3:8b"],
    ["a%252Fb", "a%2Fb"],
    ["gemma%203", "gemma 3"],
    ["-", "claude-sonnet-4-5"],
  ])("in the path as %s is asked for as %s, streamed and whole", async (spelt, model) => {
    for (const stream of [false, true]) {
      const reply = await send(`${world.at("openai-chat", { model: spelt })}/v1/messages`, { ...MESSAGE, stream });
      const text = await reply.text();
      expect(reply.status, text).toBe(200);
      expect(stream ? streamText("anthropic-messages", readEvents(text).events) : wholeText("anthropic-messages", JSON.parse(text))).toBe(`I am ${model}.`);
      expect(text).toContain('"model":"claude-sonnet-4-5"');
    }
  });

  test("of the path is enough: the body need not name one", async () => {
    const { model: _none, ...message } = MESSAGE;
    expect(wholeText("anthropic-messages", await (await send(`${world.at("openai-chat")}/v1/messages`, message)).json())).toBe("I am sim-chat.");
  });

  test.each([["", "sim-chat"], ["/-", "gemini-3-pro-preview"], ["/other-model", "other-model"]])("of Gemini's own path may be all there is (before it: %p)", async (segment, model) => {
    const reply = await send(`${world.origin}/openai+http/${host()}/v1${segment}/v1beta/models/${segment === "" ? "sim-chat" : "gemini-3-pro-preview"}:generateContent`, { contents: [{ role: "user", parts: [{ text: "hi" }] }] });
    expect(wholeText("gemini-generate-content", await reply.json())).toBe(`I am ${model}.`);
  });
});

describe("the path", () => {
  test("needs no protocol where a host is plain to see, and means https then", async () => {
    const reply = await send(`${world.origin}/${host()}/v1/sim-chat/v1/messages`, MESSAGE);
    // The simulated provider has no TLS; it was asked all the same.
    expect(reply.status).toBe(502);
    expect(world.attempts.at(-1)).toMatchObject({ provider: host(), outcome: "failed" });
  });

  test("may have a query, which is none of the upstream's business", async () => {
    expect((await send(`${world.at("openai-chat")}/v1/messages?beta=true&key=sk-in-the-query`, MESSAGE)).status).toBe(200);
    expect(world.upstream("openai-chat").simulator.seen[0]?.path).toBe("/v1/chat/completions");
  });

  test("as a socket sends it, with a backslash, steps upwards or an address before it, is the same path or refused", async () => {
    const status = (path: string): Promise<string> => new Promise((resolve, reject) => {
      const body = JSON.stringify(MESSAGE);
      let text = "";
      const socket = connect(Number(new URL(world.origin).port), "127.0.0.1");
      socket.on("data", (chunk) => (text += chunk.toString("latin1"))).on("close", () => resolve(text.slice(9, 12))).on("error", reject);
      socket.write(`POST ${path} HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\ncontent-type: application/json\r\nx-api-key: ${THEIR_KEY}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
    const rest = `${host()}/v1/sim-chat/v1/messages`;
    expect(await status(`/http/${rest}`)).toBe("200");
    expect(await status(`/x/../http/${rest}`)).toBe("200");
    expect(await status(`http://elsewhere.example/http/${rest}`)).toBe("200");
    const before = world.upstream("openai-chat").simulator.seen.length;
    for (const path of [`/http/10.0.0.1\\${rest}`, `/http/${host()}/../10.0.0.1/v1/m/v1/messages`, `/http/10.0.0.1#/${rest}`, `/http//${rest}`, `/http/user:password@${rest}`]) expect(await status(path), path).toMatch(/^4/);
    expect(world.upstream("openai-chat").simulator.seen).toHaveLength(before);
  });

  test.each([
    ["/https", "POST"], ["/https/api.example.com/v1/m", "POST"], ["/https/api.example.com/v1/m/v1/unheard-of", "POST"], ["/http/user:password@api.example.com/v1/m/v1/unheard-of", "GET"],
  ])("%s leads nowhere; the reply says which form leads somewhere, and the log repeats no key", async (path, method) => {
    const reply = await fetch(world.origin + path, { method, headers: { "content-type": "application/json" }, ...(method === "POST" && { body: "{}" }) });
    expect(reply.status).toBe(404);
    expect(toldError("openai-chat", await reply.json()).message).toContain("/https/HOST/BASE-PATH/MODEL/v1/messages");
    expect(JSON.stringify(world.log.at(-1))).not.toContain("password");
  });

  test("is for no page of another origin, while nobody is asked for a key", async () => {
    const reply = await send(`${world.at("openai-chat")}/v1/messages`, MESSAGE, { origin: "https://page.example" });
    expect(reply.status).toBe(403);
    expect(world.upstream("openai-chat").simulator.seen).toEqual([]);
  });

  test("takes the methods that its client path takes", async () => {
    const reply = await fetch(`${world.at("openai-chat")}/v1/messages`);
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toBe("POST");
    expect(at(await reply.json(), "type")).toBe("error");
  });

  test.each([["/favicon.ico"], ["/robots.txt"], ["/httpsx/api.example.com/m/v2"], ["/v1internal:generateContent"]])("%s is an ordinary path", async (path) => {
    const reply = await fetch(world.origin + path);
    expect(toldError("openai-chat", await reply.json()).message).not.toContain("/https/HOST");
  });
});

describe("beside answers", () => {
  test("tokens are counted without an answer", async () => {
    const { max_tokens: _none, ...message } = MESSAGE;
    const reply = await send(`${world.at("openai-chat")}/v1/messages/count_tokens`, message);
    expect(Number(at(await reply.json(), "input_tokens"))).toBeGreaterThan(0);
    expect(world.upstream("openai-chat").simulator.seen).toEqual([]);
    const gemini = await send(`${world.at("openai-chat")}/v1beta/models/x:countTokens`, { contents: [{ role: "user", parts: [{ text: "hi" }] }] });
    expect(Number(at(await gemini.json(), "totalTokens"))).toBeGreaterThan(0);
  });

  test("completions of old, and replies that are gone on from", async () => {
    const old = await send(`${world.at("openai-chat")}/v1/completions`, { model: "m", prompt: "hi" });
    expect(at(await old.json(), "choices", 0, "text")).toBe("I am sim-chat.");
    const first: unknown = await (await send(`${world.at("openai-chat")}/v1/responses`, { model: "m", input: "hi" })).json();
    const id = String(at(first, "id"));
    expect((await send(`${world.at("openai-chat")}/v1/responses`, { model: "m", input: "and now?", previous_response_id: id })).status).toBe(200);
    expect(list(at(world.upstream("openai-chat").simulator.seen.at(-1)?.body, "messages"))).toHaveLength(3);
    expect(at(await (await fetch(`${world.at("openai-chat")}/v1/responses/${id}`, { headers: { authorization: `Bearer ${THEIR_KEY}` } })).json(), "id")).toBe(id);
  });

  test("the list of models has the path's model, in the caller's shape", async () => {
    const get = async (path: string, headers: Record<string, string>): Promise<unknown> => (await fetch(`${world.at("openai-chat", { model: "-/org/m" })}${path}`, { headers })).json();
    expect(at(await get("/v1/models", { authorization: `Bearer ${THEIR_KEY}` }), "data", 0)).toMatchObject({ id: "org/m", object: "model", owned_by: host() });
    expect(at(await get("/v1/models", { "x-api-key": THEIR_KEY, "anthropic-version": "2023-06-01" }), "data", 0)).toMatchObject({ id: "org/m", type: "model" });
    expect(at(await get("/v1beta/models", { "x-goog-api-key": THEIR_KEY }), "models", 0, "name")).toBe("models/org/m");
    expect(world.upstream("openai-chat").simulator.seen).toEqual([]);
  });

  test("a failure is told in the client's dialect with its status, once: nobody else is asked, and nobody rests", async () => {
    const { simulator } = world.upstream("openai-chat");
    const usual = simulator.script;
    simulator.script = () => ({ trouble: "refuse", status: 429, message: "slow down", headers: { "retry-after": "7" } });
    for (let round = 0; round < 2; round++) {
      const reply = await send(`${world.at("openai-chat")}/v1/messages`, MESSAGE);
      expect(reply.status).toBe(429);
      expect(reply.headers.get("retry-after")).toBe("7");
      expect(toldError("anthropic-messages", await reply.json()).type).toBe("rate_limit_error");
    }
    expect(simulator.seen).toHaveLength(2);
    simulator.script = usual;
  });
});

describe("the gateway's own paths", () => {
  let own: RunningGateway;
  const OURS = (): Record<string, unknown> => ({
    "api-keys": [], "openai-compatibility": [{ name: "ours", "base-url": `${world.upstream("openai-chat").origin}/v1`, "api-key-entries": [{ "api-key": THEIR_KEY }], models: [{ name: "ours" }] }],
  });
  beforeAll(() => {
    own = startGateway(OURS());
  });
  afterAll(() => own.close());

  test("are all there is, unless the operator wants more", async () => {
    for (const path of [`/http/${host()}/v1/m/v1/messages`, `/${host()}/v1/m/v1/messages`, "/https/api.example.com/m/v1/chat/completions"]) {
      const reply = await send(own.origin + path, MESSAGE);
      expect(reply.status).toBe(404);
      expect(toldError("openai-chat", await reply.json()).message).toContain("There is nothing at POST");
    }
    expect(world.upstream("openai-chat").simulator.seen).toEqual([]);
  });

  test("come first", async () => {
    own.gateway.reload(configOf({ ...OURS(), "dynamic-routes": { enabled: true, "private-hosts": [host()] } }));
    expect((await ask(own.origin, "openai-chat", { model: "ours" })).status).toBe(200);
    // A model may be called like an upstream; its path is one of the gateway's own.
    const reply = await fetch(`${own.origin}/v1/models/http/${host()}/m`);
    expect(reply.status).toBe(404);
    expect(toldError("openai-chat", await reply.json()).message).toContain(`There is no model http/${host()}/m`);
    expect((await send(`${own.origin}/http/${host()}/v1/m/v1/messages`, MESSAGE)).status).toBe(200);
  });
});
