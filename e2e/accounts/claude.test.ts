import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "bun:test";
import { createSimulator, SIMULATED, type Simulator } from "@dragoman/gateway/testing";
import { claude } from "../../packages/gateway/src/accounts/kinds/claude.ts";
import type { BrowserLogin, LoginFlow, LoginVisit, SecretLogin } from "../../packages/gateway/src/accounts/login/login-flow.ts";
import { listen, type Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { startIssuer, type IssuedTokens, type Issuer } from "./kit/issuer.ts";
import { visitOf } from "./kit/login-visit.ts";

const CLIENT_ID = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";
const SCOPE = "user:profile user:inference user:sessions:claude_code user:mcp_servers user:file_upload";
const MODEL = "claude-sonnet-4-5-20250929";
const REQUEST = { model: MODEL, max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };
const FILE = "claude-one@example.com.json";

interface Vendor {
  readonly issuer: Issuer;
  readonly upstream: Simulator;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  readonly tokens: IssuedTokens;
  /** Answers the next requests in place of the model. */
  reply: ((request: Request) => Response | undefined) | undefined;
  /** Headers that every answer of the model carries. */
  headers: Record<string, string>;
  readonly queries: string[];
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const refusal = (status: number, type: string, message: string, headers: Record<string, string> = {}): Response => Response.json({ type: "error", error: { type, message } }, { status, headers });

function startClaudeIssuer(): Issuer {
  return startIssuer({
    clientId: CLIENT_ID, body: "json", lifetimeSeconds: 8 * 3600, redirectUri: "http://localhost:54545/callback", pkce: true,
    extra: () => ({ account: { uuid: "account-1", email_address: "one@example.com" }, organization: { uuid: "organization-1", name: "One" } }),
    other: (request, issuer) => {
      const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      const { pathname } = new URL(request.url);
      if (request.method !== "GET" || !issuer.good.has(token)) return undefined;
      if (pathname === "/profile") return Response.json({ account: { uuid: "account-1", email: "one@example.com" }, organization: { uuid: "organization-1", name: "One" } });
      if (pathname !== "/usage" || request.headers.get("anthropic-beta") !== "oauth-2025-04-20") return undefined;
      return Response.json({ five_hour: { utilization: 37, resets_at: "2026-11-21T14:00:00.5+00:00" }, seven_day: { utilization: 100, resets_at: "2026-11-23T00:00:00Z" }, seven_day_opus: null, seven_day_sonnet: { utilization: 1, resets_at: null }, extra_usage: { is_enabled: false } });
    },
  });
}

/** The API as subscriptions see it: it takes nothing but the login's token, with the beta that goes with it. */
function startApi(vendor: Pick<Vendor, "upstream" | "issuer" | "queries"> & { reply: Vendor["reply"]; headers: Vendor["headers"] }): Listening {
  return listen(async (request) => {
    const url = new URL(request.url);
    vendor.queries.push(url.search);
    const betas = (request.headers.get("anthropic-beta") ?? "").split(",");
    if (request.headers.has("x-api-key")) return refusal(401, "authentication_error", "x-api-key is for keys");
    if (!vendor.issuer.good.has(request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "")) return refusal(401, "authentication_error", "OAuth token has expired.");
    if (!betas.includes("oauth-2025-04-20")) return refusal(401, "authentication_error", "OAuth authentication is currently not supported.");
    if (new Set(betas).size !== betas.length) return refusal(400, "invalid_request_error", "anthropic-beta: repeated name");
    if (url.searchParams.get("beta") !== "true") return refusal(404, "not_found_error", "not found");
    const instead = vendor.reply?.(request);
    if (instead !== undefined) return instead;
    const answer = await vendor.upstream.fetch(request);
    for (const [name, value] of Object.entries(vendor.headers)) answer.headers.set(name, value);
    return answer;
  });
}

async function startVendor(options: { readonly expiresInMs?: number; readonly content?: Record<string, unknown>; readonly kinds?: Record<string, unknown>; readonly config?: Record<string, unknown> } = {}): Promise<Vendor> {
  const clock = movedClock();
  const issuer = startClaudeIssuer();
  const simulated = SIMULATED.find(({ dialect }) => dialect.id === "anthropic-messages");
  if (simulated === undefined) throw new Error("no simulated provider");
  const upstream = createSimulator(simulated.dialect, simulated.vendor, () => ({ text: "Good day" }));
  const tokens = issuer.issue();
  const parts = { upstream, issuer, clock, tokens, queries: [] as string[], reply: undefined as Vendor["reply"], headers: {} as Record<string, string> };
  const api = startApi(parts);
  const world = await startAccountWorld({
    clock,
    files: { [FILE]: { id_token: "", type: "claude", email: "one@example.com", access_token: tokens.accessToken, refresh_token: tokens.refreshToken, expired: new Date(clock.now() + (options.expiresInMs ?? 8 * 3_600_000)).toISOString(), ...options.content } },
    kinds: { claude: { "base-url": api.origin, endpoints: { token: issuer.tokenUrl, profile: `${issuer.origin}/profile`, usage: `${issuer.origin}/usage` }, ...options.kinds } },
    ...(options.config !== undefined && { config: options.config }),
  });
  open.push(world, issuer, api);
  return Object.assign(parts, { world });
}

const ask = (vendor: Vendor, body: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Response> =>
  vendor.world.ask("/v1/messages", { ...REQUEST, ...body }, { "anthropic-version": "2023-06-01", ...headers });

describe("requests of a Claude subscription", () => {
  test("whole and streamed, from its own dialect", async () => {
    const vendor = await startVendor();
    const whole = await ask(vendor);
    expect(await whole.json()).toMatchObject({ type: "message", content: [{ type: "text", text: "Good day" }] });
    const streamed = await ask(vendor, { stream: true });
    expect(await streamed.text()).toContain("message_stop");
    expect(vendor.upstream.seen[0]?.headers.get("user-agent")).toBe("dragoman");
    expect(vendor.upstream.seen[0]?.body).toEqual(REQUEST);
    expect(vendor.queries).toEqual(["?beta=true", "?beta=true"]);
  });

  test("whole and streamed, from another dialect", async () => {
    const vendor = await startVendor();
    const chat = { model: MODEL, messages: [{ role: "user", content: "Hello" }] };
    expect(await (await vendor.world.ask("/v1/chat/completions", chat)).json()).toMatchObject({ choices: [{ message: { content: "Good day" } }] });
    expect(await (await vendor.world.ask("/v1/chat/completions", { ...chat, stream: true })).text()).toContain("[DONE]");
  });

  test("beta names of header, body and login are joined once each", async () => {
    const vendor = await startVendor();
    expect((await ask(vendor, { betas: ["context-1m-2025-08-07", "oauth-2025-04-20"] }, { "anthropic-beta": " some-beta-2026-01-01 ,, context-1m-2025-08-07" })).status).toBe(200);
    expect(vendor.upstream.seen[0]?.headers.get("anthropic-beta")).toBe("some-beta-2026-01-01,context-1m-2025-08-07,oauth-2025-04-20");
    expect(vendor.upstream.seen[0]?.body).not.toHaveProperty("betas");
  });

  test("tokens are counted by the vendor", async () => {
    const vendor = await startVendor();
    let betas = "";
    vendor.reply = (request) => {
      betas = request.headers.get("anthropic-beta") ?? "";
      return new URL(request.url).pathname.endsWith("/count_tokens") ? Response.json({ input_tokens: 42 }) : undefined;
    };
    const counted = await vendor.world.ask("/v1/messages/count_tokens", { model: MODEL, messages: REQUEST.messages }, { "anthropic-version": "2023-06-01" });
    expect(await counted.json()).toEqual({ input_tokens: 42 });
    expect(betas).toBe("oauth-2025-04-20,token-counting-2024-11-01");
  });

  test("carry what the operator says that the vendor requires, and the client's words unchanged", async () => {
    const vendor = await startVendor({ kinds: { "user-agent": "example/1.0", headers: { "x-app": "example" }, "system-prefix": ["You are an example."] } });
    const system = [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }];
    expect((await ask(vendor, { system })).status).toBe(200);
    expect((await ask(vendor, { system: [{ type: "text", text: "You are an example." }, ...system] })).status).toBe(200);
    const [first, second] = vendor.upstream.seen;
    expect(first?.headers.get("user-agent")).toBe("example/1.0");
    expect(first?.headers.get("x-app")).toBe("example");
    expect(first?.body).toMatchObject({ system: [{ type: "text", text: "You are an example." }, ...system] });
    expect(second?.body).toMatchObject({ system: [{ type: "text", text: "You are an example." }, ...system] });
  });
});

describe("limits of a Claude subscription", () => {
  const unified = (values: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(values).map(([name, value]) => [`anthropic-ratelimit-unified${name}`, value]));
  const limit = (headers: Record<string, string>) => (): Response => refusal(429, "rate_limit_error", "This request would exceed your account's rate limit.", headers);
  const at = (clock: MovedClock, inMs: number): string => String((clock.now() + inMs) / 1000);
  const other = { model: "claude-opus-4-8" };

  test("of the whole account rest all of it until the latest reset that is told", async () => {
    const vendor = await startVendor();
    vendor.reply = limit({ "retry-after": "10", ...unified({ "-status": "rejected", "-5h-status": "Rejected", "-5h-reset": at(vendor.clock, 90_000), "-7d-status": "allowed", "-7d-reset": at(vendor.clock, 500_000), "-reset": at(vendor.clock, 60_000) }) });
    const refused = await ask(vendor);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "90"]);
    // A client of the same dialect reads them, too.
    expect(refused.headers.get("anthropic-ratelimit-unified-status")).toBe("rejected");
    vendor.reply = undefined;
    expect((await ask(vendor, other)).headers.get("retry-after")).toBe("90");
    vendor.clock.advance(89_999);
    expect((await ask(vendor, other)).status).toBe(429);
    vendor.clock.advance(1);
    expect((await ask(vendor, other)).status).toBe(200);
  });

  test("of one model rest that model only", async () => {
    const vendor = await startVendor();
    vendor.reply = limit({ "retry-after": "20", ...unified({ "-status": "rejected", "-5h-status": "allowed", "-7d-status": "allowed", "-7d_oi-status": "rejected", "-7d_oi-reset": at(vendor.clock, 900_000), "-reset": at(vendor.clock, 900_000) }) });
    expect((await ask(vendor)).headers.get("retry-after")).toBe("20");
    vendor.reply = undefined;
    expect((await ask(vendor, other)).status).toBe(200);
    expect((await ask(vendor)).status).toBe(429);
    vendor.clock.advance(20_000);
    expect((await ask(vendor)).status).toBe(200);
  });

  test("without any time double as usual", async () => {
    const vendor = await startVendor();
    vendor.reply = limit({});
    expect((await ask(vendor)).status).toBe(429);
    vendor.reply = undefined;
    vendor.clock.advance(1000);
    expect((await ask(vendor)).status).toBe(200);
  });

  test("are known from good replies too, and when asked for", async () => {
    const vendor = await startVendor();
    vendor.headers = unified({ "-5h-status": "allowed", "-5h-utilization": "0.21", "-5h-reset": at(vendor.clock, 1_000_000), "-7d-utilization": "0.68" });
    await (await ask(vendor)).text();
    const account = vendor.world.gateway.accounts?.find(FILE);
    expect([...(account?.quotas.values() ?? [])]).toEqual([
      { name: "5 hours", usedShare: 0.21, resetsAt: vendor.clock.now() + 1_000_000, exhausted: false, toldAt: vendor.clock.now() },
      { name: "week", usedShare: 0.68, exhausted: false, toldAt: vendor.clock.now() },
    ]);
    if (account === undefined || vendor.world.gateway.accounts === undefined) throw new Error("no account");
    const asked = await claude.askQuota?.({ content: account.content, facts: account.facts, settings: account.settings, calls: vendor.world.gateway.accounts.callsFor(account) });
    expect(asked).toEqual([
      { name: "5 hours", usedShare: 0.37, exhausted: false, resetsAt: Date.parse("2026-11-21T14:00:00.5Z") },
      { name: "week", usedShare: 1, exhausted: true, resetsAt: Date.parse("2026-11-23T00:00:00Z") },
      { name: "week (sonnet)", usedShare: 0.01, exhausted: false },
    ]);
  });
});

