// Logins over real HTTP: a scripted vendor that is strict, a browser that is `fetch`, files on disk.
import { afterEach, describe, expect, test } from "bun:test";
import { CallbackPortTaken, type AccountKind, type BegunLogin, type LoginOptions, type Logins } from "@dragoman/gateway";
import { createLogins } from "../../packages/gateway/src/accounts/login/logins.ts";
import { accountFiles } from "../../packages/server/src/host/account-files.ts";
import { loopbackPort } from "../../packages/server/src/host/callback-port.ts";
import { systemIds } from "../../packages/server/src/host/ports.ts";
import { movedClock, startAccountWorld, type AccountWorld, type MovedClock } from "./kit/account-world.ts";
import { startIssuer, type Issuer, type IssuerOptions } from "./kit/issuer.ts";
import { codeLogin, codeOnDevice, keyLogin, scriptedKind } from "./kit/scripted-kind.ts";

const PORT = 25_171;
const REDIRECT = `http://localhost:${PORT}/auth/callback`;
const FILE = "scripted-me@example.com.json";

interface House {
  readonly issuer: Issuer;
  readonly world: AccountWorld;
  readonly logins: Logins;
  readonly clock: MovedClock;
  /** Every wait that was asked for, in ms. */
  readonly pauses: number[];
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** `passes`: waits end at once, with the clock moved on; otherwise they last until the login is over. */
async function startHouse({ issuer: own = {}, kind = {}, config = {}, kinds = {}, passes = false }: {
  readonly issuer?: Partial<IssuerOptions>; readonly kind?: Partial<AccountKind>; readonly config?: Record<string, unknown>; readonly kinds?: Record<string, unknown>; readonly passes?: boolean;
} = {}): Promise<House> {
  const issuer = startIssuer({ clientId: "client-of-tests", body: "form", pkce: true, redirectUri: REDIRECT, extra: () => ({ email: "me@example.com" }), ...own });
  const clock = movedClock();
  const world = await startAccountWorld({
    clock, config,
    accountKinds: [scriptedKind({
      name: "scripted", logins: [codeLogin, codeOnDevice, keyLogin],
      defaults: { clientId: "client-of-tests", endpoints: { authorize: `${issuer.origin}/authorize`, token: issuer.tokenUrl, device: `${issuer.origin}/device` } },
      ...kind,
    })],
    kinds: { scripted: kinds },
  });
  const pauses: number[] = [];
  const pause = (durationMs: number, signal: AbortSignal): Promise<void> => {
    pauses.push(durationMs);
    if (!passes) return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("over")), { once: true }));
    clock.advance(durationMs);
    return Promise.resolve();
  };
  const logins = createLogins({ pool: world.gateway.accounts!, files: accountFiles(() => world.directory), callbackPort: loopbackPort, pause, ports: { ids: systemIds, logger: { log: (_level, event, fields = {}) => void world.log.push({ event, fields }) } } });
  open.push({ close: () => logins.close() }, world, issuer);
  return { issuer, world, logins, clock, pauses };
}

/** What the vendor's page does when the person agrees: it sends the browser back with a code. */
function back({ url = "" }: BegunLogin, { issuer }: Pick<House, "issuer">, change: Record<string, string | undefined> = {}): string {
  const asked = new URL(url).searchParams;
  const address = new URL(asked.get("redirect_uri") ?? "");
  const query: Record<string, string | undefined> = { code: issuer.code(asked.get("code_challenge") ?? ""), state: asked.get("state") ?? "", ...change };
  for (const [name, value] of Object.entries(query)) if (value !== undefined) address.searchParams.set(name, value);
  return address.href;
}

const begin = (house: House, options: LoginOptions = {}): Promise<BegunLogin> => house.logins.begin("scripted", { listens: true, ...options });
const reasonOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => "done", (error: { reason?: string }) => error.reason ?? error);

