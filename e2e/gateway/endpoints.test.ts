import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { GoogleGenAI } from "@google/genai";
import type { Act } from "@dragoman/gateway/testing";
import OpenAI from "openai";
import { ask, at, DIALECTS, isWhole, list, readEvents, streamText, toldError, wholeText } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { listen, startGateway } from "../kit/running.ts";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";

const act: Act = { text: "Zażółć 🦆", usage: { input: 12, output: 5 } };
const bearer = { authorization: `Bearer ${CLIENT_KEY}` };

let world: World;
beforeAll(() => {
  world = startWorld({ script: () => act, config: { limits: { "max-body-bytes": 4096 }, "disable-cooling": true } });
});
afterAll(() => world.close());

const get = (path: string, headers: Record<string, string> = bearer): Promise<Response> => fetch(world.origin + path, { headers });
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(world.origin + path, { method: "POST", headers: { "content-type": "application/json", ...bearer, ...headers }, body: typeof body === "string" || body instanceof Uint8Array || body instanceof FormData ? body as BodyInit : JSON.stringify(body) });

const chat = { model: "sim-chat", messages: [{ role: "user", content: "hello" }] };
const anthropic = { "anthropic-version": "2023-06-01" };
const claude = { model: MODELS["anthropic-messages"], max_tokens: 100, messages: [{ role: "user", content: "hello" }] };
const contents = { contents: [{ role: "user", parts: [{ text: "hello" }] }] };

describe("paths that need no key", () => {
  for (const path of ["/", "/health", "/healthz"]) {
    test(path, async () => {
      const response = await get(path, {});
      expect(response.status).toBe(200);
      expect(response.headers.get("x-request-id")).toStartWith("req_");
      expect(at(await response.json(), "version")).toBe("0.1.0");
    });

    test(`HEAD ${path}`, async () => {
      const response = await fetch(world.origin + path, { method: "HEAD" });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe("");
    });
  }
});

describe("lists of models", () => {
  const names = Object.values(MODELS).sort();

  test("OpenAI's shape, and one model", async () => {
    const body: unknown = await (await get("/v1/models")).json();
    expect(at(body, "object")).toBe("list");
    expect(list(at(body, "data")).map((model) => at(model, "id")).sort()).toEqual(names);
    expect(await (await get("/v1/models/sim-chat")).json()).toMatchObject({ id: "sim-chat", object: "model", owned_by: "simulated" });
    const found = [];
    for await (const model of new OpenAI({ baseURL: `${world.origin}/v1`, apiKey: CLIENT_KEY }).models.list()) found.push(model.id);
    expect(found.sort()).toEqual(names);
  });

  test("Anthropic's shape, and one model", async () => {
    const body: unknown = await (await get("/v1/models", { ...anthropic, "x-api-key": CLIENT_KEY })).json();
    expect(body).toMatchObject({ has_more: false });
    expect(list(at(body, "data")).map((model) => [at(model, "type"), at(model, "id")]).sort()).toEqual(names.map((name) => ["model", name]));
    expect(await (await get(`/v1/models/${claude.model}`, { ...anthropic, ...bearer })).json()).toMatchObject({ type: "model", id: claude.model });
  });

  test("Gemini's shape, and one model", async () => {
    const body: unknown = await (await get("/v1beta/models")).json();
    expect(list(at(body, "models")).map((model) => at(model, "name")).sort()).toEqual(names.map((name) => `models/${name}`).sort());
    expect(await (await get("/v1beta/models/gemini-3-pro-preview")).json()).toMatchObject({ name: "models/gemini-3-pro-preview" });
    const found: string[] = [];
    for await (const model of await new GoogleGenAI({ apiKey: CLIENT_KEY, httpOptions: { baseUrl: world.origin } }).models.list()) found.push(model.name ?? "");
    expect(found.sort()).toEqual(names.map((name) => `models/${name}`).sort());
  });

  test("a model that is not there is 404 in each shape", async () => {
    for (const [path, headers, dialect] of [
      ["/v1/models/nobody", bearer, "openai-chat"], ["/v1/models/nobody", { ...bearer, ...anthropic }, "anthropic-messages"], ["/v1beta/models/nobody", bearer, "gemini-generate-content"],
    ] as const) {
      const response = await get(path, headers);
      expect(response.status).toBe(404);
      expect(toldError(dialect, await response.json()).message).toContain("nobody");
    }
  });

  test("they are for those with a key", async () => {
    expect((await get("/v1/models", {})).status).toBe(401);
  });
});

