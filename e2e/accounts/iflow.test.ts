import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test } from "bun:test";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { asking, type Asking } from "./kit/asking.ts";
import { startIssuer, type Issuer } from "./kit/issuer.ts";
import { plain, startModelApi, type ModelApi, type VendorRule } from "./kit/model-api.ts";
import { pausedLogins } from "./kit/paused-logins.ts";

const CLIENT_ID = "10009311001";
const SECRET = "client-secret-of-tests";
const FILE = "iflow-user@example.com.json";
const HOUR = 3_600_000;

interface Vendor extends Asking {
  readonly issuer: Issuer;
  readonly api: ModelApi;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  /** Keys that are good, newest last. */
  readonly keys: string[];
  /** What was asked with the cookie: method and body. */
  readonly cookieCalls: string[];
  /** The cookie's session is over. */
  endCookie(): void;
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** The key and not the token, a signature that fits, a filled list of tools in streams, and no effort. */
function apiRule(keys: readonly string[], clock: MovedClock): VendorRule {
  return ({ headers, body }) => {
    const key = headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    if (!keys.includes(key)) return Response.json({ error: { message: "Invalid API key" } }, { status: 401 });
    const session = headers.get("session-id") ?? "";
    const timestamp = headers.get("x-iflow-timestamp") ?? "";
    if (!/^session-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(session) || timestamp !== String(clock.now())) return "no session";
    const signature = createHmac("sha256", key).update(`${headers.get("user-agent") ?? ""}:${session}:${timestamp}`).digest("hex");
    if (headers.get("x-iflow-signature") !== signature) return "the signature does not fit";
    if (body.reasoning_effort !== undefined) return "reasoning_effort is not known";
    if (body.stream === true && Array.isArray(body.tools) && body.tools.length === 0) return "tools must not be empty";
    if (body.stream === true && (body.stream_options as Record<string, unknown> | undefined)?.include_usage !== true) return "no usage asked for";
    const rest = plain(body, "chat_template_kwargs", "reasoning_split");
    return Array.isArray(rest.tools) && rest.tools.length === 0 ? plain(rest, "tools") : rest;
  };
}

interface VendorOptions {
  readonly file?: Record<string, unknown>;
  readonly kind?: Record<string, unknown>;
}

async function startVendor({ file, kind }: VendorOptions = {}): Promise<Vendor> {
  const clock = movedClock();
  const keys = ["sk-key-1-of-tests"];
  const cookieCalls: string[] = [];
  let isOver = false;
  const addKey = (): string => {
    keys.push(`sk-key-${keys.length + 1}-of-tests`);
    return keys.at(-1) ?? "";
  };
  async function byCookie(request: Request): Promise<Response> {
    if (request.headers.get("cookie") !== "BXAuth=session-of-tests;" || isOver) return Response.json({ success: false, code: "NOT_LOGIN", message: "please log in" });
    const body = await request.text();
    cookieCalls.push(`${request.method} ${body}`);
    const data = { hasExpired: false, expireTime: "2026-11-28 12:00", name: "user***7", apiKey: "", apiKeyMask: "sk-…" };
    if (request.method === "GET") return Response.json({ success: true, code: "200", message: "", data });
    const { origin } = new URL(request.url);
    const isRight = body === '{"name":"user***7"}' && request.headers.get("origin") === origin && request.headers.get("referer") === `${origin}/` && request.headers.get("content-type") === "application/json";
    // Packed, as the platform does.
    const text = JSON.stringify({ success: isRight, code: "200", message: "", data: { ...data, apiKey: addKey() } });
    return new Response(Bun.gzipSync(text), { headers: { "content-type": "application/json", "content-encoding": "gzip" } });
  }
  const issuer: Issuer = startIssuer({
    clientId: CLIENT_ID, clientSecret: SECRET, basic: true, body: "form", lifetimeSeconds: 48 * 3600, redirectUri: "http://localhost:11451/oauth2callback",
    extra: () => ({ token_type: "bearer", scope: "read" }),
    other(request) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/apikey") return byCookie(request);
      if (pathname !== "/userinfo" || request.method !== "GET") return undefined;
      if (!issuer.good.has(searchParams.get("accessToken") ?? "")) return Response.json({ success: false, message: "bad token" });
      return Response.json({ success: true, data: { apiKey: addKey(), email: "user@example.com", phone: "555-0100" } });
    },
  });
  const api = startModelApi({ "openai-chat": "/v1/chat/completions" }, apiRule(keys, clock));
  const tokens = issuer.issue();
  const stored = {
    access_token: tokens.accessToken, refresh_token: tokens.refreshToken, api_key: "sk-key-1-of-tests", email: "user@example.com", token_type: "bearer", scope: "read", cookie: "", type: "iflow",
    expired: new Date(clock.now() + 48 * HOUR).toISOString(), ...file,
  };
  const world = await startAccountWorld({
    clock,
    ...(file !== undefined && { files: { [FILE]: stored } }),
    kinds: { iflow: {
      "base-url": `${api.origin}/v1`, "client-secret": SECRET,
      endpoints: { authorize: `${issuer.origin}/oauth`, token: issuer.tokenUrl, userinfo: `${issuer.origin}/userinfo`, "api-key": `${issuer.origin}/apikey` }, ...kind,
    } },
  });
  open.push(world, issuer, api);
  return { issuer, api, world, clock, keys, cookieCalls, endCookie: () => void (isOver = true), ...asking(world) };
}

