import { afterEach, describe, expect, test } from "bun:test";
import { startOffice, type OfficeOptions, type RunningOffice } from "../../kit/office.ts";

let office: RunningOffice;
const start = async (options?: OfficeOptions): Promise<void> => { office = await startOffice(options); };
afterEach(() => office.close());
const OK = { status: "ok" };

/** Path, key of the reply, value before, another value. */
const SCALARS: readonly (readonly [path: string, key: string, before: unknown, after: unknown])[] = [
  ["/debug", "debug", false, true],
  ["/force-gpt-5-codex", "gpt-5-codex", false, true],
  ["/proxy-url", "proxy-url", "", "socks5://user:pass@127.0.0.1:1080/"],
  ["/quota-exceeded/switch-project", "switch-project", true, false],
  ["/quota-exceeded/switch-preview-model", "switch-preview-model", true, false],
  ["/request-retry", "request-retry", 3, 5],
  ["/request-log", "request-log", false, true],
  ["/usage-statistics-enabled", "usage-statistics-enabled", true, false],
  ["/logging-to-file", "logging-to-file", false, true],
  ["/logs-max-total-size-mb", "logs-max-total-size-mb", 0, 50],
  ["/error-logs-max-files", "error-logs-max-files", 10, 0],
  ["/ws-auth", "ws-auth", true, false],
  ["/max-retry-interval", "max-retry-interval", 30, 7],
  ["/max-retry-credentials", "max-retry-credentials", 0, 2],
  ["/force-model-prefix", "force-model-prefix", false, true],
  ["/routing/strategy", "strategy", "round-robin", "fill-first"],
];

test.each(SCALARS)("%s", async (path, key, before, after) => {
  await start({ more: "request-retry: 3 # rounds\nmax-retry-interval: 30\n" });
  expect((await office.get(path)).body).toEqual({ [key]: before });
  const put = await office.call("PUT", path, { body: { value: after } });
  expect([put.status, put.body]).toEqual([200, OK]);
  expect((await office.get(path)).body).toEqual({ [key]: after });
  expect((await office.call("PATCH", path, { body: { value: before } })).body).toEqual(OK);
  expect((await office.get(path)).body).toEqual({ [key]: before });
  const text = office.configText();
  for (const body of [{}, { value: null }, { value: [] }, { value: typeof before === "string" ? 1 : "text" }, [], "", "null", { val: after }]) {
    for (const method of ["PUT", "PATCH"]) {
      const refused = await office.call(method, path, { body });
      expect([refused.status, refused.body]).toEqual([400, { error: "invalid body" }]);
    }
  }
  expect(office.configText()).toBe(text);
  expect(text).toContain("# of the tests");
});

describe("peculiarities", () => {
  test("DELETE /proxy-url empties it", async () => {
    await start({ more: 'proxy-url: "socks5://127.0.0.1:1080" # office\n' });
    expect((await office.call("DELETE", "/proxy-url")).body).toEqual(OK);
    expect((await office.get("/proxy-url")).body).toEqual({ "proxy-url": "" });
    expect(office.configText()).toContain('proxy-url: "" # office\n');
    expect((await office.call("DELETE", "/debug")).status).toBe(405);
  });

  test("spellings of the strategy", async () => {
    await start();
    for (const [given, kept] of [["ff", "fill-first"], ["wrr", "weighted-round-robin"], ["", "round-robin"], ["weightedroundrobin", "weighted-round-robin"], ["rr", "round-robin"], ["fillfirst", "fill-first"]]) {
      expect((await office.call("PUT", "/routing/strategy", { body: { value: given } })).body).toEqual(OK);
      expect((await office.get("/routing/strategy")).body).toEqual({ strategy: kept });
    }
    expect(await office.call("PUT", "/routing/strategy", { body: { value: "best" } })).toMatchObject({ status: 400, body: { error: "invalid strategy" } });
  });

  test("numbers below zero", async () => {
    await start();
    for (const [path, kept] of [["/logs-max-total-size-mb", 0], ["/error-logs-max-files", 10], ["/request-retry", 0]] as const) {
      expect((await office.call("PUT", path, { body: { value: -4 } })).body).toEqual(OK);
      expect(Object.values((await office.get(path)).body as object)).toEqual([kept]);
    }
  });

  test("whole numbers only", async () => {
    await start();
    for (const value of [1.5, "3", true]) expect((await office.call("PUT", "/request-retry", { body: { value } })).body).toEqual({ error: "invalid body" });
  });

  test("a value that cannot be is refused, and changes nothing", async () => {
    await start();
    const text = office.configText();
    expect(await office.call("PUT", "/proxy-url", { body: { value: "ftp://x" } })).toMatchObject({ status: 400, body: { error: "invalid body", path: "proxy-url" } });
    expect(office.configText()).toBe(text);
    expect((await office.get("/proxy-url")).body).toEqual({ "proxy-url": "" });
  });

  test("a content type that is not JSON's does not matter", async () => {
    await start();
    expect((await office.call("PUT", "/debug", { body: '{"value":true}', headers: { "content-type": "text/plain" } })).body).toEqual(OK);
  });

  test("a file that cannot be written", async () => {
    await start();
    const real = office.keeper.change.bind(office.keeper);
    const { ConfigRefused } = await import("@dragoman/gateway");
    office.keeper.change = () => Promise.reject(new ConfigRefused("write", "EROFS: read-only file system"));
    expect(await office.call("PUT", "/debug", { body: { value: true } })).toMatchObject({ status: 500, body: { error: "failed to save config: EROFS: read-only file system" } });
    office.keeper.change = real;
    expect((await office.get("/debug")).body).toEqual({ debug: false });
  });

  test("many changes at once are all kept", async () => {
    await start();
    await Promise.all(SCALARS.map(([path, , , value]) => office.call("PUT", path, { body: { value } })));
    for (const [path, key, , value] of SCALARS) expect((await office.get(path)).body).toEqual({ [key]: value });
  });

  test("each change is written down", async () => {
    await start();
    office.visitor.address = "::1";
    await office.call("PUT", "/quota-exceeded/switch-project", { body: { value: false } });
    await office.call("PUT", "/debug", { body: { value: "no" } });
    expect(await office.store.audit.list({ limit: 9 })).toEqual([expect.objectContaining({ actor: "management-key", address: "::1", action: "config.changed", target: "quota-exceeded.switch-project" })]);
  });
});
