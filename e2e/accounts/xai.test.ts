import { afterEach, describe, expect, test } from "bun:test";
import type { Script } from "@dragoman/gateway/testing";
import { xai } from "../../packages/gateway/src/accounts/kinds/xai/index.ts";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { asking, type Asking } from "./kit/asking.ts";
import { startIssuer, type Issuer } from "./kit/issuer.ts";
import { plain, startModelApi, type ModelApi, type VendorRule } from "./kit/model-api.ts";
import { pausedLogins } from "./kit/paused-logins.ts";

const CLIENT_ID = "b1a00492-073a-47ea-816f-4c329264a828";
const FILE = "xai-user@example.com.json";
const MODEL = "grok-4.5";
const HOUR = 3_600_000;
const REFUSED = ["stop", "truncation", "user", "safety_identifier", "stream_options", "previous_response_id", "prompt_cache_retention", "context_management", "max_completion_tokens"];

interface Vendor extends Asking {
  readonly issuer: Issuer;
  /** The proxy of the vendor's own program, and the API. */
  readonly proxy: ModelApi;
  readonly api: ModelApi;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  readonly waits: string[];
  /** Addresses of the description are at another place than the issuer's. */
  moveTo(origin: string): void;
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Streams only, nothing stored, sealed thoughts, no tool and no member that it does not know. */
function responsesRule(issuer: Issuer, isProxy: boolean): VendorRule {
  return ({ headers, body }) => {
    if (!issuer.good.has(headers.get("authorization")?.replace(/^Bearer /, "") ?? "")) return new Response('{"code":"unauthenticated:bad-credentials","error":"The OAuth2 access token could not be validated. [WKE=unauthenticated:bad-credentials]"}', { status: 403 });
    if ((headers.get("x-authenticateresponse") === "authenticate-response") !== isProxy) return "wrong place";
    if ((headers.get("x-grok-conv-id") ?? undefined) !== (isProxy ? body.prompt_cache_key : undefined)) return "x-grok-conv-id does not fit";
    if (body.stream !== true || body.store !== false || typeof body.instructions !== "string") return "stream, store or instructions";
    if (!(body.include as string[] | undefined)?.includes("reasoning.encrypted_content")) return "include";
    const unknown = REFUSED.find((name) => body[name] !== undefined);
    if (unknown !== undefined) return `Argument not supported: ${unknown}`;
    for (const { type, external_web_access: access } of (body.tools ?? []) as Record<string, unknown>[]) if (!["function", "web_search", "x_search", "image_generation"].includes(String(type)) || access !== undefined) return `unknown tool ${String(type)}`;
    if ((body.input as Record<string, unknown>[]).some(({ type, role }) => role === "system" || String(type).startsWith("custom_tool"))) return "unknown item";
    if (!String(body.model).match(/^grok-(3-mini|4\.[3-6])/) && (body.reasoning as Record<string, unknown> | undefined)?.effort !== undefined) return "Model does not support reasoningEffort";
    return plain(body);
  };
}

interface VendorOptions {
  readonly file?: Record<string, unknown> | false;
  readonly expiresInMs?: number;
  readonly kind?: Record<string, unknown>;
  readonly script?: Script;
}

/** An unsigned token that says whose it is. */
const idToken = (claims: Record<string, unknown>): string => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.e30`;

async function startVendor({ file = {}, expiresInMs = 6 * HOUR, kind, script }: VendorOptions = {}): Promise<Vendor> {
  const clock = movedClock();
  const waits: string[] = [];
  let place = "";
  const issuer: Issuer = startIssuer({
    clientId: CLIENT_ID, body: "form", lifetimeSeconds: 21_600,
    async other(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/.well-known/openid-configuration") return Response.json({ issuer: issuer.origin, device_authorization_endpoint: `${place}/device`, token_endpoint: `${place}/token` });
      const fields = Object.fromEntries(new URLSearchParams(await request.text()));
      if (pathname === "/device") return fields.client_id === CLIENT_ID && fields.scope === "openid profile email offline_access grok-cli:access api:access" ? Response.json({ device_code: "device-1", user_code: "GROK-1", verification_uri: `${place}/activate`, expires_in: 7200, interval: 5 }) : undefined;
      if (fields.grant_type !== "urn:ietf:params:oauth:grant-type:device_code" || fields.device_code !== "device-1") return undefined;
      const wait = waits.shift();
      if (wait !== undefined) return Response.json({ error: wait }, { status: 400 });
      const { accessToken, refreshToken } = issuer.issue();
      return Response.json({ access_token: accessToken, refresh_token: refreshToken, id_token: idToken({ email: "user@example.com", sub: "subject-1" }), token_type: "Bearer", expires_in: 21_600 });
    },
  });
  place = issuer.origin;
  const proxy = startModelApi({ "openai-responses": "/v1/responses" }, responsesRule(issuer, true), script);
  const api = startModelApi({ "openai-responses": "/v1/responses" }, responsesRule(issuer, false), script);
  const tokens = issuer.issue();
  const content = {
    type: "xai", access_token: tokens.accessToken, refresh_token: tokens.refreshToken, token_type: "Bearer", expires_in: 21_600, expired: new Date(clock.now() + expiresInMs).toISOString(),
    email: "user@example.com", sub: "subject-1", base_url: `${api.origin}/v1`, token_endpoint: issuer.tokenUrl, auth_kind: "oauth",
  };
  const world = await startAccountWorld({
    clock,
    ...(file !== false && { files: { [FILE]: { ...content, ...file } } }),
    kinds: { xai: { "base-url": `${proxy.origin}/v1`, endpoints: { issuer: issuer.origin, api: `${api.origin}/v1` }, ...kind } },
  });
  open.push(world, issuer, proxy, api);
  return { issuer, proxy, api, world, clock, waits, moveTo: (origin) => void (place = origin), ...asking(world) };
}

describe("a Grok account answers", () => {
  test("clients of its own dialect and of others, whole and streamed", async () => {
    const { responses, messages, chat, proxy, api, world } = await startVendor();
    for (const stream of [false, true]) {
      for (const ask of [responses, messages, chat]) expect(await ask(MODEL, { stream })).toMatchObject({ status: 200, text: "Good day" });
    }
    expect([proxy.calls.length, api.calls.length]).toEqual([6, 0]);
    expect(proxy.calls[0]?.headers.get("user-agent")).toBe("dragoman");
    expect(proxy.calls[0]?.headers.get("x-xai-token-auth")).toBeNull();
    expect(world.attempts[0]).toMatchObject({ provider: "xai", credential: "xai user@example.com", outcome: "succeeded" });
  });

  test("at the API when its file says so, and with the headers that the operator sets", async () => {
    const { responses, proxy, api } = await startVendor({ file: { using_api: true }, kind: { headers: { "X-XAI-Token-Auth": "example" } } });
    expect((await responses(MODEL, { prompt_cache_key: "conversation-1" })).status).toBe(200);
    expect([proxy.calls.length, api.calls.length]).toEqual([0, 1]);
    expect(api.calls[0]?.headers.get("x-xai-token-auth")).toBe("example");
  });

  test("with the body that its endpoint takes", async () => {
    const { responses, proxy } = await startVendor();
    const reply = await responses("grok-4.20-0309-reasoning", {
      stream: true, prompt_cache_key: "conversation-1", max_output_tokens: 500, temperature: 0.5, top_p: 0.9, user: "someone", truncation: "auto", service_tier: "flex",
      reasoning: { effort: "high", summary: "auto" }, parallel_tool_calls: false,
      input: [{ type: "message", id: "foreign-1", role: "system", content: "Be kind." }, { role: "user", content: [{ type: "input_text", text: "Hello", prompt_cache_breakpoint: { mode: "explicit" } }] }],
      tools: [
        { type: "web_search_preview", external_web_access: true }, { type: "tool_search" }, { type: "apply_patch" }, { type: "image_generation" },
        { type: "function", name: "plain", strict: false },
      ],
    });
    expect(reply).toMatchObject({ status: 200, text: "Good day" });
    expect(proxy.calls[0]?.body).toEqual({
      model: "grok-4.20-0309-reasoning", stream: true, store: false, include: ["reasoning.encrypted_content"], instructions: "", prompt_cache_key: "conversation-1",
      max_output_tokens: 500, temperature: 0.5, top_p: 0.9, reasoning: { summary: "auto" }, parallel_tool_calls: false,
      input: [{ type: "message", role: "developer", content: "Be kind." }, { role: "user", content: [{ type: "input_text", text: "Hello" }] }],
      tools: [{ type: "web_search" }, { type: "function", name: "plain", strict: false, parameters: { type: "object", properties: {} } }],
    });
  });

  test("with a choice among the tools that are left", async () => {
    const { responses, proxy } = await startVendor();
    const tools = [{ type: "web_search_preview" }, { type: "tool_search" }, { type: "custom", name: "shell" }];
    const choices = [{ type: "web_search_preview" }, { type: "tool_search" }, { type: "custom", name: "shell" }, "required", { type: "allowed_tools", mode: "auto", tools: [{ type: "custom", name: "shell" }, { type: "tool_search" }] }];
    for (const choice of choices) await responses(MODEL, { tools, tool_choice: choice });
    expect(proxy.calls.map(({ body }) => body.tool_choice)).toEqual([
      { type: "web_search" }, undefined, { type: "function", name: "shell" }, "required", { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "shell" }] },
    ]);
  });

  test("under one name for all turns of a conversation", async () => {
    const { messages, proxy } = await startVendor();
    const members = { metadata: { user_id: "user_1_account__session_00000000-0000-4000-8000-000000000001" } };
    await messages(MODEL, members);
    await messages(MODEL, { ...members, messages: [{ role: "user", content: "Hello" }, { role: "assistant", content: "Good day" }, { role: "user", content: "Well" }] });
    const keys = proxy.calls.map(({ headers }) => headers.get("x-grok-conv-id"));
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0] ?? "");
  });

  test("with pictures from Grok 4.6 on, and with the search of X where the operator wants it", async () => {
    const { responses, proxy } = await startVendor({ kind: { options: { "inject-x-search": true } } });
    for (const model of ["grok-4.6", "grok-4.5", "grok-4.20-0309-reasoning"]) await responses(model, { tools: [{ type: "image_generation" }] });
    expect(proxy.calls.map(({ body }) => (body.tools as { type: string }[]).map(({ type }) => type))).toEqual([["image_generation", "x_search"], ["x_search"], ["x_search"]]);
  });

  test("calls of tools that take free text, as such", async () => {
    const script: Script = ({ results }) => (results.length > 0 ? { text: `Result ${results[0]?.text ?? ""}` } : { calls: [{ name: "shell", arguments: { input: "ls -l \"x\"" } }] });
    const { responses, proxy } = await startVendor({ script });
    const tools = [{ type: "custom", name: "shell", description: "Runs a command." }];
    const streamed = await responses(MODEL, { tools, stream: true, input: [{ role: "user", content: "Look" }] });
    expect(streamed.raw).not.toContain("function_call");
    const whole = await responses(MODEL, { tools, input: [{ role: "user", content: "Look" }] });
    const { output } = JSON.parse(whole.raw) as { output: { type: string; name: string; call_id: string; input: string; id: string }[] };
    const call = output.find(({ type }) => type === "custom_tool_call");
    expect(call).toMatchObject({ name: "shell", input: "ls -l \"x\"" });
    expect(proxy.calls[0]?.body.tools).toMatchObject([{ type: "function", name: "shell", description: "Runs a command." }]);
    const next = await responses(MODEL, { tools, input: [{ role: "user", content: "Look" }, call, { type: "custom_tool_call_output", call_id: call?.call_id, output: "done" }] });
    expect(next).toMatchObject({ status: 200, text: "Result done" });
    expect((proxy.calls[2]?.body.input as unknown[])[1]).toMatchObject({ type: "function_call", name: "shell", arguments: '{"input":"ls -l \\"x\\""}' });
  });
});

describe("a Grok account's token", () => {
  test("is renewed five minutes ahead, where its file says", async () => {
    const { issuer, world, clock } = await startVendor();
    issuer.before = () => Response.json({ access_token: issuer.issue().accessToken, expires_in: 21_600, id_token: idToken({ email: "user@example.com" }) });
    clock.advance(6 * HOUR - 5 * 60_000 - 1000);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toHaveLength(0);
    clock.advance(1001);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toEqual([{ grant_type: "refresh_token", refresh_token: "refresh-token-1-of-tests", client_id: CLIENT_ID }]);
    expect(world.stored(FILE)).toMatchObject({ access_token: "access-token-2-of-tests", refresh_token: "refresh-token-1-of-tests", token_endpoint: issuer.tokenUrl, sub: "subject-1", auth_kind: "oauth" });
  });

  test("goes to nobody but the vendor, whatever its file says", async () => {
    const thief = startIssuer({ clientId: CLIENT_ID, body: "form" });
    open.push(thief);
    const { issuer, world, responses } = await startVendor({ file: { token_endpoint: thief.tokenUrl }, expiresInMs: 5000 });
    expect((await responses(MODEL)).status).toBe(200);
    expect([thief.asked.length, issuer.asked.length]).toEqual([0, 1]);
    expect(world.stored(FILE).token_endpoint).toBe(issuer.tokenUrl);
  });

  test("is renewed when the vendor says 403 and bad credentials", async () => {
    const { issuer, responses } = await startVendor();
    issuer.good.delete("access-token-1-of-tests");
    expect((await responses(MODEL)).status).toBe(200);
    expect(issuer.asked).toHaveLength(1);
  });

  test("is not renewed for another 403", async () => {
    const { issuer, responses, proxy } = await startVendor();
    proxy.instead.push(Response.json({ code: "permission-denied", error: "not for you" }, { status: 403 }));
    expect((await responses(MODEL)).status).toBe(403);
    expect(issuer.asked).toHaveLength(0);
  });

  test("that is revoked is asked for once", async () => {
    const { issuer, responses } = await startVendor({ expiresInMs: 5000 });
    issuer.revoke("refresh-token-1-of-tests");
    expect([(await responses(MODEL)).status, (await responses(MODEL)).status]).toEqual([401, 503]);
    expect(issuer.asked).toHaveLength(1);
  });
});

describe("a Grok account", () => {
  test("rests for a day, for all models, when its free allowance is spent", async () => {
    const { responses, proxy, world } = await startVendor();
    proxy.instead.push(Response.json({ code: "subscription:free-usage-exhausted", error: "You have used all of your free usage." }, { status: 429 }));
    expect((await responses(MODEL)).status).toBe(429);
    const rested = await responses("grok-4.6");
    expect(rested.status).toBe(429);
    expect(proxy.calls).toHaveLength(1);
    expect(Number(rested.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(world.attempts).toHaveLength(1);
    expect(xai.provider.readFailure?.({ status: 429, body: "free-usage-exhausted", now: 0 })).toEqual({ kind: "quota-exhausted", credentialWide: true, retryAfterMs: 24 * HOUR });
  });

  test("does not rest when a reply breaks off before its end", async () => {
    const { responses, messages, proxy } = await startVendor();
    proxy.simulator("openai-responses").script = () => ({ trouble: "cut", afterEvents: 4, act: { text: "Good day" } });
    const broken = await responses(MODEL);
    expect(broken.status).toBeGreaterThanOrEqual(500);
    expect((await messages(MODEL, { stream: true })).raw).toContain("error");
    proxy.simulator("openai-responses").script = () => ({ text: "Good day" });
    expect((await responses(MODEL)).status).toBe(200);
  });
});

describe("a Grok login", () => {
  test("asks at once, then as fast as it is told, and is written down under the e-mail address", async () => {
    const { world, clock, waits, responses, issuer, api } = await startVendor({ file: false });
    const { logins, pauses } = pausedLogins(world, clock);
    waits.push("authorization_pending", "slow_down", "authorization_pending");
    const begun = await logins.begin("xai");
    expect(begun).toMatchObject({ url: `${issuer.origin}/activate`, device: { userCode: "GROK-1", expiresInMs: 1_800_000 } });
    expect(await begun.finished).toMatchObject({ file: FILE, label: "user@example.com" });
    expect(pauses).toEqual([5000, 10_000, 10_000]);
    expect(world.stored(FILE)).toMatchObject({
      type: "xai", access_token: "access-token-2-of-tests", token_type: "Bearer", expires_in: 21_600, email: "user@example.com", sub: "subject-1",
      base_url: `${api.origin}/v1`, token_endpoint: issuer.tokenUrl, auth_kind: "oauth", last_refresh: new Date(clock.now()).toISOString().replace(".000Z", "Z"),
    });
    expect((await responses(MODEL)).status).toBe(200);
  });

  test("is not begun when the vendor's description names a foreign host", async () => {
    const { world, clock, moveTo } = await startVendor({ file: false });
    for (const origin of ["https://x.ai.example.com", "http://auth.x.ai", "https://notx.ai"]) {
      moveTo(origin);
      const refused = await pausedLogins(world, clock).logins.begin("xai").catch((error: unknown) => error);
      expect(refused).toMatchObject({ reason: "malformed", message: expect.stringContaining("foreign host") as string });
    }
  });

  test("that is refused ends", async () => {
    const { world, clock, waits } = await startVendor({ file: false });
    waits.push("access_denied");
    const begun = await pausedLogins(world, clock).logins.begin("xai");
    expect(await begun.finished.catch((error: unknown) => error)).toMatchObject({ reason: "denied" });
  });
});