describe("errors of a Claude subscription", () => {
  test("fast mode without credits is the request's matter", async () => {
    const vendor = await startVendor();
    vendor.reply = () => refusal(429, "rate_limit_error", "Fast mode was rejected: extra usage credits are needed.");
    expect((await ask(vendor)).status).toBe(429);
    vendor.reply = undefined;
    expect((await ask(vendor)).status).toBe(200);
  });

  test("an organization that was switched off is over, and told once", async () => {
    const vendor = await startVendor();
    vendor.reply = () => refusal(400, "invalid_request_error", "This organization has been disabled.");
    expect((await ask(vendor)).status).toBe(400);
    vendor.reply = undefined;
    expect((await ask(vendor)).status).toBe(529);
    expect(vendor.world.log.filter(({ event }) => event === "account.banned")).toHaveLength(1);
  });

  test("a token that was called back is renewed, with the scopes of the login", async () => {
    const vendor = await startVendor();
    vendor.reply = (request) => (request.headers.get("authorization") === `Bearer ${vendor.tokens.accessToken}` ? refusal(403, "permission_error", "OAuth token has been revoked. Please obtain a new token.") : undefined);
    expect((await ask(vendor)).status).toBe(200);
    expect(vendor.issuer.asked).toEqual([{ client_id: CLIENT_ID, grant_type: "refresh_token", refresh_token: vendor.tokens.refreshToken, scope: SCOPE }]);
    expect(vendor.world.stored(FILE)).toMatchObject({ type: "claude", email: "one@example.com", access_token: "access-token-2-of-tests", refresh_token: "refresh-token-2-of-tests", last_refresh: "2026-11-21T12:00:00Z", organization_name: "One" });
  });

  test("without a new refresh token the old one stays", async () => {
    const vendor = await startVendor({ expiresInMs: 5000 });
    vendor.issuer.before = () => {
      vendor.issuer.good.add("another-access-token");
      return Response.json({ access_token: "another-access-token", expires_in: 3600 });
    };
    expect((await ask(vendor)).status).toBe(200);
    expect(vendor.world.stored(FILE)).toMatchObject({ access_token: "another-access-token", refresh_token: vendor.tokens.refreshToken, email: "one@example.com", expired: "2026-11-21T13:00:00Z" });
  });
});