describe("text completions", () => {
  const client = (): OpenAI => new OpenAI({ baseURL: `${world.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
  for (const [upstream, model] of Object.entries(MODELS)) {
    test(`${upstream}: whole and streamed`, async () => {
      const whole = await client().completions.create({ model, prompt: "Say something", max_tokens: 50 });
      expect(whole).toMatchObject({ object: "text_completion", choices: [{ text: "Zażółć 🦆", finish_reason: "stop", index: 0 }], usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 } });
      let text = "";
      for await (const chunk of await client().completions.create({ model, prompt: ["Say something"], max_tokens: 50, stream: true })) text += chunk.choices[0]?.text ?? "";
      expect(text).toBe("Zażółć 🦆");
    });
  }
});

describe("embeddings", () => {
  test("pass through to the upstream, with its name for the model", async () => {
    let seen: { path: string; body: unknown } | undefined;
    const upstream = listen(async (request) => {
      seen = { path: new URL(request.url).pathname, body: await request.json() };
      return Response.json({ object: "list", data: [{ object: "embedding", index: 0, embedding: [0.25, -1] }], model: "real", usage: { prompt_tokens: 2, total_tokens: 2 } });
    });
    const gateway = startGateway(entriesOf("openai-chat", { origin: upstream.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: "real", alias: "embedder" }] }));
    const answer = await new OpenAI({ baseURL: `${gateway.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 }).embeddings.create({ model: "embedder", input: "hello", encoding_format: "float" });
    expect(answer.data[0]?.embedding).toEqual([0.25, -1]);
    expect(seen).toMatchObject({ path: "/v1/embeddings", body: { model: "real", input: "hello" } });
    await gateway.close();
    await upstream.close();
  });

  test("are told to be impossible where the upstream speaks another dialect", async () => {
    const response = await post("/v1/embeddings", { model: claude.model, input: "hello" });
    expect(response.status).toBe(501);
    expect(toldError("openai-chat", await response.json()).message).toContain("embeddings");
  });
});

describe("#225 #226 #227 #228 counting", () => {
  const tools = [{ name: "look", description: "Looks at things, closely and for a long time.", input_schema: { type: "object", properties: { where: { type: "string", description: "The place." } } } }];
  const results = [
    { role: "user", content: "look" },
    { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "look", input: { where: "there" } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "There was a great deal to be seen, and it was seen by all who looked." }] },
  ];
  const count = async (path: string, body: unknown, headers: Record<string, string>, member: string): Promise<number> => {
    const response = await post(path, body, headers);
    expect(response.status).toBe(200);
    return Number(at(await response.json(), member));
  };

  for (const [upstream, model] of Object.entries(MODELS)) {
    test(`${upstream}: positive in every form, more with tools and with results`, async () => {
      const anthropicCount = (messages: unknown, more: object = {}): Promise<number> => count("/v1/messages/count_tokens", { model, messages, ...more }, anthropic, "input_tokens");
      const plain = await anthropicCount([{ role: "user", content: "look" }]);
      expect(plain).toBeGreaterThan(0);
      const withTools = await anthropicCount([{ role: "user", content: "look" }], { tools });
      expect(withTools).toBeGreaterThan(plain + 10);
      expect(await anthropicCount(results, { tools })).toBeGreaterThan(withTools + 10);
      expect(await count("/v1/responses/input_tokens", { model, input: "look" }, {}, "input_tokens")).toBeGreaterThan(0);
      expect(await count(`/v1beta/models/${model}:countTokens`, contents, {}, "totalTokens")).toBeGreaterThan(0);
      expect(await count("/v1internal:countTokens", { request: { model: `models/${model}`, ...contents } }, {}, "totalTokens")).toBeGreaterThan(0);
      expect(world.upstreams.get(upstream)?.simulator.seen.some(({ path }) => path.includes("ount"))).toBe(false);
    });
  }

  test("of a model that nobody serves is 404, never 0", async () => {
    expect((await post("/v1/messages/count_tokens", { model: "nobody", messages: [{ role: "user", content: "look" }] }, anthropic)).status).toBe(404);
  });
});

