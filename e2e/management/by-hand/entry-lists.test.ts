import { afterEach, describe, expect, test } from "bun:test";
import { startOffice, type OfficeOptions, type RunningOffice } from "../../kit/office.ts";

let office: RunningOffice;
const start = async (options?: OfficeOptions): Promise<void> => { office = await startOffice(options); };
afterEach(() => office.close());
const OK = { status: "ok" };

interface Shown { readonly [key: string]: unknown }

/** The entries as GET shows them, without what is only for reading. */
async function entries(list: string): Promise<readonly Shown[]> {
  const { body } = await office.get(`/${list}`);
  const found = (body as Record<string, Shown[]>)[list] ?? [];
  return found.map(({ "auth-index": _index, ...entry }) => ({
    ...entry,
    ...(Array.isArray(entry["api-key-entries"]) && { "api-key-entries": entry["api-key-entries"].map(({ "auth-index": _inner, ...key }: Shown) => key) }),
  }));
}

const change = async (method: string, path: string, body?: unknown): Promise<unknown[]> => {
  const answer = await office.call(method, path, body === undefined ? {} : { body });
  return [answer.status, answer.body];
};
const keysOf = async (list: string): Promise<unknown[]> => (await entries(list)).map((entry) => entry["api-key"] ?? entry.name);

