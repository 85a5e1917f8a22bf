import { afterEach, describe, expect, test } from "bun:test";
import { startFactoryWorld, type FactoryWorld } from "../accounts/kit/factory-world.ts";
import type { Listening } from "../kit/running.ts";

/** As its `.env.example` has them (2025-10). */
const KEYS = { FACTORY_API_KEYS: "fk-your-api-key-1;fk-your-api-key-2" };
const KEYED = { ...KEYS, PROXY_ACCESS_KEYS: "your-proxy-key-1,your-proxy-key-2", PROXY_KEY_HEADER: "X-Proxy-Key" };
const OURS = ["Bearer fk-your-api-key-1", "Bearer fk-your-api-key-2"];
const HELLO = [{ role: "user", content: "Hello" }];

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(variables: Readonly<Record<string, string>>, more: Record<string, unknown> = {}): Promise<FactoryWorld> {
  const world = await startFactoryWorld({
    withLogin: false, environment: { variables },
    fileOf: ({ origin }) => ({ discovery: { local: false }, accounts: { kinds: { factory: { "base-url": origin } } }, ...more }),
  });
  open.push(world);
  for (const key of ["fk-your-api-key-1", "fk-your-api-key-2", "fk-of-a-client"]) world.api.keys.add(key);
  return world;
}

function last({ api }: FactoryWorld): FactoryWorld["api"]["seen"][number] {
  const request = api.seen.at(-1);
  if (request === undefined) throw new Error("nothing was asked");
  return request;
}

const bearers = ({ api }: FactoryWorld): string[] => api.seen.map(({ headers }) => headers.get("authorization") ?? "");

/** Asks for a chat completion, with just these headers. */
function ask(world: FactoryWorld, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${world.origin}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify({ model: "gpt-4o", messages: HELLO, ...body }) });
}

interface Completion {
  readonly model: string;
  readonly choices: readonly { readonly finish_reason: string; readonly message: { readonly content: string; readonly reasoning_content?: string } }[];
  readonly usage: Readonly<Record<string, number>>;
}

async function completion(reply: Promise<Response>): Promise<Completion> {
  const response = await reply;
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Completion;
}

