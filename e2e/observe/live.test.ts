import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { ask, at, DIALECTS, list, readEvents, wholeText } from "../kit/calls.ts";
import { CLIENT_KEY } from "../kit/office.ts";
import { MODELS, startObserved, UPSTREAM_KEYS, type ObservedWorld } from "./observe-world.ts";

let world: ObservedWorld;

beforeAll(async () => {
  world = await startObserved({
    more: "request-retry: 0\ncapture: { max-bytes: 16384, max-requests: 3 }\ndisable-cooling: true",
    script: ({ prompt }) => (prompt.startsWith("refuse") ? { trouble: "refuse", status: 400, message: "Incorrect API key provided: sk-upstream-secret-chat." } : { text: `you said ${prompt}`, usage: { input: 12, cached: 2, output: 5 } }),
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.call("PUT", "/live/capture", { body: { enabled: false } });
});

const detailOf = async (requestId: string): Promise<unknown> => {
  const answer = await world.get(`/live/${requestId}`);
  expect(answer.status).toBe(200);
  return answer.body;
};
const idOf = (response: Response): string => response.headers.get("x-request-id") ?? "";

describe("the list", () => {
  test("tells a request in numbers, without its body", async () => {
    const response = await ask(world.origin, "anthropic-messages", { model: MODELS["openai-chat"] ?? "", prompt: "secret plans" });
    expect(response.status).toBe(200);
    await response.text();
    const { body } = await world.get("/live");
    const row = list(at(body, "requests")).find((each) => at(each, "requestId") === idOf(response));
    expect(row).toMatchObject({
      state: "succeeded", status: 200, endpoint: "POST /v1/messages", clientDialect: "anthropic-messages", upstreamDialect: "openai-chat", provider: "simulated",
      modelAsked: "sim-chat", modelUpstream: "sim-chat", attempts: 1, streamed: false, inputTokens: 12, outputTokens: 5, captured: false,
    });
    expect(at(body, "capture")).toEqual({ enabled: false, maxBytes: 16384, maxRequests: 3 });
    expect(JSON.stringify(body)).not.toContain("secret plans");
    expect(JSON.stringify(await detailOf(idOf(response)))).not.toContain("secret plans");
  });

  test("newest first; a failure tells why", async () => {
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: "refuse" });
    expect(response.status).toBe(400);
    await response.text();
    const { body } = await world.get("/live");
    expect(at(body, "requests", 0)).toMatchObject({ requestId: idOf(response), state: "failed", status: 400 });
    expect(String(at(body, "requests", 0, "error"))).toContain("[redacted]");
  });

  test("who was turned away is there, with status and code, and without the key that was shown", async () => {
    const strange = "sk-strange-key-of-a-stranger";
    const call = (path: string, key: string, body: string): Promise<Response> => fetch(world.origin + path, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" }, body });
    const cases = [
      [await call("/v1/chat/completions", strange, "{}"), { status: 401, errorCode: "invalid_api_key", endpoint: "POST /v1/chat/completions", clientDialect: "openai-chat", principal: "unknown" }],
      [await call(`/v1beta/models/sim-chat:generateContent?key=${strange}`, strange, "{}"), { status: 401, errorCode: "invalid_api_key", clientDialect: "gemini-generate-content" }],
      [await call("/v1/messages", CLIENT_KEY, "{ no json"), { status: 400, errorCode: "invalid_json", clientDialect: "anthropic-messages" }],
      [await call("/v1/messages", CLIENT_KEY, `{"model":"sim-chat"}`), { status: 400, errorCode: "invalid_request" }],
      [await call(`/v1/${strange}`, strange, "{}"), { status: 404, errorCode: "not_found", endpoint: "POST" }],
    ] as const;
    const { body } = await world.get("/live");
    for (const [response, told] of cases) {
      expect(list(at(body, "requests")).find((each) => at(each, "requestId") === idOf(response))).toMatchObject({ state: "failed", attempts: 0, ...told });
      expect(at(await detailOf(idOf(response)), "request")).toMatchObject(told);
    }
    expect(JSON.stringify(body)).not.toContain(strange);
  });

  test("who had used up what he may use is there as well", async () => {
    for (const [limits, told] of [
      [{ requestsPerMinute: 1 }, { status: 429, errorCode: "rate_limited" }], [{ budgets: [{ window: "total", tokens: 1 }] }, { status: 429, errorCode: "budget_exhausted" }],
    ] as const) {
      const key = String(at((await world.call("POST", "/keys", { body: { name: "short", limits } })).body, "key"));
      const call = (): Promise<Response> => fetch(`${world.origin}/v1/chat/completions`, { method: "POST", headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ model: "sim-chat", messages: [{ role: "user", content: "hi" }] }) });
      await (await call()).text();
      const refused = await call();
      expect(at(await detailOf(idOf(refused)), "request")).toMatchObject({ state: "failed", keyName: "short", modelAsked: "sim-chat", attempts: 0, ...told });
    }
  });

  test("lists of models are requests, too, and end", async () => {
    const response = await fetch(`${world.origin}/v1/models`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
    await response.text();
    expect(at(await detailOf(idOf(response)), "request")).toMatchObject({ endpoint: "GET /v1/models", state: "succeeded", status: 200, attempts: 0 });
  });

  test("needs the management key", async () => {
    expect((await world.get("/live", { key: CLIENT_KEY })).status).toBe(401);
    expect((await world.get("/live/events", { key: null })).status).toBe(401);
    expect((await world.get("/live/req_unknown")).status).toBe(404);
  });
});