describe.each(["gemini-api-key", "codex-api-key", "claude-api-key", "xai-api-key", "vertex-api-key", "interactions-api-key"])("%s", (list) => {
  const ready = () => start({ more: `${list}:\n  - api-key: k1 # first\n    base-url: https://one.example.com\n    priority: 2\n  - api-key: k2\n    base-url: https://two.example.com\n` });

  test("is read and replaced", async () => {
    await ready();
    expect(await entries(list)).toMatchObject([{ "api-key": "k1", "base-url": "https://one.example.com", "proxy-url": "", priority: 2 }, { "api-key": "k2", "proxy-url": "" }]);
    expect(await change("PUT", `/${list}`, [{ "api-key": " k3 ", "base-url": "https://x.example.com" }, { "api-key": "k1", "base-url": "https://one.example.com" }])).toEqual([200, OK]);
    expect(await keysOf(list)).toEqual(["k3", "k1"]);
    expect(office.configText()).toContain("api-key: k1 # first");
    expect(await change("PUT", `/${list}`, { items: [{ "api-key": "k4", "base-url": "https://x.example.com" }] })).toEqual([200, OK]);
    expect(await keysOf(list)).toEqual(["k4"]);
    for (const body of [{ items: [] }, {}, "", [1], ["k"], null, { items: ["k"] }]) expect(await change("PUT", `/${list}`, body)).toEqual([400, { error: "invalid body" }]);
    expect(await change("PUT", `/${list}`, [])).toEqual([200, OK]);
    expect(await entries(list)).toEqual([]);
  });

  test("what was read can be written, and nothing changes", async () => {
    await ready();
    const text = office.configText();
    const { body } = await office.get(`/${list}`);
    expect(await change("PUT", `/${list}`, (body as Record<string, unknown>)[list])).toEqual([200, OK]);
    expect(office.configText()).toBe(text);
  });

  test("an entry is patched by index, else by key; what is not named stays", async () => {
    await ready();
    expect(await change("PATCH", `/${list}`, { index: 0, value: { prefix: "team" } })).toEqual([200, OK]);
    expect((await entries(list))[0]).toMatchObject({ "api-key": "k1", priority: 2, prefix: "team" });
    expect(await change("PATCH", `/${list}`, { match: "k2", value: { "api-key": "k2", "base-url": "https://2.example.com", "proxy-url": "socks5://proxy.example.com:1080" } })).toEqual([200, OK]);
    expect((await entries(list))[1]).toMatchObject({ "base-url": "https://2.example.com", "proxy-url": "socks5://proxy.example.com:1080" });
    expect(await change("PATCH", `/${list}`, { index: 9, match: "k1", value: { weight: null, prefix: null } })).toEqual([200, OK]);
    expect((await entries(list))[0]).not.toHaveProperty("prefix");
    for (const body of [{ index: 9, value: {} }, { match: "nobody", value: {} }, { value: {} }]) expect(await change("PATCH", `/${list}`, body)).toEqual([404, { error: "item not found" }]);
    for (const body of [{ index: 0 }, { match: "k1" }, { index: 0, value: null }, { index: 0, value: [] }, {}, ""]) expect(await change("PATCH", `/${list}`, body)).toEqual([400, { error: "invalid body" }]);
    expect(await change("PATCH", `/${list}`, { index: 0, value: { "api-key": "  " } })).toEqual([200, OK]);
    expect(await keysOf(list)).toEqual(["k2"]);
  });

  test("entries go by key, else by index", async () => {
    await ready();
    expect(await change("DELETE", `/${list}?api-key=k1&index=1`)).toEqual([200, OK]);
    expect(await keysOf(list)).toEqual(["k2"]);
    expect(await change("DELETE", `/${list}?api-key=nobody`)).toEqual(list === "gemini-api-key" ? [404, { error: "item not found" }] : [200, OK]);
    for (const query of ["", "?index=3", "?index=x", "?api-key=", "?name=k2"]) expect(await change("DELETE", `/${list}${query}`)).toEqual([400, { error: "missing api-key or index" }]);
    expect(await change("DELETE", `/${list}?index=0`)).toEqual([200, OK]);
    expect(await keysOf(list)).toEqual([]);
  });

  test("one key at two addresses", async () => {
    await start({ more: `${list}:\n  - { api-key: k, base-url: "https://one.example.com" }\n  - { api-key: k, base-url: "https://two.example.com" }\n` });
    expect(await change("PATCH", `/${list}`, { match: "k", value: { prefix: "p" } })).toEqual([400, { error: "multiple items match; index is required" }]);
    expect(await change("DELETE", `/${list}?api-key=k`)).toEqual([400, { error: "multiple items match api-key; base-url is required" }]);
    expect(await change("DELETE", `/${list}?api-key=k&base-url=https://two.example.com`)).toEqual([200, OK]);
    expect(await entries(list)).toMatchObject([{ "base-url": "https://one.example.com" }]);
  });

  test("fields that nobody knows survive: in the file, in what is read, in what is written back and patched", async () => {
    const unknown = { "no-such-field": { deep: [1, "two"] }, note: "${NOTE}", models: [{ name: "m", colour: "blue" }] };
    await start({ environment: { NOTE: "hello" }, more: `${list}:\n  - api-key: k1\n    no-such-field: { deep: [1, two] } # mine\n    note: \${NOTE}\n    models:\n      - name: m\n        colour: blue\n  - api-key: k2\n` });
    const text = office.configText();
    const shown = await entries(list);
    expect(shown[0]).toMatchObject({ ...unknown, note: "hello" });
    expect(await change("PUT", `/${list}`, shown)).toEqual([200, OK]);
    expect(office.configText()).toBe(text);
    expect(await change("PUT", `/${list}`, shown.map((entry) => ({ ...entry, priority: 4 })))).toEqual([200, OK]);
    expect(await change("PATCH", `/${list}`, { index: 0, value: { prefix: "team", "another-field": true } })).toEqual([200, OK]);
    expect((await entries(list))[0]).toMatchObject({ ...unknown, note: "hello", priority: 4, prefix: "team", "another-field": true });
    expect(office.configText()).toContain("    no-such-field: { deep: [1, two] } # mine\n    note: ${NOTE}\n");
  });

  test("fields that cannot be are refused, with their place", async () => {
    await ready();
    if (list === "interactions-api-key") return;
    const text = office.configText();
    for (const value of [{ priority: "high" }, { weight: 1.5 }, { "base-url": "ftp://x" }]) {
      const { status, body } = await office.call("PATCH", `/${list}`, { body: { index: 0, value } });
      expect(status).toBe(400);
      expect(body).toMatchObject({ error: "invalid body", path: expect.stringContaining(`${list}[0].`) });
    }
    expect(office.configText()).toBe(text);
  });
});

