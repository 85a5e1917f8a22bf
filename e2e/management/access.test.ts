import { afterEach, describe, expect, test } from "bun:test";
import { MANAGEMENT_KEY, startOffice, usualConfig, type OfficeOptions, type RunningOffice } from "../kit/office.ts";

let office: RunningOffice;
const start = async (options?: OfficeOptions): Promise<void> => { office = await startOffice(options); };
afterEach(() => office.close());

const REMOTE = "203.0.113.7";
const OPEN = "  allow-remote: true\n";
const MINUTE = 60_000;

describe("which key opens the office", () => {
  const status = async (headers: Record<string, string>): Promise<unknown[]> => {
    const { status, body } = await office.get("/debug", { key: null, headers });
    return [status, body];
  };
  const good = [200, { debug: false }];
  const missing = [401, { error: "missing management key" }];
  const invalid = [401, { error: "invalid management key" }];

  test("either header, and Authorization before the other", async () => {
    await start();
    expect(await status({ authorization: `Bearer ${MANAGEMENT_KEY}` })).toEqual(good);
    expect(await status({ authorization: `bEaReR ${MANAGEMENT_KEY}` })).toEqual(good);
    expect(await status({ authorization: MANAGEMENT_KEY })).toEqual(good);
    expect(await status({ "x-management-key": MANAGEMENT_KEY })).toEqual(good);
    expect(await status({ authorization: "Bearer wrong", "x-management-key": MANAGEMENT_KEY })).toEqual(invalid);
    expect(await status({ authorization: `Basic ${MANAGEMENT_KEY}` })).toEqual(invalid);
    expect(await status({})).toEqual(missing);
    expect(await status({ authorization: "", "x-management-key": "" })).toEqual(missing);
  });

  test("bcrypt runs once for a key, and again after the secret changed", async () => {
    let verified = 0;
    const passwords = { hash: (secret: string) => Bun.password.hash(secret, { algorithm: "bcrypt" as const, cost: 4 }), verify: (secret: string, hash: string) => (verified++, Bun.password.verify(secret, hash)) };
    await start({ office: { passwords } });
    await Promise.all([office.get("/debug"), office.get("/debug"), office.get("/debug")]);
    await office.get("/debug");
    expect(verified).toBe(1);
    await office.keeper.change((tree) => ({ ...tree, "remote-management": { "secret-key": "another" } }));
    expect((await office.get("/debug")).body).toEqual({ error: "invalid management key" });
    expect((await office.get("/debug", { key: "another" })).status).toBe(200);
    expect(office.configText()).not.toContain("another");
  });

  test("the key of the environment opens alone, from anywhere", async () => {
    await start({ config: "discovery: { environment: false, local: false }\n", office: { environmentKey: "from environment" } });
    office.visitor.address = REMOTE;
    expect((await office.get("/debug", { key: "from environment" })).status).toBe(200);
    expect((await office.get("/debug")).status).toBe(401);
  });

  test("the local key is good on this machine alone", async () => {
    await start({ more: OPEN, office: { localKey: "from a wrapper" } });
    expect((await office.get("/debug", { key: "from a wrapper" })).status).toBe(200);
    office.visitor.address = "::1";
    expect((await office.get("/debug", { key: "from a wrapper" })).status).toBe(200);
    office.visitor.address = REMOTE;
    expect((await office.get("/debug", { key: "from a wrapper", headers: { "x-forwarded-for": "127.0.0.1" } })).body).toEqual({ error: "invalid management key" });
  });

  test("without a secret there is nothing, and it comes and goes with the configuration", async () => {
    await start({ config: "api-keys: [a]\ndiscovery: { environment: false, local: false }\n" });
    const stranger = await office.call("GET", "//nothing/here", { key: "a" });
    const hidden = await office.get("/debug");
    expect(hidden.status).toBe(404);
    expect(hidden.text.replace("/v0/management/debug", "/nothing/here").replace(/req_\w+/, "")).toBe(stranger.text.replace(/req_\w+/, ""));
    expect([...hidden.headers.keys()].toSorted()).toEqual([...stranger.headers.keys()].toSorted());
    await office.keeper.change((tree) => ({ ...tree, "remote-management": { "secret-key": "new" } }));
    expect((await office.get("/debug", { key: "new" })).status).toBe(200);
    await office.keeper.change((tree) => ({ ...tree, "remote-management": { "secret-key": "" } }));
    expect((await office.get("/debug", { key: "new" })).status).toBe(404);
  });
});