describe("decisions", () => {
  test("who was chosen and why, who failed and what followed", async () => {
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: "refuse what nobody asked before" });
    await response.text();
    const detail = await detailOf(idOf(response));
    expect(list(at(detail, "decisions")).map((each) => at(each, "kind"))).toEqual(["routed", "chosen", "failed"]);
    expect(String(at(detail, "decisions", 1, "message"))).toMatch(/^simulated, .*, sim-chat in openai-chat: its turn$/);
    expect(String(at(detail, "decisions", 2, "message"))).toMatch(/^request-rejected \(400\): .*; nobody else is asked$/);
    expect(at(detail, "attempts", 0, "record")).toMatchObject({ attempt: 1, outcome: "failed", failure: "request-rejected", status: 400 });
  });

  test("losses have their places", async () => {
    const response = await ask(world.origin, "openai-chat", { model: MODELS["anthropic-messages"] ?? "", body: { logit_bias: { 50256: 1 } } });
    await response.text();
    const losses = list(at(await detailOf(idOf(response)), "attempts", 0, "losses"));
    expect(losses.find((loss) => at(loss, "path") === "logit_bias")).toMatchObject({ action: "dropped" });
  });
});

describe("captured bodies", () => {
  beforeEach(async () => {
    expect((await world.call("PUT", "/live/capture", { body: { enabled: true, minutes: 5 } })).status).toBe(200);
  });

  for (const client of DIALECTS) {
    for (const stream of [false, true]) {
      test(`${client}, ${stream ? "streamed" : "whole"}: both dialects, both ways, the very bytes, without secrets`, async () => {
        const response = await ask(world.origin, client, { model: "sim-chat", stream, prompt: "mind the gap" });
        const text = await response.text();
        const detail = await detailOf(idOf(response));
        expect(at(detail, "request", "captured")).toBe(true);
        expect(String(at(detail, "clientRequest", "text"))).toContain("mind the gap");
        expect(at(detail, "clientResponse", "text")).toBe(text);
        expect(at(detail, "clientResponse", "truncated")).toBe(false);
        expect(at(detail, "attempts", 0, "upstreamStatus")).toBe(200);
        expect(String(at(detail, "attempts", 0, "upstreamUrl"))).toContain("/v1/chat/completions");
        expect(at(JSON.parse(String(at(detail, "attempts", 0, "upstreamRequest", "text"))), "messages", 0, "content")).toBe("mind the gap");
        const answered = String(at(detail, "attempts", 0, "upstreamResponse", "text"));
        expect(answered).toContain(stream ? "you sai" : "you said mind the gap");
        expect(answered.startsWith("data: ")).toBe(stream);
        expect(at(detail, "attempts", 0, "upstreamRequest", "headers", "authorization")).toBe("Bearer sk-u...chat");
        for (const secret of [CLIENT_KEY, ...Object.values(UPSTREAM_KEYS)]) expect(JSON.stringify(detail)).not.toContain(secret);
      });
    }
  }

  test("a secret in a body is taken out, also where the network cut it in two", async () => {
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat", stream: true, prompt: `my key is ${UPSTREAM_KEYS["openai-chat"]} and ${CLIENT_KEY}` });
    await response.text();
    const detail = JSON.stringify(await detailOf(idOf(response)));
    expect(detail).toContain("[redacted]");
    expect(detail).not.toContain(UPSTREAM_KEYS["openai-chat"] ?? "");
    expect(detail).not.toContain(CLIENT_KEY);
  });

  test("what is longer than is kept is cut, and says so", async () => {
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: "é".repeat(15_000) });
    await response.text();
    const told = at(await detailOf(idOf(response)), "clientRequest");
    expect(at(told, "truncated")).toBe(true);
    expect(Number(at(told, "bytes"))).toBeGreaterThan(30_000);
    expect(new TextEncoder().encode(String(at(told, "text"))).length).toBeLessThanOrEqual(16384);
    expect((await world.call("POST", `/live/${idOf(response)}/replay`, { body: {} })).status).toBe(409);
  });

  test("the oldest make room", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 4; count++) {
      const response = await ask(world.origin, "openai-chat", { model: "sim-chat", prompt: `number ${count}` });
      await response.text();
      ids.push(idOf(response));
    }
    expect(at(await detailOf(ids[0] ?? ""), "request", "captured")).toBe(false);
    expect(at(await detailOf(ids[0] ?? ""), "clientRequest")).toBeUndefined();
    expect(at(await detailOf(ids[3] ?? ""), "request", "captured")).toBe(true);
  });

  test("ends by itself after the minutes asked for", async () => {
    world.clock.advance(5 * 60_000);
    expect(at((await world.get("/live")).body, "capture", "enabled")).toBe(false);
    const response = await ask(world.origin, "openai-chat", { model: "sim-chat" });
    await response.text();
    expect(at(await detailOf(idOf(response)), "request", "captured")).toBe(false);
  });

  test("switching is written to the audit log", async () => {
    const { entries } = (await world.get("/audit?action=capture.switched")).body as { entries: unknown[] };
    expect(at(entries[0], "details")).toEqual({ enabled: true, minutes: 5 });
  });
});

