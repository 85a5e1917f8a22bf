import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "bun:test";
import { codex } from "../../packages/gateway/src/accounts/kinds/codex/index.ts";
import type { BrowserLogin, DeviceLogin, LoginFlow } from "../../packages/gateway/src/accounts/login/login-flow.ts";
import { listen, type Listening } from "../kit/running.ts";
import { ACCOUNT_ID, CLIENT_ID, FILE, idToken, jwt, refusal, startCodexIssuer, startCodexVendor, type CodexVendor } from "./kit/codex-vendor.ts";
import { visitOf } from "./kit/login-visit.ts";
import { pausedLogins } from "./kit/paused-logins.ts";

const MODEL = "gpt-5.5";
const HASH = createHash("sha256").update(ACCOUNT_ID).digest("hex").slice(0, 8);

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(options: Parameters<typeof startCodexVendor>[0] = {}): Promise<CodexVendor> {
  const vendor = await startCodexVendor(options);
  open.push(vendor.world, vendor.issuer, vendor.api);
  return vendor;
}

const ask = ({ world }: CodexVendor, body: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Response> =>
  world.ask("/v1/responses", { model: MODEL, input: "Hello", ...body }, headers);

interface Sent {
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

const sent = ({ upstream }: CodexVendor, at = 0): Sent => {
  const seen = upstream.seen[at];
  if (seen === undefined) throw new Error("nothing was sent");
  return { body: seen.body as Record<string, unknown>, headers: seen.headers };
};

describe("requests of a ChatGPT account", () => {
  test("from Responses: whole, out of the stream, with the output that its last event lacks", async () => {
    const vendor = await start();
    const reply = await ask(vendor, {
      instructions: null, max_output_tokens: 500, temperature: 0.5, user: "u", truncation: "auto", service_tier: "flex", stream_options: { include_obfuscation: false },
      input: [{ role: "system", content: "Be brief." }, { id: "foreign-id", role: "user", content: [{ type: "input_text", text: "Hello", prompt_cache_breakpoint: { mode: "explicit" } }] }],
      tools: [{ type: "web_search_preview" }, { type: "function", name: "f", strict: false }], tool_choice: { type: "web_search_preview" },
    });
    expect(await reply.json()).toMatchObject({ object: "response", status: "completed", output: [{ type: "message", content: [{ type: "output_text", text: "Good day" }] }] });
    const { body, headers } = sent(vendor);
    expect(body).toMatchObject({
      model: MODEL, stream: true, store: false, instructions: "", parallel_tool_calls: true, tool_choice: { type: "web_search" },
      tools: [{ type: "web_search" }, { type: "function", name: "f", parameters: { type: "object", properties: {} } }],
      input: [{ role: "developer", content: "Be brief." }, { id: expect.stringMatching(/^msg_[0-9a-f]{40}$/) as string, role: "user", content: [{ type: "input_text", text: "Hello" }] }],
    });
    expect(body).not.toHaveProperty("service_tier");
    expect(body).not.toHaveProperty("stream_options");
    expect(Object.fromEntries(headers)).toMatchObject({ originator: "dragoman", "user-agent": "dragoman", "chatgpt-account-id": ACCOUNT_ID, authorization: `Bearer ${vendor.tokens.accessToken}` });
  });

  test("from Responses: streamed, with the client's own turn and session", async () => {
    const vendor = await start();
    const reply = await ask(vendor, { stream: true, prompt_cache_key: "cache-of-client", parallel_tool_calls: false }, { "x-codex-turn-metadata": "{}", "thread-id": "thread-1", "x-secret": "kept here" });
    const events = (await reply.text()).split("\n").filter((line) => line.startsWith("data: ")).map((line) => JSON.parse(line.slice(6)) as { type: string; response?: { output: unknown[] } });
    expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { output: [{ type: "message", content: [{ text: "Good day" }] }] } });
    const { body, headers } = sent(vendor);
    expect(body.prompt_cache_key).toBe("cache-of-client");
    expect(body).not.toHaveProperty("parallel_tool_calls");
    expect([headers.get("session-id"), headers.get("thread-id"), headers.get("x-codex-turn-metadata"), headers.get("x-secret")]).toEqual(["cache-of-client", "thread-1", "{}", null]);
  });

  test("from other dialects, whole and streamed, with one cache key for all turns of a conversation", async () => {
    const vendor = await start();
    const chat = { model: MODEL, messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hello" }], max_tokens: 100, temperature: 1, top_p: 0.5, user: "u" };
    expect(await (await vendor.world.ask("/v1/chat/completions", chat)).json()).toMatchObject({ choices: [{ message: { content: "Good day" } }] });
    const more = { ...chat, stream: true, messages: [...chat.messages, { role: "assistant", content: "Good day" }, { role: "user", content: "And?" }] };
    expect(await (await vendor.world.ask("/v1/chat/completions", more)).text()).toContain("[DONE]");
    const claude = { model: MODEL, max_tokens: 100, messages: [{ role: "user", content: "Hello" }], metadata: { user_id: "user_a_account_b_session_c" } };
    expect(await (await vendor.world.ask("/v1/messages", claude, { "anthropic-version": "2023-06-01" })).json()).toMatchObject({ content: [{ type: "text", text: "Good day" }] });
    const keys = [0, 1, 2].map((at) => sent(vendor, at).body.prompt_cache_key);
    expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(sent(vendor).headers.get("session-id")).toBe(keys[0] as string);
  });

  test("long names of tools are short at the vendor, and whole again in the answer", async () => {
    const vendor = await start();
    const name = `mcp__a_server_with_a_very_long_name_that_nobody_will_ever_want_to_read__${"find".repeat(3)}`;
    vendor.upstream.script = ({ toolNames }) => ({ calls: [{ name: toolNames[0] ?? "", arguments: {} }] });
    const chat = { model: MODEL, messages: [{ role: "user", content: "Hello" }], tools: [{ type: "function", function: { name, parameters: { type: "object", properties: {} } } }] };
    const reply = (await (await vendor.world.ask("/v1/chat/completions", chat)).json()) as { choices: { message: { tool_calls: { function: { name: string } }[] } }[] };
    expect(reply.choices[0]?.message.tool_calls[0]?.function.name).toBe(name);
    expect(String((sent(vendor).body.tools as { name: string }[])[0]?.name).length).toBeLessThanOrEqual(64);
  });

  test("earlier replies are kept here, since the vendor keeps none", async () => {
    const vendor = await start();
    const first = (await (await ask(vendor)).json()) as { id: string };
    expect((await ask(vendor, { previous_response_id: first.id, input: "And?", stream: true })).status).toBe(200);
    expect(sent(vendor, 1).body.input).toMatchObject([{ role: "user" }, { type: "message", role: "assistant" }, { role: "user" }]);
  });

  test("tokens are counted here", async () => {
    const vendor = await start();
    let asked = 0;
    vendor.reply = () => void (asked += 1) as undefined;
    const counted = await vendor.world.ask("/v1/responses/input_tokens", { model: MODEL, input: "Hello" });
    expect(await counted.json()).toMatchObject({ object: "response.input_tokens" });
    expect(asked).toBe(0);
  });

  test("the operator may name another program, put a text first and offer pictures", async () => {
    const settings = { "user-agent": "example/1.0", headers: { originator: "example" }, "system-prefix": ["You are an example."], options: { "image-tool": true } };
    const vendor = await start({ settings });
    await ask(vendor, { instructions: "Be brief." });
    await ask(vendor, { model: "gpt-5.3-codex-spark" });
    expect(sent(vendor).body).toMatchObject({ instructions: "You are an example.\n\nBe brief.", tools: [{ type: "image_generation", output_format: "png" }] });
    expect([sent(vendor).headers.get("originator"), sent(vendor).headers.get("user-agent")]).toEqual(["example", "example/1.0"]);
    expect(sent(vendor, 1).body).not.toHaveProperty("tools");
  });
});

describe("plans", () => {
  const offered = async (plan: string): Promise<readonly string[]> => {
    const { world } = await start({ plan });
    return (world.gateway.accounts?.services() ?? []).flatMap(({ models }) => (models ?? []).map(({ name }) => name)).sort();
  };

  test("offer what they have; one that nobody knows is taken for the largest", async () => {
    const free = ["codex-auto-review", "gpt-5.4-mini", "gpt-5.5", "gpt-5.6-luna", "gpt-5.6-terra"];
    const team = [...free, "gpt-5.4", "gpt-5.6-sol"].sort();
    expect(await offered("free")).toEqual(free);
    expect(await offered("go")).toEqual(team);
    expect(await offered("Plus")).toEqual([...team, "gpt-5.3-codex-spark"].sort());
    expect(await offered("something new")).toEqual(await offered("pro"));
  });
});

describe("errors of a ChatGPT account", () => {
  const limited = (clock: CodexVendor["clock"], extra: Record<string, unknown>): Record<string, unknown> => ({ type: "usage_limit_reached", message: "The usage limit has been reached", plan_type: "plus", resets_in_seconds: 999, resets_at: clock.now() / 1000 + 90, ...extra });

  test("a used-up allowance rests until the time that is told, whatever the status", async () => {
    const vendor = await start();
    vendor.reply = () => refusal(403, limited(vendor.clock, {}));
    const reply = await ask(vendor);
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "90"]);
    vendor.reply = undefined;
    expect((await ask(vendor, { model: "gpt-5.4" })).status).toBe(200);
    vendor.clock.advance(89_999);
    expect((await ask(vendor)).status).toBe(429);
    vendor.clock.advance(1);
    expect((await ask(vendor)).status).toBe(200);
  });

  test("also when it is told within the stream, before the answer", async () => {
    const vendor = await start();
    for (const stream of [true, false]) {
      const event = (type: string, value: unknown): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...(value as object) })}\n\n`;
      vendor.reply = () => new Response(event("response.created", { response: { id: "resp_1", status: "in_progress" } }) + event("response.failed", { response: { id: "resp_1", status: "failed", error: limited(vendor.clock, { code: "usage_limit_reached", resets_in_seconds: undefined }) } }), { headers: { "content-type": "text/event-stream" } });
      const reply = await ask(vendor, { stream });
      expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "90"]);
      vendor.clock.advance(90_000);
    }
  });

  test("a full model doubles its pause", async () => {
    const vendor = await start();
    vendor.reply = () => refusal(400, { message: "Selected model is at capacity. Please try a different model." });
    expect((await ask(vendor)).status).toBe(429);
    vendor.reply = undefined;
    vendor.clock.advance(1000);
    expect((await ask(vendor)).status).toBe(200);
  });

  test("a stream that ends too soon is no fault of the account", async () => {
    const vendor = await start();
    vendor.upstream.script = () => ({ trouble: "cut", act: { text: "Good day to you" }, afterEvents: 5 });
    expect((await ask(vendor)).status).toBe(502);
    expect(vendor.world.attempts[0]).toMatchObject({ failure: "stream-broken", errorCode: "stream_interrupted" });
    vendor.upstream.script = () => ({ text: "Good day" });
    expect((await ask(vendor)).status).toBe(200);
  });

  test("an overload before the answer goes to the next account, and nobody hears of it", async () => {
    const vendor = await start();
    const other = vendor.issuer.issue();
    vendor.world.store("codex-two@example.com-plus.json", { id_token: idToken("plus", "two@example.com"), type: "codex", account_id: ACCOUNT_ID, access_token: other.accessToken, refresh_token: other.refreshToken, expired: new Date(vendor.clock.now() + 10 * 24 * 3_600_000).toISOString() });
    await vendor.world.gateway.accounts?.noticed("codex-two@example.com-plus.json");
    let asked = 0;
    vendor.reply = () => ((asked += 1) > 1 ? undefined : new Response('event: codex.rate_limits\ndata: {"type":"codex.rate_limits"}\n\nevent: error\ndata: {"type":"error","error":{"type":"server_error","code":"server_is_overloaded","message":"overloaded"}}\n\n', { headers: { "content-type": "text/event-stream" } }));
    const reply = await ask(vendor, { stream: true });
    expect([reply.status, asked]).toEqual([200, 2]);
    expect(await reply.text()).not.toContain("overloaded");
    expect(vendor.world.attempts.map(({ outcome, failure }) => [outcome, failure])).toEqual([["failed", "overloaded"], ["succeeded", undefined]]);
  });

  test("an account that was closed is over, one whose workspace rests rests", async () => {
    const vendor = await start();
    vendor.reply = () => Response.json({ detail: { code: "deactivated_workspace" } }, { status: 402 });
    expect((await ask(vendor)).status).toBe(429);
    expect(vendor.world.attempts[0]).toMatchObject({ failure: "quota-exhausted", status: 402 });
    vendor.clock.advance(30 * 60_000);
    vendor.reply = () => refusal(401, { message: "Your OpenAI account has been deactivated.", code: "account_deactivated" });
    expect((await ask(vendor)).status).toBe(401);
    vendor.reply = undefined;
    expect((await ask(vendor)).status).toBe(503);
    expect(vendor.world.log.filter(({ event }) => event === "account.banned")).toHaveLength(1);
  });

  test("its limits are known from good replies", async () => {
    const vendor = await start();
    vendor.headers = { "x-codex-primary-used-percent": "4", "x-codex-primary-window-minutes": "300", "x-codex-primary-reset-at": String(vendor.clock.now() / 1000 + 60), "x-codex-secondary-used-percent": "100.0", "x-codex-secondary-window-minutes": "10080", "x-codex-secondary-reset-after-seconds": "3600" };
    await (await ask(vendor)).text();
    expect([...(vendor.world.gateway.accounts?.find(FILE)?.quotas.values() ?? [])]).toMatchObject([
      { name: "5 hours", usedShare: 0.04, exhausted: false, resetsAt: vendor.clock.now() + 60_000 },
      { name: "week", usedShare: 1, exhausted: true, resetsAt: vendor.clock.now() + 3_600_000 },
    ]);
  });

  test("and are told when asked for", async () => {
    const place = listen((request) => (request.headers.get("authorization") !== "Bearer token" || request.headers.get("chatgpt-account-id") !== ACCOUNT_ID ? new Response("", { status: 401 }) : Response.json({ plan_type: "plus", rate_limit: { allowed: true, primary_window: { used_percent: 42, limit_window_seconds: 18_000, reset_at: 1_795_000_000 }, secondary_window: null } })));
    open.push(place);
    const { settings, calls } = visitOf(codex, { endpoints: { usage: `${place.origin}/usage` } });
    const visit = (content: Record<string, string>): Parameters<NonNullable<typeof codex.askQuota>>[0] => ({ content, facts: codex.read(content, settings), settings, calls });
    expect(await codex.askQuota?.(visit({ access_token: "token", account_id: ACCOUNT_ID }))).toEqual([{ name: "5 hours", usedShare: 0.42, exhausted: false, resetsAt: 1_795_000_000_000 }]);
    expect(await codex.askQuota?.(visit({ access_token: "other", account_id: ACCOUNT_ID })).catch((error: unknown) => error)).toMatchObject({ reason: "refused" });
  });
});

describe("renewal of a ChatGPT account", () => {
  test("is five days ahead, by form, and reads the plan anew", async () => {
    const vendor = await start({ plan: "free" });
    vendor.issuer.before = (fields) => {
      vendor.issuer.good.add("renewed-token");
      return fields.grant_type === "refresh_token" ? Response.json({ access_token: "renewed-token", id_token: idToken("pro"), expires_in: 864_000 }) : undefined;
    };
    vendor.clock.advance(5 * 24 * 3_600_000 - 1);
    await vendor.world.gateway.accounts?.tick();
    expect(vendor.issuer.asked).toEqual([]);
    vendor.clock.advance(1);
    await vendor.world.gateway.accounts?.tick();
    expect(vendor.issuer.asked).toEqual([{ client_id: CLIENT_ID, grant_type: "refresh_token", refresh_token: vendor.tokens.refreshToken, scope: "openid profile email" }]);
    expect(vendor.world.stored(FILE)).toMatchObject({ access_token: "renewed-token", refresh_token: vendor.tokens.refreshToken, expired: "2026-12-06T12:00:00Z", last_refresh: "2026-11-26T12:00:00Z" });
    expect(vendor.world.gateway.accounts?.find(FILE)?.facts.plan).toBe("pro");
    expect((await ask(vendor, { model: "gpt-5.6-sol" })).status).toBe(200);
  });

  test("with a refresh token that was used before is over, and asked for once", async () => {
    const vendor = await start({ expiresInMs: 5000 });
    vendor.issuer.before = () => refusal(401, { message: "Your refresh token has already been used.", type: "invalid_request_error", code: "refresh_token_reused" });
    expect([(await ask(vendor)).status, (await ask(vendor)).status]).toEqual([401, 503]);
    expect(vendor.issuer.asked).toHaveLength(1);
    expect(vendor.world.log.filter(({ event }) => event === "account.revoked")).toHaveLength(1);
  });

  test("happens when the vendor refuses the token", async () => {
    const vendor = await start();
    vendor.issuer.good.delete(vendor.tokens.accessToken);
    expect((await ask(vendor)).status).toBe(200);
    expect(vendor.issuer.asked).toHaveLength(1);
  });
});

describe("logging in to a ChatGPT account", () => {
  const flow = <T extends LoginFlow["type"]>(type: T): Extract<LoginFlow, { type: T }> => codex.logins?.find((each) => each.type === type) as Extract<LoginFlow, { type: T }>;
  const verifier = "v".repeat(128);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const redirectUri = "http://localhost:1455/auth/callback";

  test("by browser", async () => {
    const browser: BrowserLogin = flow("browser");
    const issuer = startCodexIssuer("Team (EU)");
    open.push(issuer);
    const visit = visitOf(codex, { endpoints: { token: issuer.tokenUrl } });
    const url = new URL(await browser.authorizeUrl({ state: "s".repeat(32), redirectUri, challenge }, visit));
    expect(url.origin + url.pathname).toBe("https://auth.openai.com/oauth/authorize");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: CLIENT_ID, response_type: "code", redirect_uri: redirectUri, scope: "openid email profile offline_access", state: "s".repeat(32),
      code_challenge: challenge, code_challenge_method: "S256", prompt: "login", id_token_add_organizations: "true", codex_cli_simplified_flow: "true",
    });
    const account = await browser.exchange({ code: issuer.code(challenge), state: "s".repeat(32), redirectUri, verifier }, visit);
    expect(issuer.asked[0]).toEqual({ grant_type: "authorization_code", client_id: CLIENT_ID, code: expect.any(String) as string, redirect_uri: redirectUri, code_verifier: verifier });
    expect(account).toEqual({
      file: `codex-${HASH}-one@example.com-team-eu.json`,
      content: {
        id_token: idToken("Team (EU)"), access_token: "access-token-1-of-tests", refresh_token: "refresh-token-1-of-tests", account_id: ACCOUNT_ID,
        last_refresh: "2026-11-21T12:00:00Z", email: "one@example.com", type: "codex", expired: "2026-12-01T12:00:00Z",
      },
    });
  });

  test("by device: not yet is 403 or 404, and the vendor brings the verifier", async () => {
    const device: DeviceLogin = flow("device");
    const issuer = startCodexIssuer();
    const answers = [new Response("", { status: 403 }), new Response("", { status: 404 }), Response.json({ authorization_code: issuer.code(challenge), code_verifier: verifier, code_challenge: challenge })];
    const place = listen(async (request) => {
      const body = (await request.json()) as Record<string, string>;
      if (request.headers.get("content-type") !== "application/json") return new Response("", { status: 415 });
      if (new URL(request.url).pathname === "/usercode") return body.client_id === CLIENT_ID ? Response.json({ device_auth_id: "device-1", user_code: "ABCD-1234", interval: "7" }) : new Response("", { status: 400 });
      return body.device_auth_id === "device-1" && body.user_code === "ABCD-1234" ? (answers.shift() ?? new Response("", { status: 500 })) : new Response("", { status: 400 });
    });
    open.push(issuer, place);
    const visit = visitOf(codex, { endpoints: { token: issuer.tokenUrl, device: `${place.origin}/usercode`, "device-token": `${place.origin}/token` } });
    const grant = await device.begin(visit);
    expect(grant).toMatchObject({ userCode: "ABCD-1234", verificationUrl: "https://auth.openai.com/codex/device", intervalMs: 7000, expiresInMs: 900_000 });
    expect([await device.poll(grant, visit), await device.poll(grant, visit)]).toEqual([{ type: "pending" }, { type: "pending" }]);
    expect(await device.poll(grant, visit)).toMatchObject({ type: "done", account: { file: `codex-${HASH}-one@example.com-plus.json` } });
    expect(issuer.asked[0]).toMatchObject({ redirect_uri: "https://auth.openai.com/deviceauth/callback", code_verifier: verifier });
    expect(await device.poll(grant, visit).catch((error: unknown) => error)).toMatchObject({ reason: "unavailable" });
  });

  test("by the runner of logins: the account is written down and answers at once", async () => {
    const vendor = await start({ files: {} });
    const { logins, pauses } = pausedLogins(vendor.world, vendor.clock);
    let asked = 0;
    vendor.device = (path) => (path === "/usercode"
      ? Response.json({ device_auth_id: "device-1", usercode: "ABCD-1234", interval: 6 })
      : (asked += 1) < 3 ? new Response("", { status: 403 }) : Response.json({ authorization_code: vendor.issuer.code(challenge), code_verifier: verifier, code_challenge: challenge }));
    const begun = await logins.begin("codex", { way: "device" });
    expect([begun.url, begun.device?.userCode]).toEqual(["https://auth.openai.com/codex/device", "ABCD-1234"]);
    const file = `codex-${HASH}-one@example.com-plus.json`;
    expect(await begun.finished).toMatchObject({ file, kind: "codex", email: "one@example.com" });
    expect(pauses).toEqual([6000, 6000, 6000]);
    expect(vendor.world.stored(file)).toMatchObject({ type: "codex", account_id: ACCOUNT_ID, access_token: "access-token-2-of-tests" });
    expect((await ask(vendor)).status).toBe(200);
  });

  test("by device where the vendor has none", async () => {
    const place = listen(() => new Response("", { status: 404 }));
    open.push(place);
    expect(await flow("device").begin(visitOf(codex, { endpoints: { device: place.origin } })).catch((error: unknown) => error)).toMatchObject({ reason: "refused" });
  });

  test("by what Codex keeps; a key in its place is none", () => {
    const found = codex.found?.[0];
    const exp = Date.parse("2026-12-01T10:00:00Z") / 1000;
    const taken = found?.take({ OPENAI_API_KEY: null, tokens: { id_token: idToken("plus"), access_token: jwt({ exp }), refresh_token: "rt_1", account_id: ACCOUNT_ID }, last_refresh: "2026-11-21T10:00:00.123456Z" });
    expect(taken?.file).toBe(`codex-${HASH}-one@example.com-plus.json`);
    expect(codex.read(taken?.content ?? {}, codex.defaults)).toMatchObject({ label: "one@example.com", refreshToken: "rt_1", plan: "plus", expiresAt: exp * 1000, values: { accountId: ACCOUNT_ID } });
    expect(found?.take({ OPENAI_API_KEY: "sk-key" })).toBeUndefined();
  });

  test("names leave out what is not known", async () => {
    const issuer = startCodexIssuer();
    open.push(issuer);
    issuer.before = () => Response.json({ access_token: "a", refresh_token: "r", id_token: jwt({ email: "two@example.com" }) });
    const account = await flow("browser").exchange({ code: "c", state: "s", redirectUri, verifier }, visitOf(codex, { endpoints: { token: issuer.tokenUrl } }));
    expect(account.file).toBe("codex-two@example.com.json");
  });
});
