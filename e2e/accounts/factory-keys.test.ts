import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "bun:test";
import type { DeviceLogin, SecretLogin } from "@dragoman/gateway";
import { factory } from "../../packages/gateway/src/accounts/kinds/factory/index.ts";
import { waitFor } from "../kit/program.ts";
import type { Listening } from "../kit/running.ts";
import { movedClock } from "./kit/account-world.ts";
import { LOGIN_FILE, startFactoryWorld, type FactoryWorld, type FactoryWorldOptions } from "./kit/factory-world.ts";
import { visitOf } from "./kit/login-visit.ts";
import { pausedLogins } from "./kit/paused-logins.ts";
import { startWorkos } from "./kit/workos.ts";

const BODY = { model: "claude-sonnet-4-5-20250929", max_tokens: 100 };
const VERSION = { "anthropic-version": "2023-06-01" };
const HOUR = 3_600_000;
const LOOKS = { discovery: { environment: true, local: false } };
const OPEN = { ...LOOKS, "api-keys": [] };

const open: Listening[] = [];
const homes: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

async function start(options?: FactoryWorldOptions): Promise<FactoryWorld> {
  const world = await startFactoryWorld(options);
  open.push(world);
  return world;
}

/** Without a stored login, with these variables. */
function startWith(variables: Record<string, string>, more: FactoryWorldOptions = {}): Promise<FactoryWorld> {
  return start({ withLogin: false, config: LOOKS, environment: { variables }, ...more });
}

function ask(world: FactoryWorld, headers: Record<string, string> = {}, text = "Hello"): Promise<Response> {
  return world.ask("/v1/messages", { ...BODY, messages: [{ role: "user", content: text }] }, { ...VERSION, ...headers });
}

/** The bearer tokens that reached the vendor. */
function bearers({ api }: FactoryWorld): string[] {
  return api.seen.map(({ headers }) => headers.get("authorization")?.replace(/^Bearer /, "") ?? "");
}

describe("a stored login", () => {
  test("is renewed after six hours by itself, told with its end, and kept beside what stood there", async () => {
    const world = await start();
    world.clock.advance(6 * HOUR - 1000);
    await world.gateway.accounts?.tick();
    expect(world.workos.asked).toHaveLength(0);
    world.clock.advance(2000);
    await world.gateway.accounts?.tick();
    expect(world.workos.asked).toEqual([{ grant_type: "refresh_token", refresh_token: world.tokens.refreshToken, client_id: "client_01HNM792M5G5G1A2THWPXKFMXB", organization_id: "org_1" }]);
    expect(world.stored(LOGIN_FILE)).toMatchObject({ type: "factory", email: "one@example.com", note: "kept", refresh_token: "refresh-token-2-of-tests", expired: "2026-11-22T02:00:01Z" });
    expect(world.log.find(({ event }) => event === "account.renewed")?.fields).toMatchObject({ kind: "factory", expiresAt: "2026-11-22T02:00:01Z" });
    expect(JSON.stringify(world.log)).not.toContain("refresh-token");
  });

  test("is renewed when the vendor refuses its token, once for all who ask", async () => {
    const world = await start();
    world.workos.good.delete(world.tokens.accessToken);
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask(world)));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(world.workos.asked).toHaveLength(1);
  });

  test("that is revoked is asked for once", async () => {
    const world = await start();
    world.workos.revoke(world.tokens.refreshToken);
    world.clock.advance(9 * HOUR);
    expect([(await ask(world)).status, (await ask(world)).status]).toEqual([401, 529]);
    expect(world.workos.asked).toHaveLength(1);
    expect(world.log.filter(({ event }) => event === "account.revoked")).toHaveLength(1);
  });

  test("goes on with its token when it cannot be renewed just now, and keeps its refresh token when no other comes", async () => {
    const world = await start();
    world.workos.instead = () => new Response("busy", { status: 503 });
    world.clock.advance(7 * HOUR);
    await world.gateway.accounts?.tick();
    expect((await ask(world)).status).toBe(200);
    world.workos.instead = () => Response.json({ access_token: world.workos.issue().accessToken });
    world.clock.advance(HOUR / 2);
    await world.gateway.accounts?.tick();
    expect(world.stored(LOGIN_FILE).refresh_token).toBe(world.tokens.refreshToken);
  });

  test("with short tokens is renewed in their last quarter", async () => {
    const clock = movedClock();
    const world = await start({ clock, workos: startWorkos(clock, 8 * 60_000) });
    clock.advance(6 * 60_000 - 1000);
    await world.gateway.accounts?.tick();
    expect(world.workos.asked).toHaveLength(0);
    clock.advance(2000);
    await world.gateway.accounts?.tick();
    expect(world.workos.asked).toHaveLength(1);
  });
});

