import { afterEach, describe, expect, test } from "bun:test";
import { CLIENT_KEY, type Listening } from "../kit/running.ts";
import { LOGIN_FILE, startFactoryWorld, type FactoryWorld, type FactoryWorldOptions } from "./kit/factory-world.ts";

const CLAUDE = "claude-sonnet-4-5-20250929";
const HELLO = [{ role: "user", content: "Hello" }];
const MESSAGES = { model: CLAUDE, max_tokens: 100, messages: HELLO };
const VERSION = { "anthropic-version": "2023-06-01" };

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(options?: FactoryWorldOptions): Promise<FactoryWorld> {
  const world = await startFactoryWorld(options);
  open.push(world);
  return world;
}

/** The last request that reached the vendor. */
function last({ api: { seen } }: FactoryWorld): FactoryWorld["api"]["seen"][number] {
  const request = seen.at(-1);
  if (request === undefined) throw new Error("nothing was asked");
  return request;
}

describe("each type of model has its place", () => {
  const WAYS = [
    { model: CLAUDE, path: "/api/llm/a/v1/messages", provider: "anthropic" },
    { model: "bedrock-claude-sonnet-4-5-20250929", path: "/api/llm/a/v1/messages", provider: "bedrock_anthropic", named: CLAUDE },
    { model: "minimax-m2.5", path: "/api/llm/a/v1/messages", provider: "fireworks" },
    { model: "gpt-5.2", path: "/api/llm/o/v1/responses", provider: "openai" },
    { model: "glm-5", path: "/api/llm/o/v1/chat/completions", provider: "fireworks" },
    { model: "glm-4.6", path: "/api/llm/o/v1/chat/completions", provider: "baseten" },
    { model: "gemini-3-flash-preview", path: "/api/llm/g/v1/generate", provider: "google" },
  ];
  for (const { model, path, provider, named } of WAYS) {
    test(`${model} by chat completions, whole and streamed`, async () => {
      const world = await start();
      const whole = await world.ask("/v1/chat/completions", { model, messages: HELLO });
      expect(await whole.json()).toMatchObject({ model, choices: [{ message: { content: "Good day" }, finish_reason: "stop" }] });
      const streamed = await world.ask("/v1/chat/completions", { model, messages: HELLO, stream: true });
      const text = await streamed.text();
      expect([...text.matchAll(/"content":"([^"]+)"/g)].map(([, piece]) => piece).join("")).toBe("Good day");
      expect(text).toEndWith("data: [DONE]\n\n");
      expect(world.api.seen.map((request) => request.path)).toEqual([path, path]);
      const { headers, body } = last(world);
      expect(headers.get("x-api-provider")).toBe(provider);
      expect(headers.get("authorization")).toBe(`Bearer ${world.tokens.accessToken}`);
      expect(headers.get("user-agent")).toBe("dragoman");
      expect(headers.get("x-factory-client")).toBeNull();
      expect(body.model).toBe(named ?? model);
      expect(world.attempts.map(({ provider: by, credential, outcome }) => [by, credential, outcome])).toEqual([["factory", "factory one@example.com", "succeeded"], ["factory", "factory one@example.com", "succeeded"]]);
    });
  }

  test("clients of the same dialect, whole and streamed", async () => {
    const world = await start();
    const whole = await world.ask("/v1/messages", MESSAGES, VERSION);
    expect(await whole.json()).toMatchObject({ type: "message", content: [{ type: "text", text: "Good day" }] });
    const streamed = await world.ask("/v1/messages", { ...MESSAGES, stream: true }, VERSION);
    expect(await streamed.text()).toContain("message_stop");
    const responses = await world.ask("/v1/responses", { model: "gpt-5.2", input: "Hello" });
    expect(await responses.json()).toMatchObject({ status: "completed" });
    const gemini = await world.ask("/v1beta/models/gemini-3-flash-preview:streamGenerateContent?alt=sse", { contents: [{ role: "user", parts: [{ text: "Hello" }] }] });
    expect(gemini.status).toBe(200);
    expect(await gemini.text()).toContain("Good day");
    expect(last(world).body).toMatchObject({ model: "gemini-3-flash-preview", stream: true });
  });

  test("a body that needs no change goes out as it came, byte by byte", async () => {
    const world = await start();
    for (const [path, body] of [["/v1/messages", MESSAGES], ["/v1/responses", { model: "gpt-5.2", input: "Hello", reasoning: { effort: "low" } }], ["/v1/chat/completions", { model: "glm-5", messages: HELLO }]] as const) {
      const text = JSON.stringify(body, undefined, 3);
      const reply = await fetch(world.origin + path, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${CLIENT_KEY}`, ...VERSION }, body: text });
      expect([reply.status, last(world).text]).toEqual([200, text]);
    }
  });

  test("a model that the vendor calls otherwise bears our name in replies that pass through, too", async () => {
    const world = await start();
    const asked = { ...MESSAGES, model: `bedrock-${CLAUDE}` };
    expect(await (await world.ask("/v1/messages", asked, VERSION)).json()).toMatchObject({ model: asked.model });
    expect(await (await world.ask("/v1/messages", { ...asked, stream: true }, VERSION)).text()).toContain(`"model":"${asked.model}"`);
    expect(last(world).body.model).toBe(CLAUDE);
  });

  test("a model of the common kind answers a client that speaks Anthropic's dialect", async () => {
    const world = await start();
    const reply = await world.ask("/v1/messages", { ...MESSAGES, model: "glm-5" }, VERSION);
    expect(await reply.json()).toMatchObject({ type: "message", content: [{ type: "text", text: "Good day" }], stop_reason: "end_turn" });
  });

  test("a name before `://` leads to the place of the model, and no other", async () => {
    const world = await start();
    const reply = await world.ask("/v1/chat/completions", { model: "factory://glm-5", messages: HELLO });
    expect(reply.status).toBe(200);
    expect(world.api.seen.map(({ path }) => path)).toEqual(["/api/llm/o/v1/chat/completions"]);
  });

  test("tokens are counted by the vendor, the operator's text included", async () => {
    const world = await start({ settings: { "system-prefix": ["Be brief."] } });
    const reply = await world.ask("/v1/messages/count_tokens", { model: CLAUDE, messages: HELLO, system: "Be kind." }, VERSION);
    expect(await reply.json()).toEqual({ input_tokens: 11 });
    expect(last(world)).toMatchObject({ path: "/api/llm/a/v1/messages/count_tokens", body: { system: [{ type: "text", text: "Be brief." }, { type: "text", text: "Be kind." }] } });
  });
});

describe("what goes with a request", () => {
  test("a conversation keeps its session, another one has another, and each answer an id of its own", async () => {
    const world = await start();
    await world.ask("/v1/messages", MESSAGES, VERSION);
    await world.ask("/v1/messages", { ...MESSAGES, messages: [...HELLO, { role: "assistant", content: "Good day" }, { role: "user", content: "And?" }] }, VERSION);
    await world.ask("/v1/messages", { ...MESSAGES, messages: [{ role: "user", content: "Another matter" }] }, VERSION);
    const sessions = world.api.seen.map(({ headers }) => headers.get("x-session-id"));
    expect(sessions[0]).toBe(sessions[1] ?? "");
    expect(sessions[2]).not.toBe(sessions[0] ?? "");
    expect(new Set(world.api.seen.map(({ headers }) => headers.get("x-assistant-message-id"))).size).toBe(3);
  });

  test("ids of the client are its own", async () => {
    const world = await start();
    const ids = { "x-session-id": "0b0e0d9c-1c65-4b6e-8a39-6f3a9f4b8a01", "x-assistant-message-id": "0b0e0d9c-1c65-4b6e-8a39-6f3a9f4b8a02" };
    await world.ask("/v1/messages", MESSAGES, { ...VERSION, ...ids });
    expect(Object.fromEntries(Object.keys(ids).map((name) => [name, last(world).headers.get(name) ?? ""]))).toEqual(ids);
  });

  test("headers, texts and let-through headers are the operator's to set; the client's breakpoints stay, ours has none", async () => {
    const world = await start({ settings: {
      headers: { "x-factory-client": "cli" }, "user-agent": "factory-cli/0.85.0", "system-prefix": ["A first sentence."],
      options: { "client-headers": ["x-trace"], "organization-header": "X-Factory-Org-Id" },
    } });
    const system = [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } }];
    const reply = await world.ask("/v1/messages", { ...MESSAGES, system }, { ...VERSION, "x-trace": "t-1", "x-other": "o" });
    expect(reply.status).toBe(200);
    const { headers, body } = last(world);
    expect(["x-factory-client", "user-agent", "x-trace", "x-factory-org-id", "x-other"].map((name) => headers.get(name))).toEqual(["cli", "factory-cli/0.85.0", "t-1", "org_1", null]);
    expect(body.system).toEqual([{ type: "text", text: "A first sentence." }, ...system]);
  });
});

describe("what the vendor refuses", () => {
  test("402: the account is over, its words reach the client, and nobody asks again", async () => {
    const world = await start();
    world.api.reply = () => Response.json({ error: { type: "billing_error", message: "No tokens left on this plan" } }, { status: 402 });
    const first = await world.ask("/v1/messages", MESSAGES, VERSION);
    expect([first.status, await first.text()]).toEqual([402, expect.stringContaining("No tokens left on this plan")]);
    await world.ask("/v1/messages", MESSAGES, VERSION);
    expect(world.api.seen).toHaveLength(1);
    expect(world.log.map(({ event }) => event)).toContain("account.out-of-credit");
  });

  test("403 is told in the client's dialect, asked of nobody else, and no account rests for it", async () => {
    const world = await start({ files: { "factory-two.json": { type: "factory", api_key: "fk-second-key-of-tests" } } });
    world.api.keys.add("fk-second-key-of-tests");
    world.api.reply = () => Response.json({ error: { message: "This request is not allowed" } }, { status: 403 });
    const refused = await world.ask("/v1/chat/completions", { model: CLAUDE, messages: HELLO });
    expect([refused.status, await refused.json()]).toEqual([403, expect.objectContaining({ error: expect.objectContaining({ message: expect.stringContaining("This request is not allowed") }) })]);
    expect(world.api.seen).toHaveLength(1);
    world.api.reply = undefined;
    expect((await world.ask("/v1/chat/completions", { model: CLAUDE, messages: HELLO })).status).toBe(200);
  });

  test("429 rests the model for just the time that the vendor says", async () => {
    const world = await start();
    world.api.reply = () => Response.json({ error: { message: "slow down" } }, { status: 429, headers: { "retry-after": "120" } });
    expect((await world.ask("/v1/messages", MESSAGES, VERSION)).status).toBe(429);
    world.api.reply = undefined;
    world.clock.advance(119_000);
    expect((await world.ask("/v1/messages", MESSAGES, VERSION)).status).toBe(429);
    expect(world.api.seen).toHaveLength(1);
    world.clock.advance(1001);
    expect((await world.ask("/v1/messages", MESSAGES, VERSION)).status).toBe(200);
  });

  test("a mistake in the operator's list of models is told, and the account rests", async () => {
    const world = await start({ settings: { options: { models: [{ id: "nameless" }] } } });
    const account = world.gateway.accounts?.find(LOGIN_FILE);
    expect(account?.facts.trouble).toBe("accounts.kinds.factory.options.models[0] needs an id, and a type: anthropic, openai, common or google");
  });
});