describe("callers of other machines", () => {
  test("are refused before their key is looked at, and that counts as no failure", async () => {
    await start();
    office.visitor.address = REMOTE;
    for (let call = 0; call < 7; call++) expect(await office.get("/debug", { key: "wrong" })).toMatchObject({ status: 403, body: { error: "remote management disabled" } });
    await office.keeper.change((tree) => ({ ...tree, "remote-management": { ...(tree["remote-management"] as object), "allow-remote": true } }));
    expect((await office.get("/debug")).status).toBe(200);
  });

  test("are shut out after five failures in a row, missing keys among them, for half an hour", async () => {
    await start({ more: OPEN });
    office.visitor.address = REMOTE;
    for (const key of ["wrong", null, "wrong", null]) expect((await office.get("/debug", { key })).status).toBe(401);
    expect((await office.get("/debug")).status).toBe(200);
    for (const key of ["wrong", null, "wrong", "wrong", "wrong"]) expect((await office.get("/debug", { key })).status).toBe(401);
    const banned = await office.get("/debug");
    expect(banned.status).toBe(403);
    expect((banned.body as { error: string }).error).toMatch(/^IP banned due to too many failed attempts\. Try again in (30m0s|29m59s)$/);
    office.clock.advance(29 * MINUTE + 15_000);
    expect((await office.get("/debug")).body).toEqual({ error: expect.stringMatching(/Try again in 4[45]s$/) as never });
    office.visitor.address = "203.0.113.8";
    expect((await office.get("/debug")).status).toBe(200);
    office.visitor.address = REMOTE;
    office.clock.advance(MINUTE);
    for (let call = 0; call < 4; call++) expect((await office.get("/debug", { key: "wrong" })).status).toBe(401);
    expect((await office.get("/debug")).status).toBe(200);
  });

  test("guesses made at once do not slip through", async () => {
    await start({ more: OPEN });
    office.visitor.address = REMOTE;
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => office.get("/debug", { key: `guess ${index}` })));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  });

  test("callers of this machine are never shut out", async () => {
    await start();
    for (let call = 0; call < 8; call++) expect((await office.get("/debug", { key: "wrong" })).status).toBe(401);
    expect((await office.get("/debug")).status).toBe(200);
  });
});

describe("replies", () => {
  test("carry the version, an id, and no more than they must", async () => {
    await start();
    for (const key of [MANAGEMENT_KEY, "wrong"]) {
      const { headers } = await office.get("/debug", { key });
      expect(headers.get("x-cpa-version")).toMatch(/^\d+\.\d+\.\d+$/);
      expect(headers.get("x-cpa-support-plugin")).toBe("false");
      expect(headers.get("x-request-id")).toMatch(/^req_/);
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  test("pages of other origins may read them when the configuration says so", async () => {
    await start({ config: `${usualConfig()}cors:\n  origins: ["https://panel.example.com"]\n` });
    const headers = { origin: "https://panel.example.com", "access-control-request-method": "PATCH", "access-control-request-headers": "authorization" };
    const preflight = await office.call("OPTIONS", "/debug", { key: null, headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET, POST, PUT, PATCH, DELETE, OPTIONS");
    const allowed = await office.get("/debug", { headers });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://panel.example.com");
    expect(allowed.headers.get("access-control-expose-headers")).toContain("x-cpa-version");
    expect(allowed.headers.get("access-control-allow-credentials")).toBeNull();
    const foreign = await office.get("/debug", { headers: { origin: "https://evil.example.com" } });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("paths, verbs and bodies that do not fit", async () => {
    await start();
    expect((await office.get("/no-such-thing")).status).toBe(404);
    const verb = await office.call("POST", "/debug", { body: {} });
    expect([verb.status, verb.headers.get("allow")]).toEqual([405, "GET, PUT, PATCH, HEAD"]);
    expect((await office.call("PUT", "/debug", { body: "{" })).body).toEqual({ error: "invalid body" });
    expect((await office.call("HEAD", "/debug")).status).toBe(200);
    expect((await office.get("/debug/")).status).toBe(200);
  });
});