describe("by a browser", () => {
  test("code, state and proof key; the account works at once", async () => {
    const house = await startHouse();
    const login = await begin(house);
    expect(login.state).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(Object.fromEntries(new URL(login.url ?? "").searchParams)).toMatchObject({ client_id: "client-of-tests", redirect_uri: REDIRECT, state: login.state, code_challenge_method: "S256" });
    const page = await fetch(back(login, house));
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await page.text()).toContain("me@example.com is stored");
    expect(await login.finished).toMatchObject({ file: FILE, kind: "scripted", label: "me@example.com", email: "me@example.com" });
    expect(house.issuer.asked[0]).toMatchObject({ grant_type: "authorization_code", redirect_uri: REDIRECT });
    expect(house.issuer.asked[0]?.code_verifier).toHaveLength(64);
    expect(house.world.stored(FILE)).toMatchObject({ type: "scripted", email: "me@example.com", access_token: "access-token-1-of-tests", refresh_token: "refresh-token-1-of-tests" });
    expect(house.world.gateway.accounts?.find(FILE)?.facts.label).toBe("me@example.com");
    expect(JSON.stringify(house.world.log)).not.toContain("access-token");
  });

  test("what does not fit is refused, and the login still waits", async () => {
    const house = await startHouse();
    const login = await begin(house);
    const status = async (address: string, init?: RequestInit): Promise<number> => (await fetch(address, init)).status;
    expect(await status(back(login, house, { state: "another" }))).toBe(400);
    expect(await status(`${REDIRECT}?state=${login.state}`)).toBe(400);
    expect(await status(`${REDIRECT}?code=abc`)).toBe(400);
    expect(await status(back(login, house, { error: "access_denied", state: "another" }))).toBe(400);
    expect(await status(back(login, house), { method: "POST" })).toBe(405);
    expect(await status(back(login, house).replace("/auth/callback", "/auth"))).toBe(404);
    expect(house.issuer.asked).toHaveLength(0);
    expect(await status(back(login, house).replace("localhost", "127.0.0.1"))).toBe(200);
    expect(await login.finished).toMatchObject({ file: FILE });
  });

  test("a refusal at the vendor's page ends it, and is shown without markup", async () => {
    const house = await startHouse();
    const login = await begin(house);
    const page = await fetch(back(login, house, { error: "<b>access_denied</b>", code: undefined }));
    expect(page.status).toBe(400);
    expect(await page.text()).toContain("&lt;b&gt;access_denied");
    expect(login.finished).rejects.toThrow("access_denied");
    await login.finished.catch(() => undefined);
    expect(await accountFiles(() => house.world.directory).list()).toEqual([]);
    // Nobody listens any more.
    await house.logins.close();
    expect(fetch(REDIRECT)).rejects.toThrow();
  });

  test("a code that the vendor does not take fails, on the page and here", async () => {
    const house = await startHouse();
    const login = await begin(house);
    const page = await fetch(back(login, house, { code: "stolen" }));
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining("invalid_grant")]);
    expect(await reasonOf(login.finished)).toBe("revoked");
  });

  test("two at once, each by its state", async () => {
    const house = await startHouse();
    const [one, two] = [await begin(house), await begin(house)];
    expect((await fetch(back(two, house))).status).toBe(200);
    expect((await fetch(back(two, house))).status).toBe(400);
    expect((await fetch(back(one, house))).status).toBe(200);
    expect(await Promise.all([one.finished, two.finished])).toHaveLength(2);
  });

  test("a port that is taken is named; without listening the answer comes by hand, once", async () => {
    const house = await startHouse();
    const other = Bun.serve({ port: PORT, hostname: "127.0.0.1", fetch: () => new Response() });
    const refused = await begin(house).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CallbackPortTaken);
    expect(String(refused)).toContain("25171");
    const login = await begin(house, { listens: false });
    expect(login.callbackPort).toBeUndefined();
    const code = new URL(back(login, house)).searchParams.get("code") ?? "";
    expect([login.answer({ code }), login.answer({ code })]).toEqual([true, false]);
    expect(await login.finished).toMatchObject({ file: FILE });
    await other.stop(true);
  });

  test("another port is listened at; the vendor is told of it only if it takes any", async () => {
    const house = await startHouse();
    const login = await begin(house, { callbackPort: 25_172 });
    expect([login.callbackPort, new URL(login.url ?? "").searchParams.get("redirect_uri")]).toEqual([25_172, REDIRECT]);
    expect((await fetch(back(login, house).replace("25171", "25172"))).status).toBe(200);
    const free = await startHouse({ issuer: { redirectUri: REDIRECT.replace("25171", "25173") }, kind: { logins: [{ ...codeLogin, callback: { port: PORT, path: "/auth/callback", anyPort: true } }] }, kinds: { "callback-port": 25_173 } });
    const other = await begin(free);
    expect(new URL(other.url ?? "").searchParams.get("redirect_uri")).toBe("http://localhost:25173/auth/callback");
    expect((await fetch(back(other, free))).status).toBe(200);
  });

  test("nobody who comes back within five minutes", async () => {
    const house = await startHouse({ passes: true });
    const login = await begin(house);
    expect(await reasonOf(login.finished)).toBe("expired");
    expect(house.pauses).toEqual([5 * 60_000]);
  });

  test("one that is given up takes nothing more", async () => {
    const house = await startHouse();
    const login = await begin(house);
    login.cancel();
    expect(await reasonOf(login.finished)).toBe("denied");
    expect(login.answer({ code: "late" })).toBe(false);
  });
});