describe("renewal at the vendor", () => {
  const renew = async (answers: Response[]): Promise<{ readonly pauses: number[]; readonly error: unknown; readonly asked: number }> => {
    const issuer = startClaudeIssuer();
    open.push(issuer);
    const { refreshToken } = issuer.issue();
    issuer.before = () => answers.shift();
    const { calls, settings, pauses } = visitOf(claude, { endpoints: { token: issuer.tokenUrl } });
    const content = { type: "claude", refresh_token: refreshToken };
    const error: unknown = await claude.renew?.({ content, facts: claude.read(content, settings), settings, calls }).then(() => undefined, (thrown: unknown) => thrown);
    return { pauses, error, asked: issuer.asked.length };
  };

  test("is tried three times while the vendor is down", async () => {
    expect(await renew([new Response("", { status: 503 }), new Response("", { status: 500 })])).toEqual({ pauses: [1000, 2000], error: undefined, asked: 3 });
  });

  test("is not tried again when the vendor names a time, which is believed up to five minutes", async () => {
    const { pauses, error, asked } = await renew([Response.json({ error: { type: "rate_limit_error" } }, { status: 429, headers: { "retry-after": "3600" } })]);
    expect({ pauses, asked }).toEqual({ pauses: [], asked: 1 });
    expect(error).toMatchObject({ reason: "unavailable", retryAfterMs: 300_000 });
    expect((await renew([Response.json({}, { status: 429, headers: { "retry-after-ms": "10" } })])).error).toMatchObject({ retryAfterMs: 5000 });
  });
});

