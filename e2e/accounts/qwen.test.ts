import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "bun:test";
import { qwen } from "../../packages/gateway/src/accounts/kinds/qwen/index.ts";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { asking, type Asking } from "./kit/asking.ts";
import { startIssuer, type Issuer } from "./kit/issuer.ts";
import { plain, startModelApi, type ModelApi, type ModelCall } from "./kit/model-api.ts";
import { pausedLogins } from "./kit/paused-logins.ts";

const CLIENT_ID = "f0304373b74a44d2b584a3fb70ca9e56";
const FILE = "qwen-me.json";
const SYSTEM_HEAD = { type: "text", text: "", cache_control: { type: "ephemeral" } };

interface Vendor extends Asking {
  readonly issuer: Issuer;
  readonly api: ModelApi;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  /** What the token endpoint says while nobody has agreed yet, in order. */
  readonly waits: string[];
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** As strict as the portal: headers, one system message as a list with its head, usage in streams. */
function portalRule(issuer: Issuer): (call: ModelCall) => Record<string, unknown> | string | Response {
  return ({ headers, body }) => {
    if (!issuer.good.has(headers.get("authorization")?.replace(/^Bearer /, "") ?? "")) return Response.json({ error: { message: "invalid access token or token expired", type: "invalid_request_error", code: "invalid_api_key" } }, { status: 401 });
    if (headers.get("x-dashscope-authtype") !== "qwen-oauth" || headers.get("x-dashscope-cachecontrol") !== "enable") return "a header is missing";
    if (headers.get("x-dashscope-useragent") !== headers.get("user-agent")) return "two names";
    const messages = body.messages as { role: string; content: unknown }[];
    if (messages[0]?.role !== "system" || !Array.isArray(messages[0].content) || JSON.stringify(messages[0].content[0]) !== JSON.stringify(SYSTEM_HEAD)) return "no system message at the start";
    if (messages.slice(1).some(({ role }) => role === "system" || role === "developer")) return "a second system message";
    if (body.stream === true && (body.stream_options as Record<string, unknown> | undefined)?.include_usage !== true) return "no usage asked for";
    return body.model === "coder-model" ? plain(body) : "Model not exist.";
  };
}

interface VendorOptions {
  readonly expiresInMs?: number;
  readonly stored?: boolean;
  readonly rotates?: boolean;
  readonly kind?: Record<string, unknown>;
}

async function startVendor({ expiresInMs = 6 * 3_600_000, stored = true, rotates, kind }: VendorOptions = {}): Promise<Vendor> {
  const clock = movedClock();
  const waits: string[] = [];
  let challenge = "";
  const issuer: Issuer = startIssuer({
    clientId: CLIENT_ID, body: "form", lifetimeSeconds: 6 * 3600, ...(rotates !== undefined && { rotates }),
    extra: () => ({ resource_url: api.origin }),
    async other(request) {
      const fields = Object.fromEntries(new URLSearchParams(await request.text()));
      if (new URL(request.url).pathname === "/device") {
        const isRight = fields.client_id === CLIENT_ID && fields.scope === "openid profile email model.completion" && fields.code_challenge_method === "S256" && request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") === true;
        challenge = fields.code_challenge ?? "";
        return isRight ? Response.json({ device_code: "device-1", user_code: "ABCD-1234", verification_uri: `${issuer.origin}/activate`, verification_uri_complete: `${issuer.origin}/activate?user_code=ABCD-1234`, expires_in: 900, interval: 5 }) : Response.json({ error: "invalid_request" }, { status: 400 });
      }
      if (fields.grant_type !== "urn:ietf:params:oauth:grant-type:device_code" || fields.device_code !== "device-1") return undefined;
      if ((fields.code_verifier ?? "").length !== 43 || createHash("sha256").update(fields.code_verifier ?? "").digest("base64url") !== challenge) return Response.json({ error: "invalid_grant" }, { status: 400 });
      const wait = waits.shift();
      if (wait !== undefined) return Response.json({ error: wait, error_description: "not yet" }, { status: 400 });
      const { accessToken, refreshToken } = issuer.issue();
      return Response.json({ access_token: accessToken, refresh_token: refreshToken, token_type: "Bearer", resource_url: api.origin, expires_in: 21_600 });
    },
  });
  const api: ModelApi = startModelApi({ "openai-chat": "/v1/chat/completions" }, (call) => portalRule(issuer)(call));
  const tokens = issuer.issue();
  const world = await startAccountWorld({
    clock,
    ...(stored && { files: { [FILE]: { access_token: tokens.accessToken, refresh_token: tokens.refreshToken, resource_url: api.origin, email: "me", type: "qwen", expired: new Date(clock.now() + expiresInMs).toISOString() } } }),
    kinds: { qwen: { endpoints: { device: `${issuer.origin}/device`, token: issuer.tokenUrl }, ...kind } },
  });
  open.push(world, issuer, api);
  return { issuer, api, world, clock, waits, ...asking(world) };
}

describe("a Qwen account answers", () => {
  test("clients of its own dialect and of another, whole and streamed", async () => {
    const { chat, messages, api, world } = await startVendor();
    for (const reply of [await chat("coder-model"), await chat("coder-model", { stream: true }), await messages("coder-model"), await messages("coder-model", { stream: true })]) {
      expect(reply).toMatchObject({ status: 200, text: "Good day" });
    }
    expect(api.calls[0]?.headers.get("user-agent")).toBe("dragoman");
    expect(world.attempts[0]).toMatchObject({ provider: "qwen", credential: "qwen me", outcome: "succeeded" });
  });

  test("with all instructions in one message, their words unchanged", async () => {
    const { chat, api } = await startVendor({ kind: { "system-prefix": ["House rules."] } });
    const parts = [{ type: "text", text: "Second.", cache_control: { type: "ephemeral" } }];
    await chat("coder-model", { messages: [{ role: "system", content: "First." }, { role: "user", content: "Hello" }, { role: "developer", content: parts }] });
    expect(api.calls[0]?.body.messages).toEqual([
      { role: "system", content: [SYSTEM_HEAD, { type: "text", text: "House rules." }, { type: "text", text: "First." }, ...parts] },
      { role: "user", content: "Hello" },
    ]);
    expect(api.calls[0]?.body.tools).toBeUndefined();
  });

  test("with a tool that nobody calls, only where the operator wants it and only in streams", async () => {
    const { chat, api } = await startVendor({ kind: { options: { "placeholder-tool": true } } });
    await chat("coder-model", { stream: true });
    await chat("coder-model");
    expect(api.calls.map(({ body }) => (body.tools as { function: { name: string } }[] | undefined)?.map((tool) => tool.function.name))).toEqual([["do_not_call_me"], undefined]);
  });
});

describe("a Qwen account's token", () => {
  test("is renewed by a form, and what comes without a refresh token leaves the old one", async () => {
    const { chat, issuer, world } = await startVendor({ expiresInMs: 5000, rotates: false });
    expect((await chat("coder-model")).status).toBe(200);
    expect(issuer.asked).toEqual([{ grant_type: "refresh_token", refresh_token: "refresh-token-1-of-tests", client_id: CLIENT_ID }]);
    expect(world.stored(FILE)).toMatchObject({ access_token: "access-token-2-of-tests", refresh_token: "refresh-token-1-of-tests", email: "me", type: "qwen", expired: "2026-11-21T18:00:00Z" });
  });

  test("is renewed 20 minutes ahead; another address that comes with it is used at once", async () => {
    const { chat, issuer, world, clock } = await startVendor();
    const elsewhere = startModelApi({ "openai-chat": "/v1/chat/completions" }, portalRule(issuer));
    open.push(elsewhere);
    issuer.before = () => Response.json({ access_token: issuer.issue().accessToken, expires_in: 21_600, resource_url: elsewhere.origin });
    clock.advance(6 * 3_600_000 - 20 * 60_000 - 1000);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toHaveLength(0);
    clock.advance(1001);
    await world.gateway.accounts?.tick();
    expect(world.stored(FILE)).toMatchObject({ resource_url: elsewhere.origin });
    expect((await chat("coder-model")).status).toBe(200);
    expect(elsewhere.calls).toHaveLength(1);
  });

  test("that is revoked is asked for once", async () => {
    const { chat, issuer } = await startVendor({ expiresInMs: 5000 });
    issuer.revoke("refresh-token-1-of-tests");
    expect([(await chat("coder-model")).status, (await chat("coder-model")).status]).toEqual([401, 503]);
    expect(issuer.asked).toHaveLength(1);
  });
});

describe("a Qwen account rests", () => {
  test("for as long as Retry-After says", async () => {
    const { chat, api, clock } = await startVendor();
    api.instead.push(Response.json({ error: { code: "rate_limit_exceeded", message: "slow down" } }, { status: 429, headers: { "retry-after": "17" } }));
    expect((await chat("coder-model")).status).toBe(429);
    clock.advance(16_900);
    expect((await chat("coder-model")).status).toBe(429);
    expect(api.calls).toHaveLength(1);
    clock.advance(200);
    expect((await chat("coder-model")).status).toBe(200);
  });

  test("for a moment when its quota is spent, though the vendor says 403", async () => {
    const { chat, api, clock } = await startVendor();
    api.instead.push(Response.json({ error: { code: "insufficient_quota", message: "Free allocated quota exceeded." } }, { status: 403 }));
    expect((await chat("coder-model")).status).toBe(429);
    expect((await chat("coder-model")).status).toBe(429);
    clock.advance(1001);
    expect((await chat("coder-model")).status).toBe(200);
  });

  test("rather than ask more than sixty times a minute", async () => {
    const { chat, api, clock } = await startVendor();
    for (let count = 0; count < 60; count += 1) await chat("coder-model");
    clock.advance(20_000);
    const over = await chat("coder-model");
    expect([over.status, over.headers.get("retry-after")]).toEqual([429, "40"]);
    expect(over.raw).toContain("60 requests a minute");
    expect(api.calls).toHaveLength(60);
    clock.advance(40_001);
    expect((await chat("coder-model")).status).toBe(200);
  });
});

describe("a Qwen login", () => {
  test("asks no faster than told, and is written down under the name that the person chose", async () => {
    const { world, clock, waits, chat } = await startVendor({ stored: false });
    const { logins, pauses } = pausedLogins(world, clock);
    waits.push("authorization_pending", "slow_down", "slow_down", "slow_down");
    const begun = await logins.begin("qwen", { choices: { email: "me@example.com" } });
    expect(begun).toMatchObject({ device: { userCode: "ABCD-1234", expiresInMs: 300_000 } });
    expect(begun.url).toEndWith("/activate?user_code=ABCD-1234");
    expect(await begun.finished).toMatchObject({ file: "qwen-me@example.com.json", label: "me@example.com" });
    expect(pauses).toEqual([5000, 5000, 7500, 10_000, 10_000]);
    const content = world.stored("qwen-me@example.com.json");
    expect(Object.keys(content).sort()).toEqual(["access_token", "email", "expired", "last_refresh", "refresh_token", "resource_url", "type"]);
    expect((await chat("coder-model")).status).toBe(200);
  });

  test("without a name is called by its time", async () => {
    const { world, clock } = await startVendor({ stored: false });
    const { logins } = pausedLogins(world, clock);
    const { file } = await (await logins.begin("qwen")).finished;
    expect(file).toBe(`qwen-${clock.now()}.json`);
  });

  for (const [word, reason] of [["access_denied", "denied"], ["expired_token", "expired"]] as const) {
    test(`ends with ${reason} when the vendor says ${word}`, async () => {
      const { world, clock, waits } = await startVendor({ stored: false });
      waits.push(word);
      const begun = await pausedLogins(world, clock).logins.begin("qwen");
      expect(await begun.finished.catch((error: unknown) => error)).toMatchObject({ reason });
    });
  }

  test("of Qwen Code is taken over", () => {
    const [found] = qwen.found ?? [];
    expect(found?.path).toBe(".qwen/oauth_creds.json");
    const taken = found?.take({ access_token: "one", refresh_token: "two", token_type: "Bearer", resource_url: "portal.qwen.ai", expiry_date: 1_795_262_400_000 });
    expect(taken).toEqual({ file: "qwen-qwen-code.json", content: { access_token: "one", refresh_token: "two", resource_url: "portal.qwen.ai", email: "qwen-code", type: "qwen", expired: "2026-11-21T12:00:00Z" } });
    expect(found?.take({ access_token: "one" })).toBeUndefined();
  });

  test("finds its model API from any spelling of the address", () => {
    for (const resource of ["portal.qwen.ai", "https://portal.qwen.ai/", "https://portal.qwen.ai/v1"]) {
      expect(qwen.read({ type: "qwen", access_token: "one", resource_url: resource }, qwen.defaults).baseUrl).toBe("https://portal.qwen.ai/v1");
    }
  });
});