describe("the environment", () => {
  test("a fixed key goes before a stored login, and nothing is renewed for it", async () => {
    const world = await start({ config: LOOKS, environment: { variables: { FACTORY_API_KEY: " fk-fixed ", DROID_REFRESH_KEY: "refresh-of-the-environment" } } });
    world.api.keys.add("fk-fixed");
    expect((await ask(world)).status).toBe(200);
    expect(bearers(world)).toEqual(["fk-fixed"]);
    expect(world.attempts[0]?.credential).toBe("factory FACTORY_API_KEY");
    world.api.keys.delete("fk-fixed");
    await ask(world);
    expect(world.workos.asked).toHaveLength(0);
    expect(bearers(world).at(-1)).toBe(world.tokens.accessToken);
  });

  test("several keys take turns, and one stands in for another", async () => {
    const world = await startWith({ FACTORY_API_KEYS: "fk-1;fk-2, fk-3\tfk-1" });
    for (const key of ["fk-1", "fk-2", "fk-3"]) world.api.keys.add(key);
    for (const text of ["one", "two", "three"]) await ask(world, {}, text);
    expect(bearers(world).toSorted()).toEqual(["fk-1", "fk-2", "fk-3"]);
    world.api.keys.delete("fk-2");
    world.api.reply = (headers) => (headers.get("authorization") === "Bearer fk-1" ? Response.json({ error: { message: "no credit" } }, { status: 402 }) : undefined);
    for (const text of ["four", "five", "six"]) expect((await ask(world, {}, text)).status).toBe(200);
    expect(bearers(world).slice(3).filter((key) => key !== "fk-3").toSorted()).toEqual(["fk-1", "fk-2"]);
  });

  test("a refresh token is kept in the directory, where its successor stands at the next start", async () => {
    const clock = movedClock();
    const workos = startWorkos(clock);
    const { refreshToken } = workos.issue();
    const first = await startWith({ DROID_REFRESH_KEY: refreshToken }, { clock, workos });
    expect((await ask(first)).status).toBe(200);
    expect(workos.asked.map((fields) => fields.refresh_token)).toEqual([refreshToken]);
    const kept = first.stored("factory-environment.json");
    expect(statSync(join(first.directory, "factory-environment.json")).mode & 0o777).toBe(0o600);
    expect(kept.refresh_token).not.toBe(refreshToken);
    clock.advance(9 * HOUR);
    const second = await startWith({ DROID_REFRESH_KEY: refreshToken }, { clock, workos, files: { "factory-environment.json": kept } });
    await ask(second);
    expect(workos.asked.map((fields) => fields.refresh_token)).toEqual([refreshToken, String(kept.refresh_token)]);
    const third = await startWith({ DROID_REFRESH_KEY: "another-refresh-token" }, { clock, workos, files: { "factory-environment.json": kept } });
    expect(third.stored("factory-environment.json").refresh_token).toBe("another-refresh-token");
    const fixed = await startWith({ DROID_REFRESH_KEY: refreshToken, FACTORY_API_KEY: "fk-fixed" }, { clock, workos, files: { "factory-environment.json": kept } });
    await fixed.gateway.accounts?.tick();
    expect(workos.asked).toHaveLength(2);
    expect(fixed.gateway.accounts?.find("factory-environment.json")).toBeUndefined();
  });

  test("the login of the vendor's own program is used and renewed where it stands", async () => {
    const home = mkdtempSync(join(tmpdir(), "dragoman-home-"));
    homes.push(home);
    const clock = movedClock();
    const workos = startWorkos(clock);
    const tokens = workos.issue();
    const path = join(home, ".factory/auth.json");
    mkdirSync(dirname(path));
    writeFileSync(path, JSON.stringify({ access_token: tokens.accessToken, refresh_token: tokens.refreshToken, last_updated: "2026-11-21T12:00:00Z", theme: "dark" }));
    chmodSync(path, 0o600);
    const world = await start({ withLogin: false, config: LOOKS, clock, workos, environment: { variables: {}, home } });
    expect((await ask(world)).status).toBe(200);
    expect(bearers(world)).toEqual([tokens.accessToken]);
    clock.advance(6 * HOUR + 1000);
    await world.gateway.accounts?.tick();
    const stored = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    expect(stored).toMatchObject({ theme: "dark", refresh_token: expect.not.stringMatching(tokens.refreshToken), last_updated: "2026-11-21T18:00:01Z" });
    expect(stored.type).toBeUndefined();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    // A look at the directory does not take it away.
    await world.gateway.accounts?.noticed("another.json");
    expect((await ask(world)).status).toBe(200);
  });

  test("is left alone when discovery is off, and comes with the switch", async () => {
    const world = await startWith({ FACTORY_API_KEY: "fk-fixed" }, { config: {} });
    world.api.keys.add("fk-fixed");
    expect((await ask(world)).status).toBe(404);
    const offered = (): unknown => world.gateway.engine.switchboard.findModel(BODY.model);
    world.gateway.reload({ ...world.config, discovery: { ...world.config.discovery, ...LOOKS.discovery } });
    await waitFor(offered);
    expect((await ask(world)).status).toBe(200);
    world.gateway.reload(world.config);
    await waitFor(() => (offered() === undefined ? true : undefined));
    expect((await ask(world)).status).toBe(404);
  });

  test("without anything the gateway starts, and says what it lacks", async () => {
    const world = await startWith({});
    expect((await ask(world)).status).toBe(404);
  });
});