describe("Gemini's ways of asking", () => {
  test("#101 a stream without alt=sse is one JSON array, as it grows", async () => {
    for (const model of Object.values(MODELS)) {
      const response = await post(`/v1beta/models/${model}:streamGenerateContent`, contents);
      expect(response.headers.get("content-type")).toContain("application/json");
      const chunks: unknown = await response.json();
      expect(list(chunks).length).toBeGreaterThan(1);
      expect(list(chunks).map((chunk) => wholeText("gemini-generate-content", chunk)).join("")).toBe("Zażółć 🦆");
      expect(at(list(chunks).at(-1), "candidates", 0, "finishReason")).toBe("STOP");
    }
  });

  test("/v1 is as good as /v1beta", async () => {
    for (const version of ["v1", "v1beta"]) {
      const response = await post(`/${version}/models/${claude.model}:generateContent`, contents);
      expect(wholeText("gemini-generate-content", await response.json())).toBe("Zażółć 🦆");
    }
  });

  for (const model of Object.values(MODELS)) {
    test(`v1internal, the Gemini CLI's envelope, for ${model}`, async () => {
      const body = { model, project: "my-project", user_prompt_id: "prompt-1", request: { ...contents, session_id: "s" } };
      const whole: unknown = await (await post("/v1internal:generateContent", body)).json();
      expect(wholeText("gemini-generate-content", at(whole, "response"))).toBe("Zażółć 🦆");
      const { events } = readEvents(await (await post("/v1internal:streamGenerateContent?alt=sse", body)).text());
      expect(events.length).toBeGreaterThan(1);
      expect(events.every(({ value }) => at(value, "response") !== undefined)).toBe(true);
      expect(events.map(({ value }) => wholeText("gemini-generate-content", at(value, "response"))).join("")).toBe("Zażółć 🦆");
    });
  }

  test("a model whose name holds slashes, written plainly or escaped", async () => {
    const upstream = listen(() => Response.json({ id: "x", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: { role: "assistant", content: "Here." }, finish_reason: "stop" }] }));
    const gateway = startGateway(entriesOf("openai-chat", { origin: upstream.origin, keys: ["sk-key-of-an-upstream"], models: [{ name: "vendor/family/model:free" }] }));
    for (const name of ["vendor/family/model:free", encodeURIComponent("vendor/family/model:free")]) {
      const response = await fetch(`${gateway.origin}/v1beta/models/${name}:generateContent`, { method: "POST", headers: { "x-goog-api-key": CLIENT_KEY, "content-type": "application/json" }, body: JSON.stringify(contents) });
      expect(wholeText("gemini-generate-content", await response.json())).toBe("Here.");
      const model = await fetch(`${gateway.origin}/v1/models/${name}`, { headers: bearer });
      expect(at(await model.json(), "id")).toBe("vendor/family/model:free");
    }
    await gateway.close();
    await upstream.close();
  });
});

