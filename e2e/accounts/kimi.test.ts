import { afterEach, describe, expect, test } from "bun:test";
import { VERSION } from "@dragoman/gateway";
import type { Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { asking, type Asking } from "./kit/asking.ts";
import { startIssuer, type Issuer } from "./kit/issuer.ts";
import { plain, startModelApi, type ModelApi, type VendorRule } from "./kit/model-api.ts";
import { pausedLogins } from "./kit/paused-logins.ts";

const CLIENT_ID = "17e5f671-d194-4dfb-9706-5516cb48c098";
const DEVICE_ID = "00000000-0000-4000-8000-000000000000";
const FILE = "kimi-1770287400000.json";
const MODELS = ["k2", "k2.6", "k3", "k3-256k", "kimi-for-coding", "kimi-for-coding-highspeed"];

interface Vendor extends Asking {
  readonly issuer: Issuer;
  readonly api: ModelApi;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  /** What the token endpoint says, with status 200, while nobody has agreed yet. */
  readonly waits: string[];
  /** Device ids of the calls of the login server. */
  readonly devices: (string | null)[];
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** What the vendor says of who asks has to be there, and no effort; a thinking model wants its thoughts back. */
function codingRule(issuer: Issuer): VendorRule {
  return ({ path, headers, body }) => {
    if (!issuer.good.has(headers.get("authorization")?.replace(/^Bearer /, "") ?? "")) return Response.json({ error: { message: "The API Key appears to be invalid or may have expired.", type: "invalid_authentication_error" } }, { status: 401 });
    for (const name of ["platform", "version", "device-name", "device-model", "device-id"]) if ((headers.get(`x-msh-${name}`) ?? "") === "") return `x-msh-${name} is missing`;
    if (!MODELS.includes(String(body.model))) return `no model ${String(body.model)}`;
    if (path === "/coding/v1/messages/count_tokens") return Response.json({ input_tokens: 42 });
    if (path === "/coding/v1/messages") return plain(body);
    if (body.reasoning_effort !== undefined) return "reasoning_effort is not known";
    if (body.stream === true && (body.stream_options as Record<string, unknown> | undefined)?.include_usage !== true) return "no usage asked for";
    const thinks = body.model !== "k2" && (body.thinking as Record<string, unknown> | undefined)?.type !== "disabled";
    const silent = (body.messages as Record<string, unknown>[]).some((message) => message.tool_calls !== undefined && typeof message.reasoning_content !== "string");
    return thinks && silent ? "thinking is enabled but reasoning_content is missing in assistant tool call message" : plain(body, "thinking");
  };
}

async function startVendor({ expiresInMs = 3_600_000, stored = true }: { readonly expiresInMs?: number; readonly stored?: boolean } = {}): Promise<Vendor> {
  const clock = movedClock();
  const waits: string[] = [];
  const devices: (string | null)[] = [];
  const issuer: Issuer = startIssuer({
    clientId: CLIENT_ID, body: "form",
    async other(request) {
      const fields = Object.fromEntries(new URLSearchParams(await request.text()));
      devices.push(request.headers.get("x-msh-device-id"));
      if (request.headers.get("x-msh-platform") !== "dragoman" || request.headers.get("x-msh-version") !== VERSION) return new Response("who are you", { status: 400 });
      if (new URL(request.url).pathname === "/device") return fields.client_id === CLIENT_ID ? Response.json({ device_code: "device-1", user_code: "KIMI-1", verification_uri: `${issuer.origin}/device`, expires_in: 1800, interval: 2 }) : undefined;
      if (fields.grant_type !== "urn:ietf:params:oauth:grant-type:device_code" || fields.device_code !== "device-1") return undefined;
      const wait = waits.shift();
      if (wait !== undefined) return Response.json({ error: wait });
      const { accessToken, refreshToken } = issuer.issue();
      return Response.json({ access_token: accessToken, refresh_token: refreshToken, token_type: "Bearer", expires_in: 3600, scope: "" });
    },
  });
  const api: ModelApi = startModelApi({ "openai-chat": "/coding/v1/chat/completions", "anthropic-messages": "/coding/v1/messages" }, codingRule(issuer));
  const tokens = issuer.issue();
  const world = await startAccountWorld({
    clock,
    ...(stored && { files: { [FILE]: { access_token: tokens.accessToken, refresh_token: tokens.refreshToken, token_type: "Bearer", scope: "", device_id: DEVICE_ID, expired: new Date(clock.now() + expiresInMs).toISOString(), type: "kimi", timestamp: 1_770_287_400_000 } } }),
    kinds: { kimi: { "base-url": `${api.origin}/coding`, endpoints: { device: `${issuer.origin}/device`, token: issuer.tokenUrl } } },
  });
  open.push(world, issuer, api);
  return { issuer, api, world, clock, waits, devices, ...asking(world) };
}

const CALL = { id: "call_1", type: "function", function: { name: "look", arguments: "{}" } };
const TOOLS = [{ type: "function", function: { name: "look", parameters: { type: "object", properties: {} } } }];

describe("a Kimi account answers", () => {
  test("each client in the dialect that the vendor has for it, whole and streamed", async () => {
    const { chat, messages, responses, api, world } = await startVendor();
    for (const stream of [false, true]) {
      for (const ask of [chat, messages, responses]) expect(await ask("kimi-k2.6", { stream })).toMatchObject({ status: 200, text: "Good day" });
    }
    const [theirs, own] = ["/coding/v1/chat/completions", "/coding/v1/messages"];
    expect(api.calls.map(({ path }) => path)).toEqual([theirs, own, theirs, theirs, own, theirs]);
    expect(api.calls[0]?.headers.get("x-msh-device-id")).toBe(DEVICE_ID);
    expect(api.calls[0]?.headers.get("user-agent")).toBe("dragoman");
    expect(world.attempts[0]).toMatchObject({ provider: "kimi", credential: "kimi 00000000", outcome: "succeeded" });
  });

  test("by the vendor's own names of the models", async () => {
    const { chat, api } = await startVendor();
    for (const model of ["kimi-k2.7-code", "kimi-k2.7-code-highspeed", "kimi-k3", "kimi-k3-256k"]) expect((await chat(model)).status).toBe(200);
    expect(api.calls.map(({ body }) => body.model)).toEqual(["kimi-for-coding", "kimi-for-coding-highspeed", "k3", "k3-256k"]);
  });

  test("how many tokens a Claude caller would send, as the vendor counts", async () => {
    const { world } = await startVendor();
    const reply = await world.ask("/v1/messages/count_tokens", { model: "kimi-k2.6", messages: [{ role: "user", content: "Hello" }] }, { "anthropic-version": "2023-06-01" });
    expect(await reply.json()).toEqual({ input_tokens: 42 });
  });

  test("with thinking as an object", async () => {
    const { chat, api } = await startVendor();
    await chat("kimi-k2.6", { reasoning_effort: "high" });
    await chat("kimi-k2.6", { reasoning_effort: "none" });
    await chat("kimi-k3(max)");
    await chat("kimi-k2.6(100)");
    expect(api.calls.map(({ body }) => body.thinking)).toEqual([{ type: "enabled", effort: "high" }, { type: "disabled" }, { type: "enabled", effort: "max" }, { type: "enabled", effort: "low" }]);
  });

  test("histories that another program left unfinished", async () => {
    const { chat, api } = await startVendor();
    const history = [
      { role: "user", content: "Look" },
      { role: "assistant", content: "" },
      { role: "assistant", content: null, tool_calls: [CALL, { ...CALL, id: "call_2" }] },
      { role: "tool", content: "one" },
      { role: "tool", tool_call_id: "call_2", content: "two" },
      { role: "user", content: "Hello" },
    ];
    expect(await chat("kimi-k2.6", { messages: history, tools: TOOLS })).toMatchObject({ status: 200 });
    expect(api.calls[0]?.body.messages).toEqual([
      history[0], { ...history[2], reasoning_content: "[reasoning unavailable]" }, { ...history[3], tool_call_id: "call_1" }, history[4], history[5],
    ]);
    await chat("kimi-k2", { messages: history, tools: TOOLS });
    expect((api.calls[1]?.body.messages as unknown[])[1]).toEqual(history[2]);
  });
});

describe("a Kimi account's token", () => {
  test("is renewed five minutes ahead, by the device that it was made with", async () => {
    const { issuer, world, clock, chat, api } = await startVendor();
    clock.advance(55 * 60_000 - 1000);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toHaveLength(0);
    clock.advance(1001);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toEqual([{ client_id: CLIENT_ID, grant_type: "refresh_token", refresh_token: "refresh-token-1-of-tests" }]);
    expect(world.stored(FILE)).toMatchObject({ access_token: "access-token-2-of-tests", device_id: DEVICE_ID, timestamp: 1_770_287_400_000, type: "kimi" });
    expect((await chat("kimi-k2.6")).status).toBe(200);
    expect(api.calls[0]?.headers.get("x-msh-device-id")).toBe(DEVICE_ID);
  });

  test("that is refused with 403 is revoked, and asked for once", async () => {
    const { issuer, chat, world } = await startVendor({ expiresInMs: 5000 });
    issuer.before = () => Response.json({ error: "forbidden" }, { status: 403 });
    expect([(await chat("kimi-k2.6")).status, (await chat("kimi-k2.6")).status]).toEqual([401, 503]);
    expect(issuer.asked).toHaveLength(1);
    expect(world.log.filter(({ event }) => event === "account.revoked")).toHaveLength(1);
  });

  test("without a refresh token is used as long as it lasts", async () => {
    const { issuer, world, chat } = await startVendor({ stored: false });
    world.store(FILE, { access_token: issuer.issue().accessToken, device_id: DEVICE_ID, type: "kimi", expired: "2026-11-21T12:00:05Z" });
    await world.gateway.accounts?.noticed(FILE);
    await world.gateway.accounts?.tick();
    expect((await chat("kimi-k2.6")).status).toBe(200);
    expect(issuer.asked).toHaveLength(0);
  });
});

test("a Kimi account rests a second after a 429, and answers again", async () => {
  const { chat, api, clock } = await startVendor();
  api.instead.push(Response.json({ error: { message: "busy", type: "rate_limit_reached_error" } }, { status: 429 }));
  expect((await chat("kimi-k2.6")).status).toBe(429);
  clock.advance(900);
  expect((await chat("kimi-k2.6")).status).toBe(429);
  expect(api.calls).toHaveLength(1);
  clock.advance(101);
  expect((await chat("kimi-k2.6")).status).toBe(200);
});

describe("a Kimi login", () => {
  test("waits while the vendor says 200 and pending, and keeps its device", async () => {
    const { world, clock, waits, devices, chat } = await startVendor({ stored: false });
    const { logins, pauses } = pausedLogins(world, clock);
    waits.push("authorization_pending", "slow_down", "authorization_pending");
    const begun = await logins.begin("kimi");
    expect(begun.device).toEqual({ userCode: "KIMI-1", expiresInMs: 900_000 });
    const { file } = await begun.finished;
    expect(file).toBe(`kimi-${clock.now()}.json`);
    expect(pauses).toEqual([5000, 5000, 10_000, 10_000]);
    const stored = world.stored(file);
    expect(stored).toMatchObject({ access_token: "access-token-2-of-tests", token_type: "Bearer", scope: "", type: "kimi", timestamp: clock.now() });
    expect(stored.device_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(devices)).toEqual(new Set([stored.device_id as string]));
    expect((await chat("kimi-k2.6")).status).toBe(200);
  });

  test("ends when the vendor says so, also with status 200", async () => {
    const { world, clock, waits } = await startVendor({ stored: false });
    const { logins } = pausedLogins(world, clock);
    for (const [word, reason] of [["access_denied", "denied"], ["expired_token", "expired"], ["invalid_request", "refused"]] as const) {
      waits.push(word);
      const begun = await logins.begin("kimi");
      expect(await begun.finished.catch((error: unknown) => error)).toMatchObject({ reason });
    }
  });
});
