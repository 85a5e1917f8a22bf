import { afterEach, describe, expect, test } from "bun:test";
import { MANAGEMENT_KEY, startOffice, usualConfig, type Answer, type OfficeOptions, type RunningOffice } from "../kit/office.ts";

let office: RunningOffice;
const start = async (options?: OfficeOptions): Promise<void> => { office = await startOffice(options); };
afterEach(() => office.close());

const PAGE = { "x-dragoman-session": "1" };
const HOUR = 60 * 60_000;
const NO_KEY = "discovery: { environment: false, local: false } # nothing yet\n";
const cookieOf = (answer: Answer): string => answer.headers.get("set-cookie")?.split(";")[0] ?? "";
const signIn = (key = MANAGEMENT_KEY, headers: Record<string, string> = PAGE): Promise<Answer> => office.call("POST", "/session", { key: null, headers, body: { key } });
const as = (cookie: string, headers: Record<string, string> = PAGE): { key: null; headers: Record<string, string> } => ({ key: null, headers: { cookie, ...headers } });

describe("a session", () => {
  test("is opened with the management key, and says so", async () => {
    await start();
    expect((await office.get("/session", { key: null })).body).toEqual({ signedIn: false, setup: false });
    const answer = await signIn();
    expect([answer.status, answer.body]).toEqual([200, { signedIn: true, expiresAt: expect.any(Number) }]);
    expect(answer.headers.get("set-cookie")).toMatch(/^dragoman_session=[\w.-]+; Path=\/; Max-Age=86400; HttpOnly; SameSite=Strict$/);
    expect((await office.get("/session", as(cookieOf(answer)))).body).toEqual({ signedIn: true, setup: false, expiresAt: (answer.body as { expiresAt: number }).expiresAt, version: expect.any(String) });
    expect((await office.get("/debug", as(cookieOf(answer), {}))).body).toEqual({ debug: false });
    const ended = await office.call("DELETE", "/session", as(cookieOf(answer)));
    expect([ended.status, ended.headers.get("set-cookie")]).toEqual([204, expect.stringMatching(/^dragoman_session=; Path=\/; Max-Age=0; /)]);
  });

  test("its cookie is for HTTPS alone where the page came over HTTPS", async () => {
    await start();
    expect((await signIn(MANAGEMENT_KEY, { ...PAGE, "x-forwarded-proto": "https" })).headers.get("set-cookie")).toEndWith("; Secure");
  });

  test("a wrong key opens none, and counts", async () => {
    await start({ more: "  allow-remote: true\n" });
    office.visitor.address = "203.0.113.7";
    for (let call = 0; call < 5; call++) expect(await signIn("wrong")).toMatchObject({ status: 401, body: { error: "invalid management key" } });
    expect((await signIn()).status).toBe(403);
    expect((await office.get("/debug")).status).toBe(403);
  });

  test("a request that changes something must come from our own page", async () => {
    await start();
    const cookie = cookieOf(await signIn());
    const put = async (headers: Record<string, string>): Promise<number> => (await office.call("PUT", "/debug", { ...as(cookie, headers), body: { value: true } })).status;
    expect(await put({})).toBe(403);
    expect(await put({ "x-dragoman-session": "yes" })).toBe(403);
    expect(await put({ ...PAGE, origin: "https://evil.example.com" })).toBe(403);
    expect(await put({ ...PAGE, origin: "null" })).toBe(403);
    expect((await office.get("/debug")).body).toEqual({ debug: false });
    expect(await put({ ...PAGE, origin: office.origin })).toBe(200);
    expect(await put(PAGE)).toBe(200);
    expect((await signIn(MANAGEMENT_KEY, {})).status).toBe(403);
    expect((await signIn(MANAGEMENT_KEY, { ...PAGE, origin: "https://evil.example.com" })).status).toBe(403);
  });

  test("ends after a day, with the key, and when it is tampered with", async () => {
    await start();
    const cookie = cookieOf(await signIn());
    const status = async (shown: string): Promise<number> => (await office.get("/debug", as(shown))).status;
    for (const forged of [cookie.slice(0, -1), `${cookie}0`, cookie.replace(".management-key.", ".setup."), cookie.replace(/\.(\d)/, ".9$1"), "dragoman_session=", "dragoman_session=a.b.c"]) expect(await status(forged)).toBe(401);
    expect(await status(`other=1; ${cookie}; more=2`)).toBe(200);
    office.clock.advance(23 * HOUR);
    expect(await status(cookie)).toBe(200);
    office.clock.advance(HOUR + 1000);
    expect(await status(cookie)).toBe(401);
    const fresh = cookieOf(await signIn());
    await office.call("PUT", "/debug", { body: { value: true } });
    expect(await status(fresh)).toBe(200);
    await office.keeper.change((tree) => ({ ...tree, "remote-management": { "secret-key": "another" } }));
    expect(await status(fresh)).toBe(401);
  });

  test("a page whose session has ended is not shut out for asking on", async () => {
    await start({ more: "  allow-remote: true\n" });
    office.visitor.address = "203.0.113.7";
    for (let call = 0; call < 9; call++) expect((await office.get("/debug", as("dragoman_session=old"))).status).toBe(401);
    expect((await office.get("/debug")).status).toBe(200);
  });

  test("one of the local key stays on this machine", async () => {
    await start({ more: "  allow-remote: true\n", office: { localKey: "local" } });
    const cookie = cookieOf(await signIn("local"));
    expect((await office.get("/debug", as(cookie))).status).toBe(200);
    office.visitor.address = "203.0.113.7";
    expect((await office.get("/debug", as(cookie))).status).toBe(401);
    expect((await office.get("/session", as(cookie))).body).toMatchObject({ signedIn: false });
  });

  test("is no use where remote management is off", async () => {
    await start();
    const cookie = cookieOf(await signIn());
    office.visitor.address = "203.0.113.7";
    expect((await office.get("/debug", as(cookie))).body).toEqual({ error: "remote management disabled" });
    expect((await signIn()).body).toEqual({ error: "remote management disabled" });
  });
});