describe("on a device", () => {
  /** The token endpoint answers so, one after another; then with tokens. */
  function onDevice(answers: Response[], { expiresInSeconds = 600, intervalSeconds = 1 } = {}): Partial<IssuerOptions> {
    return {
      other: async (request, issuer) => {
        const fields = new URLSearchParams(await request.text());
        if (new URL(request.url).pathname === "/device") return Response.json({ device_code: "device-code", user_code: "ABCD-1234", verification_uri: "https://vendor.example/device", expires_in: expiresInSeconds, interval: intervalSeconds });
        if (fields.get("device_code") !== "device-code") return Response.json({ error: "invalid_grant" }, { status: 400 });
        return answers.shift() ?? Response.json({ access_token: issuer.issue().accessToken, expires_in: 3600, email: "me@example.com" });
      },
    };
  }
  const refuse = (error: string): Response => Response.json({ error }, { status: 400 });
  const start = async (house: House): Promise<BegunLogin> => begin(house, { way: "device" });

  test("is asked no faster than every five seconds, and slower when the vendor says so", async () => {
    const house = await startHouse({ passes: true, issuer: onDevice([refuse("authorization_pending"), refuse("slow_down"), refuse("authorization_pending"), new Response("", { status: 503 })]) });
    const login = await start(house);
    expect(login).toMatchObject({ url: "https://vendor.example/device", device: { userCode: "ABCD-1234", expiresInMs: 600_000 } });
    expect(await login.finished).toMatchObject({ file: FILE, label: "me@example.com" });
    expect(house.pauses).toEqual([5000, 5000, 10_000, 10_000, 10_000]);
  });

  test("keeps to the vendor's interval, and asks at once where it may", async () => {
    const asksAtOnce = { ...codeOnDevice, begin: async (visit: Parameters<typeof codeOnDevice.begin>[0]) => ({ ...(await codeOnDevice.begin(visit)), asksAtOnce: true }) };
    const house = await startHouse({ passes: true, kind: { logins: [asksAtOnce] }, issuer: onDevice([refuse("authorization_pending")], { intervalSeconds: 7 }) });
    await (await start(house)).finished;
    expect(house.pauses).toEqual([7000]);
  });

  test("a code that runs out", async () => {
    const house = await startHouse({ passes: true, issuer: onDevice(Array.from({ length: 9 }, () => refuse("authorization_pending")), { expiresInSeconds: 12 }) });
    expect(await reasonOf((await start(house)).finished)).toBe("expired");
    expect(house.issuer.asked).toHaveLength(2);
  });

  test("a person who says no", async () => {
    const house = await startHouse({ passes: true, issuer: onDevice([refuse("access_denied")]) });
    expect(await reasonOf((await start(house)).finished)).toBe("denied");
  });
});

describe("by a secret", () => {
  test("is exchanged, with word of what is being done", async () => {
    const house = await startHouse();
    const heard: string[] = [];
    const login = await begin(house, { secret: "key-1", tell: (progress) => heard.push(progress) });
    expect(await login.finished).toMatchObject({ file: "scripted-key@example.com.json" });
    expect(heard).toEqual(["Asking who the key belongs to."]);
  });

  test.each([["cookie", "refused"], [" ", "refused"]])("%p is %s", async (secret, reason) => {
    const house = await startHouse();
    expect(await reasonOf((await begin(house, { secret })).finished)).toBe(reason);
  });
});

test("what people wrote into the file stays when they log in again; old tokens do not", async () => {
  const house = await startHouse();
  house.world.store(FILE, { type: "scripted", access_token: "old", spent: true, email: "me@example.com", prefix: "team", proxy_url: "direct", note: "mine", priority: 3, weight: 2, headers: { "x-team": "a" }, excluded_models: ["a-*"], model_aliases: [{ name: "a", alias: "b" }], disabled: true });
  const login = await begin(house);
  await fetch(back(login, house));
  await login.finished;
  const stored = house.world.stored(FILE);
  expect(stored).toMatchObject({ access_token: "access-token-1-of-tests", prefix: "team", proxy_url: "direct", note: "mine", priority: 3, weight: 2, headers: { "x-team": "a" }, excluded_models: ["a-*"], model_aliases: [{ name: "a", alias: "b" }], disabled: true });
  expect(stored.spent).toBeUndefined();
});

describe("is refused before it begins", () => {
  test("while the operator has not agreed to the terms, with their sentence", async () => {
    const house = await startHouse({ kind: { terms: "The vendor sells it for its own program." }, config: { accounts: { subscriptions: false } } });
    const error = await begin(house).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: "not-configured", message: expect.stringMatching(/^The vendor sells it .* accounts\.subscriptions/) });
  });

  test("when a setting is missing, with its key and where to find it", async () => {
    const kind: Partial<AccountKind> = { needs: [{ key: "client-secret", where: "in the vendor's own program" }] };
    const house = await startHouse({ kind });
    expect(await begin(house).catch((thrown: unknown) => thrown)).toMatchObject({ reason: "not-configured", message: "accounts.kinds.scripted.client-secret is not set: in the vendor's own program" });
    // A secret that is pasted does not need it.
    expect(await reasonOf((await begin(house, { secret: "key-1" })).finished)).toBe("done");
    const set = await startHouse({ kind, issuer: { clientSecret: "s3" }, kinds: { "client-secret": "s3" } });
    const login = await begin(set);
    expect((await fetch(back(login, set))).status).toBe(200);
  });

  test("when there is no such kind, or no such way", async () => {
    const house = await startHouse({ kind: { logins: [keyLogin] } });
    expect(await reasonOf(house.logins.begin("nobody"))).toBe("not-configured");
    expect(await reasonOf(begin(house, { way: "device" }))).toBe("not-configured");
  });
});