describe("clients' own keys", () => {
  const settings = { options: { "client-credentials": true } };

  test("answer for themselves where nobody is asked for a key, as bearer or x-api-key, and one's trouble is no other's", async () => {
    const world = await startWith({}, { config: OPEN, settings });
    world.api.keys.add("fk-of-a-client");
    expect((await ask(world, { authorization: "Bearer fk-of-a-client" })).status).toBe(200);
    expect((await ask(world, { authorization: "", "x-api-key": "fk-of-a-client" })).status).toBe(200);
    expect(bearers(world)).toEqual(["fk-of-a-client", "fk-of-a-client"]);
    expect((await ask(world, { authorization: "Bearer fk-wrong" })).status).toBe(401);
    world.api.reply = () => Response.json({ error: { message: "no credit" } }, { status: 402 });
    expect((await ask(world, { authorization: "Bearer fk-of-a-client" })).status).toBe(402);
    world.api.reply = undefined;
    expect((await ask(world, { authorization: "Bearer fk-of-a-client" })).status).toBe(200);
    expect((await ask(world, { authorization: "" })).status).toBe(401);
    expect(JSON.stringify([world.log, world.attempts])).not.toContain("fk-of-a-client");
  });

  test("do not go out while a key of ours opens the door", async () => {
    const world = await startWith({}, { settings });
    expect((await ask(world)).status).toBeGreaterThanOrEqual(400);
    expect(world.api.seen).toHaveLength(0);
  });

  test("are not looked at while there is a key or a login", async () => {
    const world = await startWith({ FACTORY_API_KEY: "fk-fixed" }, { config: OPEN, settings });
    world.api.keys.add("fk-fixed");
    expect((await ask(world, { authorization: "Bearer fk-of-a-client" })).status).toBe(200);
    expect(bearers(world)).toEqual(["fk-fixed"]);
  });
});

describe("logging in", () => {
  const [device, key] = factory.logins as readonly [DeviceLogin, SecretLogin];

  test("with a code at the vendor's page", async () => {
    const workos = startWorkos(movedClock());
    open.push(workos);
    const visit = visitOf(factory, { endpoints: workos.endpoints });
    const grant = await device.begin(visit);
    expect(grant).toMatchObject({ userCode: "ABCD-EFGH", verificationUrl: "https://login.example.com/device", completeUrl: "https://login.example.com/device?user_code=ABCD-EFGH", expiresInMs: 300_000, intervalMs: 5000 });
    expect(await device.poll(grant, visit)).toEqual({ type: "pending" });
    workos.deviceAnswer = "slow_down";
    expect(await device.poll(grant, visit)).toMatchObject({ type: "slow-down" });
    workos.deviceAnswer = undefined;
    expect(await device.poll(grant, visit)).toMatchObject({
      type: "done",
      account: { file: LOGIN_FILE, content: { type: "factory", email: "one@example.com", refresh_token: "refresh-token-1-of-tests", organization_id: "org_1", expired: "2026-11-21T20:00:00Z" } },
    });
    for (const [answer, reason] of [["access_denied", "denied"], ["expired_token", "expired"]] as const) {
      workos.deviceAnswer = answer;
      expect(await device.poll(grant, visit).catch((error: unknown) => error)).toMatchObject({ reason });
    }
  });

  test("with a key of the settings page", async () => {
    const { file, content } = await key.exchange(" fk-pasted-by-hand\n", visitOf(factory, {}));
    expect(file).toMatch(/^factory-key-[0-9a-f]{8}\.json$/);
    const world = await start({ withLogin: false, files: { [file]: content } });
    world.api.keys.add("fk-pasted-by-hand");
    expect((await ask(world)).status).toBe(200);
    expect(world.attempts[0]?.credential).toBe("factory key …hand");
    expect(await key.exchange("two words", visitOf(factory, {})).catch((error: unknown) => error)).toMatchObject({ reason: "refused" });
  });

  test("from beginning to end: the login is stored, and answers requests", async () => {
    const world = await start({ withLogin: false });
    world.workos.deviceAnswer = undefined;
    const { logins, pauses } = pausedLogins(world, world.clock);
    const login = await logins.begin("factory");
    expect(login).toMatchObject({ kind: "factory", url: "https://login.example.com/device?user_code=ABCD-EFGH", device: { userCode: "ABCD-EFGH" } });
    expect(await login.finished).toMatchObject({ file: LOGIN_FILE, label: "one@example.com" });
    expect(pauses).toEqual([5000]);
    expect(world.stored(LOGIN_FILE)).toMatchObject({ type: "factory", email: "one@example.com", refresh_token: "refresh-token-2-of-tests", organization_id: "org_1" });
    expect(statSync(join(world.directory, LOGIN_FILE)).mode & 0o777).toBe(0o600);
    expect((await ask(world)).status).toBe(200);
  });
});