describe("stored responses", () => {
  test("#186 none is stored here: GET and DELETE are 404, previous_response_id is 400, by their own code", async () => {
    for (const method of ["GET", "DELETE"]) {
      const response = await fetch(`${world.origin}/v1/responses/resp_123`, { method, headers: bearer });
      expect(response.status).toBe(404);
      expect(toldError("openai-responses", await response.json()).message).toContain("resp_123");
    }
    for (const model of ["sim-chat", claude.model, "gemini-3-pro-preview"]) {
      const response = await post("/v1/responses", { model, input: "go on", previous_response_id: "resp_123" });
      expect(response.status).toBe(400);
      expect(toldError("openai-responses", await response.json()).code).toBe("previous_response_not_found");
    }
  });
});

describe("who may come in", () => {
  test("a key is taken from all of its five places, and a good one wins over a bad one", async () => {
    const attempts: readonly { readonly path?: string; readonly headers: Record<string, string> }[] = [
      { headers: { authorization: `Bearer ${CLIENT_KEY}` } },
      { headers: { authorization: `bearer  ${CLIENT_KEY} ` } },
      { headers: { "x-api-key": CLIENT_KEY } },
      { headers: { "x-goog-api-key": CLIENT_KEY } },
      { path: `?key=${CLIENT_KEY}`, headers: {} },
      { path: `?auth_token=${CLIENT_KEY}`, headers: {} },
      { headers: { authorization: "Bearer dummy", "x-api-key": CLIENT_KEY } },
    ];
    for (const { path = "", headers } of attempts) {
      const response = await fetch(`${world.origin}/v1/chat/completions${path}`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(chat) });
      expect([headers, path, response.status]).toEqual([headers, path, 200]);
      expect(JSON.stringify([...(world.upstream("openai-chat").simulator.seen.at(-1)?.headers ?? [])])).not.toContain(CLIENT_KEY);
    }
  });

  for (const dialect of DIALECTS) {
    test(`${dialect}: a wrong key and none at all are 401 in its words`, async () => {
      for (const key of ["wrong", ""]) {
        const response = await ask(world.origin, dialect, { model: "sim-chat", key });
        expect(response.status).toBe(401);
        const error = toldError(dialect, await response.json());
        expect(error.message).not.toBe("");
        expect(["authentication_error", "UNAUTHENTICATED"]).toContain(error.type);
      }
    });
  }

  test("where no key is configured everybody is let in, and no page of the web", async () => {
    const open = startWorld({ script: () => act, config: { "api-keys": [] } });
    expect((await ask(open.origin, "openai-chat", { model: "sim-chat", key: "anything" })).status).toBe(200);
    const response = await ask(open.origin, "openai-chat", { model: "sim-chat", key: "anything", headers: { origin: "https://evil.example" } });
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    await open.close();
  });
});