describe("gemini-api-key", () => {
  test("blank keys and repetitions are dropped, the first is kept", async () => {
    await start();
    await change("PUT", "/gemini-api-key", [{ "api-key": "" }, { "api-key": "a", priority: 1 }, { "api-key": "a ", priority: 2 }, { "api-key": "a", prefix: "p" }, { "base-url": "https://x.example.com" }]);
    expect(await entries("gemini-api-key")).toEqual([{ "api-key": "a", "proxy-url": "", priority: 1 }, { "api-key": "a", "proxy-url": "", prefix: "p" }]);
  });

  test("match is trimmed", async () => {
    await start({ more: "gemini-api-key: [{ api-key: a }]\n" });
    expect(await change("PATCH", "/gemini-api-key", { match: " a ", value: { prefix: "p" } })).toEqual([200, OK]);
  });
});

describe("codex-api-key and claude-api-key", () => {
  test("codex entries without an address are kept and shown", async () => {
    await start();
    await change("PUT", "/codex-api-key", [{ "api-key": "sk-a", "base-url": "", "proxy-url": "" }]);
    expect(await change("PATCH", "/codex-api-key", { match: "sk-a", value: { "api-key": "sk-a", "base-url": "", "proxy-url": "socks5://proxy.example.com:1080" } })).toEqual([200, OK]);
    expect(await entries("codex-api-key")).toEqual([{ "api-key": "sk-a", "base-url": "", "proxy-url": "socks5://proxy.example.com:1080" }]);
  });

  test("match is exact", async () => {
    await start({ more: "claude-api-key: [{ api-key: a }]\n" });
    expect(await change("PATCH", "/claude-api-key", { match: " a ", value: {} })).toEqual([404, { error: "item not found" }]);
  });

  test("models of claude entries: the aliases alone are offered", async () => {
    await start();
    await change("PUT", "/claude-api-key", [{ "api-key": "sk-ant", models: [{ name: "claude-sonnet-4-5", alias: "sonnet" }] }]);
    expect(await entries("claude-api-key")).toEqual([{ "api-key": "sk-ant", "base-url": "", "proxy-url": "", models: [{ name: "claude-sonnet-4-5", alias: "sonnet" }] }]);
    const { body } = await office.call("GET", "//v1/models", { key: "client-key-for-tests" });
    expect((body as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(["sonnet"]);
  });

  test("fields that have no effect here survive", async () => {
    await start();
    const entry = { "api-key": "k", "base-url": "https://x.example.com", websockets: true, "alpha-search": true, models: [{ name: "m", "is-compat": true }] };
    await change("PUT", "/codex-api-key", [entry]);
    expect(await entries("codex-api-key")).toEqual([{ "proxy-url": "", ...entry }]);
  });
});

test("vertex-api-key needs a key", async () => {
  await start();
  expect(await change("PUT", "/vertex-api-key", [{ "api-key": "" }])).toEqual([400, { error: "api-key is required" }]);
});

describe("openai-compatibility", () => {
  const one = { name: "openrouter", "base-url": "https://openrouter.ai/api/v1", "api-key-entries": [{ "api-key": "sk", "proxy-url": "" }], models: [{ name: "moonshotai/kimi-k2:free", alias: "kimi-k2" }] };
  const extended = { ...one, "no-such-field": 1, "api-key-entries": [{ "api-key": "sk", "proxy-url": "", label: "mine" }], models: [{ name: "m", alias: "n", colour: "blue" }] };
  const list = "openai-compatibility";

  test("is read, replaced and patched by name", async () => {
    await start();
    expect(await change("PUT", `/${list}`, [one, { name: "nowhere", "base-url": " " }])).toEqual([200, OK]);
    expect(await entries(list)).toEqual([one]);
    expect(await change("PATCH", `/${list}`, { name: "openrouter", value: { disabled: true } })).toEqual([200, OK]);
    expect(await entries(list)).toEqual([{ ...one, disabled: true }]);
    expect(await change("PATCH", `/${list}`, { index: 0, value: { name: "renamed", disabled: false } })).toEqual([200, OK]);
    expect(await change("PATCH", `/${list}`, { name: "openrouter", value: {} })).toEqual([404, { error: "item not found" }]);
    expect(await change("PATCH", `/${list}`, { match: "renamed", value: {} })).toEqual([404, { error: "item not found" }]);
    expect(await change("PATCH", `/${list}`, { name: "renamed", value: { "base-url": "" } })).toEqual([200, OK]);
    expect(await entries(list)).toEqual([]);
  });

  test("fields that nobody knows survive, also of its keys and models", async () => {
    await start();
    expect(await change("PUT", `/${list}`, [extended])).toEqual([200, OK]);
    expect(await entries(list)).toEqual([extended]);
    expect(await change("PATCH", `/${list}`, { name: "openrouter", value: { disabled: true } })).toEqual([200, OK]);
    expect(await entries(list)).toEqual([{ ...extended, disabled: true }]);
    expect(await change("PATCH", `/${list}`, { name: "openrouter", value: { "api-key-entries": [{ "api-key": 7 }] } })).toMatchObject([400, { path: `${list}[0].api-key-entries[0].api-key` }]);
  });

  test("keys in their old spelling are folded in, and never shown", async () => {
    await start({ more: `${list}:\n  - name: a\n    base-url: https://a.example.com\n    api-keys: [old] # legacy\n` });
    expect(await entries(list)).toEqual([{ name: "a", "base-url": "https://a.example.com", "api-key-entries": [{ "api-key": "old", "proxy-url": "" }], models: [] }]);
    await change("PATCH", `/${list}`, { index: 0, value: { "api-keys": ["sk-1", "sk-2"] } });
    expect((await entries(list))[0]).toMatchObject({ "api-key-entries": [{ "api-key": "sk-1" }, { "api-key": "sk-2" }] });
    await change("PUT", `/${list}`, [{ ...one, "api-keys": ["sk", "sk-3"] }]);
    expect((await entries(list))[0]).toMatchObject({ "api-key-entries": [{ "api-key": "sk" }, { "api-key": "sk-3" }] });
    expect(office.configText()).not.toContain("api-keys: [old]");
  });

  test("entries go by name, else by index; an unknown name is fine", async () => {
    await start();
    await change("PUT", `/${list}`, [one, { ...one, name: "b" }]);
    expect(await change("DELETE", `/${list}?name=nobody`)).toEqual([200, OK]);
    expect(await change("DELETE", `/${list}?name=openrouter`)).toEqual([200, OK]);
    expect(await keysOf(list)).toEqual(["b"]);
    expect(await change("DELETE", `/${list}?index=4`)).toEqual([400, { error: "missing name or index" }]);
    expect(await change("DELETE", `/${list}?index=0`)).toEqual([200, OK]);
    expect(await keysOf(list)).toEqual([]);
  });
});

describe("auth-index", () => {
  test("is shown for each credential, and ignored when it comes back", async () => {
    await start({ more: `gemini-api-key:\n  - api-key: ""\n  - api-key: a\n  - api-key: b\nopenai-compatibility:\n  - name: x\n    base-url: https://x.example.com\n    api-key-entries: [{ api-key: k1 }, { api-key: k2 }]\n  - name: bare\n    base-url: https://y.example.com\n` });
    const known = new Set(office.gateway.engine.switchboard.roster.services().flatMap((service) => [...service.credentials].map(({ index }) => index)));
    const gemini = ((await office.get("/gemini-api-key")).body as Record<string, Shown[]>)["gemini-api-key"] ?? [];
    const compatible = ((await office.get("/openai-compatibility")).body as Record<string, Shown[]>)["openai-compatibility"] ?? [];
    const shown = [...gemini.map((entry) => entry["auth-index"]), ...(compatible[0]?.["api-key-entries"] as Shown[]).map((key) => key["auth-index"]), compatible[1]?.["auth-index"]];
    expect(shown).toHaveLength(5);
    expect(new Set(shown) as Set<unknown>).toEqual(known);
    for (const index of shown) expect(index).toMatch(/^[0-9a-f]{16}$/);
    await office.call("PUT", "/gemini-api-key", { body: gemini });
    await office.call("PUT", "/openai-compatibility", { body: compatible });
    expect(office.configText()).not.toContain("auth-index");
  });
});
