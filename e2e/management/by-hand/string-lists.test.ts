import { afterEach, describe, expect, test } from "bun:test";
import { startOffice, type OfficeOptions, type RunningOffice } from "../../kit/office.ts";

let office: RunningOffice;
const start = async (options?: OfficeOptions): Promise<void> => { office = await startOffice(options); };
afterEach(() => office.close());
const OK = { status: "ok" };
const INVALID = { error: "invalid body" };

/** The same rules hold for both lists. */
const LISTS: readonly (readonly [key: string, more: string])[] = [
  ["api-keys", ""],
  ["generative-language-api-key", "gemini-api-key:\n  - api-key: k1 # first\n  - api-key: k2\n  - api-key: k3\n"],
];
const usual = "discovery: { environment: false, local: false }\n";
const config = (key: string, more: string): string => (key === "api-keys" ? `${usual}api-keys:\n  - k1 # first\n  - k2\n  - k3\n` : usual + more);

describe.each(LISTS)("%s", (key, more) => {
  const path = `/${key}`;
  const ready = () => start({ config: config(key, more), office: { environmentKey: "management key of the tests" } });
  const values = async (): Promise<unknown> => ((await office.get(path)).body as Record<string, unknown>)[key];
  const change = async (method: string, rest: string, body?: unknown): Promise<unknown[]> => {
    const answer = await office.call(method, path + rest, body === undefined ? {} : { body });
    return [answer.status, answer.body];
  };

  test("is replaced by a list, bare or as items", async () => {
    await ready();
    expect((await office.get(path)).body).toEqual({ [key]: ["k1", "k2", "k3"] });
    expect(await change("PUT", "", ["a", "b"])).toEqual([200, OK]);
    expect(await values()).toEqual(["a", "b"]);
    expect(await change("PUT", "", { items: ["c"] })).toEqual([200, OK]);
    expect(await values()).toEqual(["c"]);
    expect(await change("PUT", "", [])).toEqual([200, OK]);
    expect(await values()).toEqual([]);
    expect(await change("PUT", "", { items: [] })).toEqual([400, INVALID]);
    for (const body of [{}, "", "x", [1], { items: [1] }, null]) expect(await change("PUT", "", body)).toEqual([400, INVALID]);
  });

  test("is patched by index, else by the old text; an unknown one is appended", async () => {
    await ready();
    expect(await change("PATCH", "", { index: 1, value: "two" })).toEqual([200, OK]);
    expect(await values()).toEqual(["k1", "two", "k3"]);
    expect(await change("PATCH", "", { old: "k3", new: "three" })).toEqual([200, OK]);
    expect(await change("PATCH", "", { old: "nobody", new: "four" })).toEqual([200, OK]);
    expect(await values()).toEqual(["k1", "two", "three", "four"]);
    expect(await change("PATCH", "", { index: 9, value: "x", old: "four", new: "4" })).toEqual([200, OK]);
    expect(await values()).toEqual(["k1", "two", "three", "4"]);
    for (const body of [{}, { index: 9, value: "x" }, { index: -1, value: "x" }, { index: 0 }, { value: "x" }, { old: "k1" }, { new: "x" }]) {
      expect(await change("PATCH", "", body)).toEqual([400, { error: "missing fields" }]);
    }
    for (const body of [{ index: "0", value: "x" }, { index: 0, value: 1 }, [], ""]) expect(await change("PATCH", "", body)).toEqual([400, INVALID]);
  });

  test("items go by index, else by value; an absent value is fine", async () => {
    await ready();
    expect(await change("DELETE", "?index=1")).toEqual([200, OK]);
    expect(await values()).toEqual(["k1", "k3"]);
    expect(await change("DELETE", "?value=%20k3%20")).toEqual([200, OK]);
    expect(await change("DELETE", "?value=nobody")).toEqual([200, OK]);
    expect(await change("DELETE", "?index=7&value=nobody")).toEqual([200, OK]);
    expect(await values()).toEqual(["k1"]);
    for (const query of ["", "?index=7", "?index=x", "?index=-1", "?value=", "?value=%20"]) expect(await change("DELETE", query)).toEqual([400, { error: "missing index or value" }]);
    expect(office.configText()).toContain("k1 # first");
  });
});

test("a client key opens as soon as it was added, and no longer once it is gone", async () => {
  await start();
  const models = async (key: string): Promise<number> => (await office.call("GET", "//v1/models", { key })).status;
  expect(await models("new-key")).toBe(401);
  await office.call("PATCH", "/api-keys", { body: { old: "", new: "new-key" } });
  expect(await models("new-key")).toBe(200);
  await office.call("DELETE", "/api-keys?value=new-key");
  expect(await models("new-key")).toBe(401);
});

test("the block auth.providers goes with the first change of the keys", async () => {
  await start({ config: `auth:\n  providers:\n    - name: config-inline\n      type: config-api-key\n      api-keys: [old-1, old-2]\n${usual}`, office: { environmentKey: "management key of the tests" } });
  expect((await office.get("/api-keys")).body).toEqual({ "api-keys": ["old-1", "old-2"] });
  await office.call("PATCH", "/api-keys", { body: { index: 0, value: "new-1" } });
  expect(office.configText()).toBe(`${usual}api-keys:\n  - new-1\n  - old-2\n`);
});

test("keys that stay keep what their entries say; renamed ones lose it", async () => {
  await start({ more: "gemini-api-key:\n  - api-key: AIza-1\n    base-url: https://one.example.com\n    headers: { X-Team: a }\n  - api-key: AIza-2\n    proxy-url: http://127.0.0.1:9\n" });
  await office.call("PUT", "/generative-language-api-key", { body: ["AIza-3", "AIza-1", "AIza-2"] });
  expect((await office.get("/gemini-api-key")).body).toMatchObject({ "gemini-api-key": [{ "api-key": "AIza-3", "proxy-url": "" }, { "api-key": "AIza-1", "base-url": "https://one.example.com", headers: { "X-Team": "a" } }, { "api-key": "AIza-2", "proxy-url": "http://127.0.0.1:9" }] });
  await office.call("PATCH", "/generative-language-api-key", { body: { old: "AIza-1", new: "AIza-9" } });
  const [, renamed] = ((await office.get("/gemini-api-key")).body as { "gemini-api-key": object[] })["gemini-api-key"];
  expect(Object.keys(renamed ?? {}).toSorted()).toEqual(["api-key", "auth-index", "proxy-url"]);
});

test("references in the file stay as they are", async () => {
  await start({ environment: { FIRST: "key-of-first" }, config: `${usual}api-keys:\n  - \${FIRST} # of the environment\n  - plain\n`, office: { environmentKey: "management key of the tests" } });
  expect((await office.get("/api-keys")).body).toEqual({ "api-keys": ["key-of-first", "plain"] });
  await office.call("PUT", "/api-keys", { body: ["plain", "key-of-first", "third"] });
  expect(office.configText()).toBe(`${usual}api-keys:\n  - plain\n  - \${FIRST} # of the environment\n  - third\n`);
});