describe("HTTP manners", () => {
  test("CORS preflight and replies", async () => {
    const preflight = await fetch(`${world.origin}/v1/messages`, { method: "OPTIONS", headers: { origin: "https://app.example", "access-control-request-method": "POST", "access-control-request-headers": "x-api-key, anthropic-version" } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("anthropic-version");
    expect((await post("/v1/chat/completions", chat, { origin: "https://app.example" })).headers.get("access-control-allow-origin")).toBe("*");
  });

  test("a path that is not there is 404, a wrong method 405 with what is right, in the path's dialect", async () => {
    for (const [path, dialect] of [["/v1/nothing", "openai-chat"], ["/v1/messages/nothing", "anthropic-messages"], ["/v1beta/nothing", "gemini-generate-content"]] as const) {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(toldError(dialect, await response.json()).message).toContain(path);
    }
    for (const [path, dialect] of [["/v1/chat/completions", "openai-chat"], ["/v1/responses", "openai-responses"], ["/v1/messages", "anthropic-messages"], ["/v1beta/models/x:generateContent", "gemini-generate-content"]] as const) {
      const response = await get(path);
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
      expect(toldError(dialect, await response.json()).message).toContain("POST");
    }
  });

  test("x-request-id is on every reply, good or bad, and request-id where the dialect wants it", async () => {
    for (const response of [await post("/v1/chat/completions", chat), await post("/v1/chat/completions", { ...chat, stream: true }), await get("/v1/models"), await get("/v1/nothing"), await post("/v1/messages", "{", anthropic), await get("/v1/models", {})]) {
      expect(response.headers.get("x-request-id")).toMatch(/^req_\w{20}$/);
      await response.text();
    }
    expect((await post("/v1/messages", {}, anthropic)).headers.get("request-id")).toStartWith("req_");
  });

  for (const [dialect, path, headers] of [["openai-chat", "/v1/chat/completions", {}], ["openai-responses", "/v1/responses", {}], ["anthropic-messages", "/v1/messages", anthropic], ["gemini-generate-content", "/v1beta/models/sim-chat:generateContent", {}]] as const) {
    test(`${dialect}: a body that is no JSON, empty, no object, too large or of a strange type`, async () => {
      const told = async (response: Response): Promise<[number, string]> => [response.status, toldError(dialect, await response.json()).message === "" ? "no envelope" : "told"];
      expect(await told(await post(path, '{"model": "x",', headers))).toEqual([400, "told"]);
      expect(await told(await post(path, "", headers))).toEqual([400, "told"]);
      expect(await told(await post(path, "[1, 2]", headers))).toEqual([400, "told"]);
      expect(await told(await post(path, "{}", headers))).toEqual([400, "told"]);
      expect(await told(await post(path, JSON.stringify({ ...chat, padding: "x".repeat(5000) }), headers))).toEqual([413, "told"]);
      expect(await told(await post(path, "a=b", { ...headers, "content-type": "application/x-www-form-urlencoded" }))).toEqual([415, "told"]);
      expect(await told(await post(path, "x", { ...headers, "content-encoding": "br" }))).toEqual([415, "told"]);
    });
  }

  test("a body without a length is cut off at the limit, too", async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(" ".repeat(1000))),
    });
    const response = await fetch(`${world.origin}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json", ...bearer }, body });
    expect(response.status).toBe(413);
  });

  test("gzip and deflate are unpacked, and a bomb is found out", async () => {
    const text = JSON.stringify(chat);
    for (const [encoding, bytes] of [["gzip", Bun.gzipSync(text)], ["deflate", new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate"))).arrayBuffer())]] as const) {
      const response = await post("/v1/chat/completions", bytes, { "content-encoding": encoding });
      expect([encoding, response.status]).toEqual([encoding, 200]);
    }
    expect((await post("/v1/chat/completions", Bun.gzipSync(JSON.stringify({ ...chat, padding: "x".repeat(1_000_000) })), { "content-encoding": "gzip" })).status).toBe(413);
    expect((await post("/v1/chat/completions", "not gzip at all", { "content-encoding": "gzip" })).status).toBe(400);
  });

  test("a trailing slash and the /openai prefix change nothing", async () => {
    for (const path of ["/v1/chat/completions/", "/openai/v1/chat/completions"]) expect((await post(path, chat)).status).toBe(200);
  });

  test("an unknown model is 404 with what was perhaps meant, in each dialect", async () => {
    for (const dialect of DIALECTS) {
      for (const stream of [false, true]) {
        const response = await ask(world.origin, dialect, { model: "sim-chatt", stream });
        expect(response.status).toBe(404);
        expect(toldError(dialect, await response.json()).message).toContain("sim-chat");
      }
    }
  });

  test("every dialect streams to its own end", async () => {
    for (const dialect of DIALECTS) {
      const response = await ask(world.origin, dialect, { model: "gemini-3-pro-preview", stream: true });
      expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
      expect(response.headers.get("cache-control")).toContain("no-transform");
      expect(response.headers.get("x-accel-buffering")).toBe("no");
      const { events } = readEvents(await response.text());
      expect([dialect, streamText(dialect, events), isWhole(dialect, events)]).toEqual([dialect, "Zażółć 🦆", true]);
    }
  });
});