describe("replay", () => {
  beforeEach(async () => {
    await world.call("PUT", "/live/capture", { body: { enabled: true } });
  });

  for (const client of DIALECTS) {
    test(`${client}: again, and to another model, streamed back as its own`, async () => {
      const first = await ask(world.origin, client, { model: "sim-chat", prompt: "once more" });
      const told = wholeText(client, await first.json());
      const same = await world.call("POST", `/live/${idOf(first)}/replay`, { body: {} });
      expect(same.status).toBe(200);
      expect(wholeText(client, same.body)).toBe(told);
      const other = await world.call("POST", `/live/${idOf(first)}/replay`, { body: { model: MODELS["anthropic-messages"] } });
      expect(wholeText(client, other.body)).toBe(told);
      const call = at(await detailOf(other.headers.get("x-dragoman-request-id") ?? ""), "request");
      expect(call).toMatchObject({ principal: "replay", modelAsked: MODELS["anthropic-messages"], upstreamDialect: "anthropic-messages", clientDialect: client });
    });
  }

  test("without a captured body there is nothing to send", async () => {
    await world.call("PUT", "/live/capture", { body: { enabled: false } });
    const first = await ask(world.origin, "openai-chat", { model: "sim-chat" });
    await first.text();
    expect((await world.call("POST", `/live/${idOf(first)}/replay`, { body: {} })).status).toBe(409);
    expect((await world.call("POST", "/live/req_unknown/replay", { body: {} })).status).toBe(404);
  });

  test("counts as usage of its own principal", async () => {
    const records = await world.records({ principals: ["replay"], limit: 50 });
    expect(records.length).toBeGreaterThanOrEqual(8);
  });
});

describe("playground", () => {
  test("any path of the data plane, without a client key", async () => {
    const answer = await world.call("POST", "/playground", { body: { path: "/v1/messages", body: { model: "sim-chat", max_tokens: 50, messages: [{ role: "user", content: "hi" }] } } });
    expect(answer.status).toBe(200);
    expect(wholeText("anthropic-messages", answer.body)).toBe("you said hi");
    const models = await world.call("POST", "/playground", { body: { method: "GET", path: "/v1/models" } });
    expect(list(at(models.body, "data")).length).toBeGreaterThan(3);
    expect(at(await detailOf(answer.headers.get("x-dragoman-request-id") ?? ""), "request", "principal")).toBe("playground");
  });

  test("a stream comes as a stream", async () => {
    const answer = await world.call("POST", "/playground", { body: { path: "/v1/chat/completions", body: { model: "sim-chat", stream: true, messages: [{ role: "user", content: "hi" }] } } });
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    expect(readEvents(answer.text).events.length).toBeGreaterThan(2);
  });

  test("nothing but the data plane", async () => {
    for (const path of ["/v0/management/config", "/metrics", "v1/models", "//elsewhere/v1"]) {
      expect((await world.call("POST", "/playground", { body: { method: "GET", path } })).status).toBe(400);
    }
  });
});