describe("logging in", () => {
  const flow = <T extends LoginFlow["type"]>(type: T): Extract<LoginFlow, { type: T }> => claude.logins?.find((each) => each.type === type) as Extract<LoginFlow, { type: T }>;
  const browser: BrowserLogin = flow("browser");
  const verifier = "v".repeat(128);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const visit = (issuer: Issuer): LoginVisit => visitOf(claude, { endpoints: { token: issuer.tokenUrl, profile: `${issuer.origin}/profile` } });

  test("asks for what the vendor's page needs", async () => {
    const url = new URL(await browser.authorizeUrl({ state: "s".repeat(32), redirectUri: "http://localhost:54545/callback", challenge }, visitOf(claude, {})));
    expect(url.origin + url.pathname).toBe("https://claude.ai/oauth/authorize");
    expect(Object.fromEntries(url.searchParams)).toEqual({ code: "true", client_id: CLIENT_ID, response_type: "code", redirect_uri: "http://localhost:54545/callback", scope: SCOPE, code_challenge: challenge, code_challenge_method: "S256", state: "s".repeat(32) });
    expect([browser.callback, browser.verifierLength]).toEqual([{ port: 54_545, path: "/callback" }, 128]);
  });

  test("takes a code that was copied with its state, and writes the account down", async () => {
    const issuer = startClaudeIssuer();
    open.push(issuer);
    const account = await browser.exchange({ code: `${issuer.code(challenge)}#state-of-the-page`, state: "our-state", redirectUri: "http://localhost:54545/callback", verifier }, visit(issuer));
    expect(issuer.asked[0]).toMatchObject({ grant_type: "authorization_code", state: "state-of-the-page", code_verifier: verifier });
    expect(account).toEqual({
      file: "claude-one@example.com.json",
      content: {
        id_token: "", access_token: "access-token-1-of-tests", refresh_token: "refresh-token-1-of-tests", last_refresh: "2026-11-21T12:00:00Z", email: "one@example.com", type: "claude", expired: "2026-11-21T20:00:00Z",
        account_uuid: "account-1", organization_uuid: "organization-1", organization_name: "One",
      },
    });
  });

  test("goes on without a profile, and stops at a wrong verifier", async () => {
    const issuer = startClaudeIssuer();
    open.push(issuer);
    const told: string[] = [];
    const blind = { ...visitOf(claude, { endpoints: { token: issuer.tokenUrl, profile: `${issuer.origin}/nowhere` } }), tell: (text: string) => void told.push(text) };
    const answer = { state: "our-state", redirectUri: "http://localhost:54545/callback" };
    expect((await browser.exchange({ ...answer, code: issuer.code(challenge), verifier }, blind)).content).toMatchObject({ email: "one@example.com" });
    expect(told).toEqual(["The profile could not be read (status 404); the login goes on without it."]);
    expect(await browser.exchange({ ...answer, code: issuer.code(challenge), verifier: "another" }, blind).catch((error: unknown) => error)).toMatchObject({ reason: "revoked" });
  });

  test("takes a setup token", async () => {
    const secret: SecretLogin = flow("secret");
    const made = await secret.exchange(" sk-ant-oat01-of-tests\n", visitOf(claude, {}));
    expect(made.file).toMatch(/^claude-setup-token-[0-9a-f]{8}\.json$/);
    expect(claude.read(made.content, claude.defaults)).toEqual({ label: "setup token", accessToken: "sk-ant-oat01-of-tests", renewedAt: Date.parse("2026-11-21T12:00:00Z") });
    expect(await secret.exchange("sk-ant-api03-key", visitOf(claude, {})).catch((error: unknown) => error)).toMatchObject({ reason: "refused" });
  });

  test("by the runner of logins: the account is written down and answers at once", async () => {
    const vendor = await startVendor();
    vendor.world.store(FILE, { type: "claude", email: "one@example.com", access_token: "old", note: "kept" });
    const begun = await vendor.world.gateway.logins?.begin("claude");
    const asked = new URL(begun?.url ?? "").searchParams;
    expect(begun?.answer({ code: `${vendor.issuer.code(asked.get("code_challenge") ?? "")}#${asked.get("state") ?? ""}` })).toBe(true);
    expect(await begun?.finished).toMatchObject({ file: FILE, kind: "claude", email: "one@example.com" });
    expect(vendor.world.stored(FILE)).toMatchObject({ type: "claude", note: "kept", access_token: "access-token-2-of-tests", refresh_token: "refresh-token-2-of-tests" });
    expect((await ask(vendor)).status).toBe(200);
    expect(vendor.upstream.seen[0]?.headers.get("authorization")).toBe("Bearer access-token-2-of-tests");
  });

  test("takes over what Claude Code keeps", () => {
    const expiresAt = Date.parse("2026-11-21T20:00:00Z");
    const taken = claude.found?.[0]?.take({ claudeAiOauth: { accessToken: "sk-ant-oat01-a", refreshToken: "sk-ant-ort01-b", expiresAt, scopes: ["user:inference", "user:profile"], subscriptionType: "max" } });
    expect(taken?.file).toBe("claude-code.json");
    expect(claude.read(taken?.content ?? {}, claude.defaults)).toEqual({ label: "Claude Code", accessToken: "sk-ant-oat01-a", refreshToken: "sk-ant-ort01-b", expiresAt });
    expect(claude.found?.[0]?.take({ mcpOAuth: {} })).toBeUndefined();
  });
});