describe("an iFlow account answers", () => {
  test("clients of its own dialect and of another, whole and streamed, with its key", async () => {
    const { chat, messages, api, world } = await startVendor({ file: {} });
    for (const reply of [await chat("qwen3-max"), await chat("qwen3-max", { stream: true, tools: [] }), await messages("qwen3-max"), await messages("qwen3-max", { stream: true })]) {
      expect(reply).toMatchObject({ status: 200, text: "Good day" });
    }
    expect(api.calls[0]?.headers.get("user-agent")).toBe("dragoman");
    expect((api.calls[1]?.body.tools as { function: { name: string } }[]).map((tool) => tool.function.name)).toEqual(["noop"]);
    expect(world.attempts[0]).toMatchObject({ provider: "iflow", credential: "iflow user@example.com", outcome: "succeeded" });
  });

  test("under another name when the operator says so, signed with it", async () => {
    const { chat, api } = await startVendor({ file: {}, kind: { "user-agent": "example/1.0" } });
    expect((await chat("qwen3-max")).status).toBe(200);
    expect(api.calls[0]?.headers.get("user-agent")).toBe("example/1.0");
  });

  test("with thinking switched in the words of each family", async () => {
    const { chat, messages, api } = await startVendor({ file: {} });
    await chat("glm-4.6", { reasoning_effort: "high" });
    await chat("glm-4.6", { reasoning_effort: "none" });
    await chat("deepseek-v3.2", { reasoning_effort: "low" });
    await chat("qwen3-max", { reasoning_effort: "low" });
    await chat("glm-4.6(none)");
    await messages("qwen3-max-preview", { max_tokens: 4000, thinking: { type: "enabled", budget_tokens: 2000 } });
    await messages("deepseek-r1", { max_tokens: 4000, thinking: { type: "enabled", budget_tokens: 2000 } });
    expect(api.calls.map(({ body }) => body.chat_template_kwargs)).toEqual([
      { enable_thinking: true, clear_thinking: false }, { enable_thinking: false }, { enable_thinking: true }, undefined,
      { enable_thinking: false }, { enable_thinking: true }, undefined,
    ]);
  });
});

describe("an iFlow account's key", () => {
  test("is had anew with the token, a day ahead", async () => {
    const { chat, issuer, world, clock, api } = await startVendor({ file: {} });
    clock.advance(24 * HOUR - 1000);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toHaveLength(0);
    clock.advance(1001);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toEqual([{ grant_type: "refresh_token", refresh_token: "refresh-token-1-of-tests", client_id: CLIENT_ID, client_secret: SECRET }]);
    expect(world.stored(FILE)).toMatchObject({ api_key: "sk-key-2-of-tests", access_token: "access-token-2-of-tests", refresh_token: "refresh-token-2-of-tests" });
    await chat("qwen3-max");
    expect(api.calls[0]?.headers.get("authorization")).toBe("Bearer sk-key-2-of-tests");
  });

  test("is had anew when the vendor refuses it", async () => {
    const { chat, keys, issuer } = await startVendor({ file: {} });
    keys[0] = "sk-withdrawn";
    expect((await chat("qwen3-max")).status).toBe(200);
    expect(issuer.asked).toHaveLength(1);
  });

  test("is not asked for again once the login is revoked", async () => {
    const { chat, keys, issuer } = await startVendor({ file: {} });
    keys[0] = "sk-withdrawn";
    issuer.revoke("refresh-token-1-of-tests");
    expect((await chat("qwen3-max")).status).toBe(401);
    await chat("qwen3-max");
    expect(issuer.asked).toHaveLength(1);
  });

  test("is had anew by the cookie, two days ahead and without a client secret", async () => {
    const { world, clock, cookieCalls } = await startVendor({
      file: { access_token: "", refresh_token: "", cookie: "BXAuth=session-of-tests;", email: "user***7", expired: "2026-11-24 12:00" },
      kind: { "client-secret": undefined },
    });
    clock.advance(24 * HOUR - 1000);
    await world.gateway.accounts?.tick();
    expect(cookieCalls).toEqual([]);
    clock.advance(1001);
    await world.gateway.accounts?.tick();
    expect(cookieCalls).toEqual(['POST {"name":"user***7"}']);
    expect(world.stored(FILE)).toMatchObject({ api_key: "sk-key-2-of-tests", expired: "2026-11-28 12:00", cookie: "BXAuth=session-of-tests;" });
  });
});