describe("with proxy keys", () => {
  const HEADER = { "x-proxy-key": "your-proxy-key-2" };

  test("one of them must be shown, in the header or as bearer token; then the keys take turns", async () => {
    const world = await start(KEYED);
    const strangers: readonly Record<string, string>[] = [{}, { "x-proxy-key": "wrong" }, { authorization: "Bearer wrong" }, { authorization: "Bearer fk-of-a-client" }, { authorization: "Bearer fk-of-a-client", "x-proxy-key": "wrong" }];
    for (const headers of strangers) {
      expect((await ask(world, {}, headers)).status).toBe(401);
    }
    expect(world.api.seen).toHaveLength(0);
    for (const headers of [HEADER, { authorization: "Bearer your-proxy-key-1" }]) await completion(ask(world, { messages: [{ role: "user", content: JSON.stringify(headers) }] }, headers));
    expect(bearers(world).sort()).toEqual(OURS);
    expect(world.api.seen.every(({ headers }) => !headers.has("x-proxy-key"))).toBe(true);
  });

  test("a bearer token beside a good header is the client's own key, whose trouble is nobody else's", async () => {
    const world = await start(KEYED);
    await completion(ask(world, {}, { ...HEADER, authorization: "Bearer fk-of-a-client" }));
    expect(bearers(world)).toEqual(["Bearer fk-of-a-client"]);
    expect((await ask(world, {}, { ...HEADER, authorization: "Bearer fk-wrong" })).status).toBe(401);
    expect(bearers(world)).toEqual(["Bearer fk-of-a-client", "Bearer fk-wrong"]);
    await completion(ask(world, {}, HEADER));
    expect(OURS).toContain(bearers(world).at(-1) ?? "");
    expect(JSON.stringify([world.log, world.attempts])).not.toMatch(/fk-of-a-client|your-proxy-key/);
  });

  test("both of them may be proxy keys: none of them leaves", async () => {
    const world = await start(KEYED);
    await completion(ask(world, {}, { ...HEADER, authorization: "Bearer your-proxy-key-1" }));
    expect(OURS).toContain(bearers(world)[0] ?? "");
  });

  test("pages of every origin may call, with that header too", async () => {
    const world = await start(KEYED);
    const preflight = await fetch(`${world.origin}/v1/chat/completions`, { method: "OPTIONS", headers: { origin: "https://app.example.com", "access-control-request-method": "POST", "access-control-request-headers": "content-type,x-proxy-key" } });
    expect([preflight.headers.get("access-control-allow-origin"), preflight.headers.get("access-control-allow-headers"), preflight.headers.get("access-control-allow-methods")]).toEqual(["*", "content-type,x-proxy-key", expect.stringContaining("POST")]);
    expect((await ask(world, {}, { ...HEADER, origin: "https://app.example.com" })).headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("without proxy keys", () => {
  test("a key of Factory's own is used, anything else leads to the rotation, the header too", async () => {
    const world = await start({ ...KEYS, PROXY_ACCESS_KEYS: "", PROXY_KEY_HEADER: "X-Proxy-Key" });
    await completion(ask(world, {}, { authorization: "Bearer fk-of-a-client" }));
    expect(bearers(world)).toEqual(["Bearer fk-of-a-client"]);
    const others: readonly Record<string, string>[] = [{}, { authorization: "Bearer sk-dummy" }, { "x-proxy-key": "anything" }];
    for (const headers of others) await completion(ask(world, { messages: [{ role: "user", content: JSON.stringify(headers) }] }, headers));
    expect(new Set(bearers(world).slice(1))).toEqual(new Set(OURS));
  });

  test("one key stands in for another that is refused, empty or too busy", async () => {
    const world = await start(KEYS);
    world.api.reply = (headers) => (headers.get("authorization") === OURS[0] ? Response.json({ error: { message: "slow down" } }, { status: 429, headers: { "retry-after": "60" } }) : undefined);
    for (const text of ["one", "two", "three"]) await completion(ask(world, { messages: [{ role: "user", content: text }] }));
    expect(bearers(world).filter((bearer) => bearer === OURS[0]).length).toBeLessThan(2);
  });

  test("all keys resting is told with the time to wait, though clients might bring their own", async () => {
    const world = await start(KEYS);
    world.api.reply = () => Response.json({ error: { message: "slow down" } }, { status: 429, headers: { "retry-after": "60" } });
    await ask(world, {});
    const resting = await ask(world, {});
    expect([resting.status, Number(resting.headers.get("retry-after")) > 0]).toEqual([429, true]);
  });
});

describe("names", () => {
  test.each([
    ["gpt-4o", "/api/llm/o/v1/responses", "gpt-4o", "openai"],
    ["o1-mini", "/api/llm/o/v1/responses", "o1-mini", "openai"],
    ["claude-3-opus-20240229", "/api/llm/a/v1/messages", "claude-3-opus-20240229", "anthropic"],
    ["bedrock-claude-3-5-sonnet-20241022", "/api/llm/a/v1/messages", "claude-3-5-sonnet-20241022", "bedrock_anthropic"],
    ["vertex-claude-3-5-sonnet-20241022", "/api/llm/a/v1/messages", "claude-3-5-sonnet-20241022", "vertex_anthropic"],
    ["factory://bedrock-claude-3-opus-20240229", "/api/llm/a/v1/messages", "claude-3-opus-20240229", "bedrock_anthropic"],
  ])("%s, which no list holds, goes to its family, and the reply bears the client's name", async (model, path, upstream, provider) => {
    const world = await start(KEYS);
    const reply = await completion(ask(world, { model }));
    expect([last(world).path, last(world).body.model, last(world).headers.get("x-api-provider")]).toEqual([path, upstream, provider]);
    expect(reply.model).toBe(model);
  });

  test("`-thinking` is a budget of 16384 tokens, and the limit is raised above it where it is smaller", async () => {
    const world = await start(KEYS);
    await completion(ask(world, { model: "claude-3-7-sonnet-20250219-thinking", max_tokens: 20_480, temperature: 0.3, top_p: 0.5 }));
    expect(last(world).body).toMatchObject({ model: "claude-3-7-sonnet-20250219", thinking: { type: "enabled", budget_tokens: 16_384 }, max_tokens: 20_480 });
    expect(last(world).body.temperature ?? 1).toBe(1);
    await completion(ask(world, { model: "claude-3-7-sonnet-20250219-thinking", max_tokens: 1000 }));
    expect(Number(last(world).body.max_tokens)).toBeGreaterThan(16_384);
    const strict = await start(KEYS, { translation: { "strict-thinking-budget": true } });
    const refused = await ask(strict, { model: "claude-3-7-sonnet-20250219-thinking", max_tokens: 1000 });
    expect([refused.status, await refused.json()]).toEqual([400, { error: expect.objectContaining({ message: expect.stringContaining("16384"), type: "invalid_request_error" }) }]);
  });

  test("without its variables, names that nobody serves are unknown; a cloud's Claude is none of them", async () => {
    const world = await startFactoryWorld();
    open.push(world);
    expect((await world.ask("/v1/chat/completions", { model: "gpt-4o", messages: HELLO })).status).toBe(404);
    expect((await world.ask("/v1/chat/completions", { model: "bedrock-claude-3-5-sonnet-20241022", messages: HELLO })).status).toBe(200);
  });
});

describe("a chat completion", () => {
  test("has thoughts, an end and a usage, whole and as a stream", async () => {
    const world = await start(KEYS);
    const claude = world.api.upstreams["anthropic-messages"];
    if (claude !== undefined) claude.script = () => ({ text: "Good day", reasoning: "A greeting." });
    const whole = await completion(ask(world, { model: "claude-sonnet-4-5-20250929-thinking", max_tokens: 20_480 }));
    expect(whole.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "Good day", reasoning_content: "A greeting." } });
    const { prompt_tokens: input = 0, completion_tokens: output = 0, total_tokens: total } = whole.usage;
    expect([input > 0, output > 0, total]).toEqual([true, true, input + output]);
    const streamed = await (await ask(world, { model: "claude-sonnet-4-5-20250929-thinking", max_tokens: 20_480, stream: true, stream_options: { include_usage: true } })).text();
    const frames = streamed.split("\n\n").filter((frame) => frame.startsWith("data: {")).map((frame) => JSON.parse(frame.slice(6)) as { choices: { delta: { content?: string; reasoning_content?: string }; finish_reason: string | null }[]; usage?: { prompt_tokens: number } });
    const joined = (name: "content" | "reasoning_content"): string => frames.map(({ choices }) => choices[0]?.delta[name] ?? "").join("");
    expect([joined("reasoning_content"), joined("content"), frames.findLast(({ choices }) => choices.length > 0)?.choices[0]?.finish_reason]).toEqual(["A greeting.", "Good day", "stop"]);
    expect(frames.some(({ usage }) => (usage?.prompt_tokens ?? 0) > 0)).toBe(true);
    expect(streamed.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  test("leaves a line in the log that tells what was asked of whom, and not a word of it", async () => {
    const world = await start(KEYED);
    await completion(ask(world, { model: "claude-sonnet-4-5-20250929-thinking", max_tokens: 20_480, messages: [{ role: "system", content: "A secret." }, ...HELLO] }, { "x-proxy-key": "your-proxy-key-1" }));
    const { fields } = world.log.find(({ event }) => event === "request.completed") ?? {};
    expect(fields).toMatchObject({
      path: "/v1/chat/completions", "server.address": new URL(world.api.origin).host, "gen_ai.request.model": "claude-sonnet-4-5-20250929-thinking", upstreamModel: "claude-sonnet-4-5-20250929",
      "gen_ai.provider.name": "factory", stream: false, "gen_ai.request.max_tokens": 20_480, reasoning: 16_384, messages: 2,
    });
    expect(JSON.stringify(world.log)).not.toMatch(/secret|Hello|your-proxy-key|fk-your-api-key/);
  });

  test("takes images as data URLs and files of a form, in the last user message", async () => {
    const world = await start(KEYS);
    const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const content = [{ type: "text", text: "What is it?" }, { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } }];
    await completion(ask(world, { model: "claude-sonnet-4-5-20250929", messages: [{ role: "user", content }] }));
    expect(JSON.stringify(last(world).body.messages)).toContain(JSON.stringify({ type: "base64", media_type: "image/png", data: PNG }));
    const form = new FormData();
    form.append("payload", JSON.stringify({ model: "claude-sonnet-4-5-20250929", messages: HELLO }));
    form.append("one", new File(["print('x')\n"], "job.py", { type: "text/x-python" }));
    form.append("two", new File([Buffer.from(PNG, "base64")], "dot.png", { type: "image/png" }));
    const reply = await fetch(`${world.origin}/v1/chat/completions`, { method: "POST", body: form });
    expect(reply.status).toBe(200);
    const sent = JSON.stringify(last(world).body.messages);
    expect(sent).toContain("Hello");
    expect(sent).toContain("job.py");
    expect(sent).toContain("```python\\nprint('x')\\n```");
    expect(sent).toContain(JSON.stringify({ type: "base64", media_type: "image/png", data: PNG }));
  });
});