describe("the first run", () => {
  const TOKEN = "one-time token";
  const ready = (): Promise<void> => start({ config: NO_KEY, office: { firstRun: { token: TOKEN, expiresAt: Date.now() + 30 * 60_000 } } });
  const setUp = (body: unknown, headers: Record<string, string> = PAGE): Promise<Answer> => office.call("POST", "/setup", { key: null, headers, body });

  test("the link sets the key, signs in, and works once", async () => {
    await ready();
    expect((await office.get("/session", { key: null })).body).toEqual({ signedIn: false, setup: true });
    expect((await office.get("/debug")).status).toBe(404);
    expect((await setUp({ token: "guess", key: "my own key" })).status).toBe(403);
    const answer = await setUp({ token: TOKEN, key: "my own key" });
    expect([answer.status, answer.body]).toEqual([200, { expiresAt: expect.any(Number) }]);
    expect((await office.get("/debug", as(cookieOf(answer)))).status).toBe(200);
    expect((await office.get("/debug", { key: "my own key" })).status).toBe(200);
    expect(office.configText()).toMatch(/^discovery: .* # nothing yet\nremote-management:\n {2}secret-key: \$2b\$04\$.{53}\n$/);
    expect((await setUp({ token: TOKEN, key: "another key" })).status).toBe(403);
    expect((await office.get("/session", { key: null })).body).toEqual({ signedIn: false, setup: false });
    expect(await office.store.audit.list({ limit: 9 })).toEqual([expect.objectContaining({ actor: "setup", action: "setup.begun", details: { made: false } })]);
  });

  test("a key that the server makes is shown once", async () => {
    await ready();
    const { body } = await setUp({ token: TOKEN });
    const { key } = body as { key: string };
    expect(key).toMatch(/^\w{40}$/);
    expect((await office.get("/debug", { key })).status).toBe(200);
  });

  test("keys that are too short or too long for bcrypt are refused, and the link stays good", async () => {
    await ready();
    expect(await setUp({ token: TOKEN, key: "short" })).toMatchObject({ status: 400, body: { path: "key" } });
    expect(await setUp({ token: TOKEN, key: "ü".repeat(40) })).toMatchObject({ status: 400, body: { path: "key" } });
    expect((await setUp({ token: TOKEN, key: "long enough" })).status).toBe(200);
  });

  test("the link is good for half an hour, on this machine, for our own page", async () => {
    await ready();
    expect((await setUp({ token: TOKEN }, { origin: "https://evil.example.com" })).status).toBe(403);
    office.visitor.address = "203.0.113.7";
    expect((await setUp({ token: TOKEN })).status).toBe(404);
    expect((await office.get("/session", { key: null })).status).toBe(404);
    office.visitor.address = "127.0.0.1";
    office.clock.advance(30 * 60_000);
    expect((await setUp({ token: TOKEN })).status).toBe(404);
    expect((await office.get("/session", { key: null })).status).toBe(404);
  });

  test("a file that cannot be written leaves everything as it was", async () => {
    await ready();
    const real = office.keeper.change.bind(office.keeper);
    const { ConfigRefused } = await import("@dragoman/gateway");
    office.keeper.change = () => Promise.reject(new ConfigRefused("write", "EROFS"));
    expect(await setUp({ token: TOKEN })).toMatchObject({ status: 500, body: { error: "failed to save config: EROFS" } });
    office.keeper.change = real;
    expect((await setUp({ token: TOKEN })).status).toBe(200);
  });

  test("what is done of the first steps", async () => {
    await start({ config: usualConfig().replace(/api-keys:\n.*\n/, ""), office: {} });
    expect((await office.get("/setup")).body).toEqual({ managementKey: true, upstream: false, clientKey: false, firstCall: false });
    await office.call("PUT", "/api-keys", { body: ["k"] });
    await office.call("PUT", "/codex-api-key", { body: [{ "api-key": "sk", models: [{ name: "m" }] }] });
    expect((await office.get("/setup")).body).toEqual({ managementKey: true, upstream: true, clientKey: true, firstCall: false });
  });
});
