import { afterEach, describe, expect, test } from "bun:test";
import { createSimulator, SIMULATED, type Simulator } from "@dragoman/gateway/testing";
import { listen, type Listening } from "../kit/running.ts";
import { movedClock, startAccountWorld, type AccountWorld, type AccountWorldOptions, type MovedClock } from "./kit/account-world.ts";
import { startIssuer, type IssuedTokens, type Issuer } from "./kit/issuer.ts";

const CLIENT_ID = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";
const REQUEST = { model: "claude-sonnet-4-5-20250929", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };

interface Vendor {
  readonly issuer: Issuer;
  readonly upstream: Simulator;
  readonly world: AccountWorld;
  readonly clock: MovedClock;
  readonly tokens: IssuedTokens;
  send(): Promise<Response>;
}

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function startVendor(options: AccountWorldOptions & { readonly expiresInMs?: number } = {}): Promise<Vendor> {
  const clock = movedClock();
  const issuer = startIssuer({ clientId: CLIENT_ID, body: "json", lifetimeSeconds: 8 * 3600 });
  const simulated = SIMULATED.find(({ dialect }) => dialect.id === "anthropic-messages");
  if (simulated === undefined) throw new Error("no simulated provider");
  const upstream = createSimulator(simulated.dialect, simulated.vendor, () => ({ text: "Good day" }));
  const place = listen((request) => {
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    return issuer.good.has(token) ? upstream.fetch(request) : Response.json({ type: "error", error: { type: "authentication_error", message: "OAuth token has expired." } }, { status: 401 });
  });
  const tokens = issuer.issue();
  const world = await startAccountWorld({
    clock,
    files: { "claude-one@example.com.json": { type: "claude", email: "one@example.com", access_token: tokens.accessToken, refresh_token: tokens.refreshToken, expired: new Date(clock.now() + (options.expiresInMs ?? 8 * 3_600_000)).toISOString(), note: "kept" } },
    kinds: { claude: { "base-url": place.origin, endpoints: { token: issuer.tokenUrl } } },
    ...options,
  });
  open.push(world, issuer, place);
  return { issuer, upstream, world, clock, tokens, send: () => world.ask("/v1/messages", REQUEST, { "anthropic-version": "2023-06-01" }) };
}

describe("a stored login", () => {
  test("answers requests with its token", async () => {
    const { send, upstream, world, tokens } = await startVendor();
    const reply = await send();
    expect(reply.status).toBe(200);
    expect(upstream.seen[0]?.headers.get("authorization")).toBe(`Bearer ${tokens.accessToken}`);
    expect(upstream.seen[0]?.headers.get("x-api-key")).toBeNull();
    expect(world.attempts[0]).toMatchObject({ provider: "claude", credential: "claude one@example.com", outcome: "succeeded" });
  });

  test("is renewed before its end, once for a hundred requests, and written down before it is used", async () => {
    const { send, issuer, world, tokens } = await startVendor({ expiresInMs: 5000 });
    const replies = await Promise.all(Array.from({ length: 100 }, send));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(issuer.asked).toHaveLength(1);
    expect(issuer.asked[0]).toMatchObject({ grant_type: "refresh_token", refresh_token: tokens.refreshToken });
    const stored = world.stored("claude-one@example.com.json");
    expect(stored).toMatchObject({ type: "claude", email: "one@example.com", note: "kept", access_token: "access-token-2-of-tests", refresh_token: "refresh-token-2-of-tests" });
  });

  test("is renewed when the vendor refuses its token, once for a hundred requests", async () => {
    const { send, issuer, tokens } = await startVendor();
    issuer.good.delete(tokens.accessToken);
    const replies = await Promise.all(Array.from({ length: 100 }, send));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(issuer.asked).toHaveLength(1);
  });

  test("is renewed by itself ahead of its end", async () => {
    const { clock, issuer, world } = await startVendor();
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toHaveLength(0);
    clock.advance(4 * 3_600_000 + 1);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toHaveLength(1);
    await world.gateway.accounts?.tick();
    expect(issuer.asked).toHaveLength(1);
  });

  test("that is revoked is asked for once, and told", async () => {
    const { send, issuer, world, tokens } = await startVendor({ expiresInMs: 5000 });
    issuer.revoke(tokens.refreshToken);
    // The dialect tells "nobody can serve this" as overloaded.
    const statuses = [await send(), await send(), await send()].map(({ status }) => status);
    expect(statuses).toEqual([401, 529, 529]);
    expect(issuer.asked).toHaveLength(1);
    expect(world.log.filter(({ event }) => event === "account.revoked")).toHaveLength(1);
  });

  test("of a subscription is not used before the operator has agreed", async () => {
    const { send, upstream } = await startVendor({ config: { accounts: { subscriptions: false } } });
    expect((await send()).status).toBe(529);
    expect(upstream.seen).toHaveLength(0);
  });
});