describe("an iFlow account rests", () => {
  test("a second after its first 429, then two", async () => {
    const { chat, api, clock } = await startVendor({ file: {} });
    api.instead.push(Response.json({ error: { message: "busy" } }, { status: 429 }), Response.json({ error: { message: "busy" } }, { status: 429 }));
    await chat("qwen3-max");
    clock.advance(1001);
    await chat("qwen3-max");
    clock.advance(1900);
    expect((await chat("qwen3-max")).status).toBe(429);
    expect(api.calls).toHaveLength(2);
    clock.advance(101);
    expect((await chat("qwen3-max")).status).toBe(200);
  });
});

describe("an iFlow login", () => {
  test("by the browser asks with the secret twice, and fetches the key", async () => {
    const { world, clock, issuer, chat } = await startVendor();
    const begun = await world.gateway.logins?.begin("iflow");
    const url = new URL(begun?.url ?? "");
    expect(Object.fromEntries(url.searchParams)).toEqual({ loginMethod: "phone", type: "phone", redirect: "http://localhost:11451/oauth2callback", state: begun?.state ?? "", client_id: CLIENT_ID });
    expect(begun?.answer({ code: issuer.code() })).toBe(true);
    const { file = "" } = (await begun?.finished) ?? {};
    expect(file).toBe(`iflow-user@example.com-${clock.now() / 1000}.json`);
    expect(issuer.asked[0]).toMatchObject({ grant_type: "authorization_code", redirect_uri: "http://localhost:11451/oauth2callback", client_id: CLIENT_ID, client_secret: SECRET });
    expect(world.stored(file)).toMatchObject({ type: "iflow", email: "user@example.com", api_key: "sk-key-2-of-tests", cookie: "", token_type: "bearer", scope: "read", expired: "2026-11-23T12:00:00Z", last_refresh: "2026-11-21T12:00:00Z" });
    expect((await chat("qwen3-max")).status).toBe(200);
  });

  test("by the browser needs the secret, and says where it is", async () => {
    const { world } = await startVendor({ kind: { "client-secret": undefined } });
    const refused = await world.gateway.logins?.begin("iflow").catch((error: unknown) => error);
    expect(String(refused)).toContain("accounts.kinds.iflow.client-secret is not set");
    expect(String(refused)).toContain("@iflow-ai/iflow-cli");
  });

  test("by a cookie keeps its session and nothing else, and needs no secret", async () => {
    const { world, clock, cookieCalls, chat } = await startVendor({ kind: { "client-secret": undefined } });
    const begun = await pausedLogins(world, clock).logins.begin("iflow", { secret: "tracker=1; BXAuth=session-of-tests; other=2" });
    const { file } = await begun.finished;
    expect(file).toBe("iflow-userxxx7.json");
    expect(cookieCalls).toEqual(["GET ", 'POST {"name":"user***7"}']);
    expect(world.stored(file)).toMatchObject({ type: "iflow", cookie: "BXAuth=session-of-tests;", email: "user***7", api_key: "sk-key-2-of-tests", expired: "2026-11-28 12:00" });
    expect((await chat("qwen3-max")).status).toBe(200);
  });

  test("by something that is no such cookie, or one that is over, is refused", async () => {
    const { world, clock, endCookie } = await startVendor();
    const { logins } = pausedLogins(world, clock);
    const tell = async (secret: string): Promise<unknown> => (await logins.begin("iflow", { secret })).finished.catch((error: unknown) => error);
    expect(await tell("tracker=1")).toMatchObject({ reason: "refused" });
    endCookie();
    expect(await tell("BXAuth=session-of-tests")).toMatchObject({ reason: "refused", message: expect.stringContaining("please log in") as string });
  });
});
