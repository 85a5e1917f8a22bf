import { afterEach, describe, expect, test } from "bun:test";
import { ask } from "../../kit/calls.ts";
import { CLIENT_KEY, startOffice } from "../../kit/office.ts";
import { startUpstreamOffice, yaml, type UpstreamOffice, type UpstreamOptions } from "./upstream-office.ts";

let place: UpstreamOffice;
const start = async (options: Partial<UpstreamOptions> = {}): Promise<void> => { place = await startUpstreamOffice({ keys: ["sk-key-aaaaaaaa"], ...options }); };
afterEach(() => place.close());

describe("GET /models", () => {
  test("names, what they stand for, who serves them, and whether he can now", async () => {
    await start({
      dialect: "anthropic-messages", keys: ["sk-ant-number-one"], models: [{ name: "claude-haiku-4-5", alias: "fast", "display-name": "Fast" }, { name: "claude-opus-4-1" }, { name: "unheard-of" }],
      script: () => ({ trouble: "refuse", status: 429, message: "slow down", headers: { "retry-after": "600" } }),
    });
    await place.ask("claude-opus-4-1");
    const { body } = await place.office.get("/models") as { body: { models: Record<string, unknown>[]; pricesFrom: string } };
    expect(body.pricesFrom).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(body.models.map(({ id }) => id)).toEqual(["claude-opus-4-1", "fast", "unheard-of"]);
    const [opus, fast, unknown] = body.models;
    expect(opus).toMatchObject({ servedBy: [{ upstream: "claude", provider: "anthropic-compatible", dialect: "anthropic-messages", model: "claude-opus-4-1", ready: false }] });
    expect(opus).not.toHaveProperty("aliasOf");
    expect(fast).toMatchObject({ aliasOf: "claude-haiku-4-5", displayName: "Fast", servedBy: [{ ready: true }], price: { source: "catalogue" } });
    expect(unknown).not.toHaveProperty("price");
  });
});

describe("configuration", () => {
  test("the schema says of each option what a form shows", async () => {
    await start();
    const { body } = await place.office.get("/config/schema") as { body: { properties: Record<string, Record<string, unknown>> } };
    expect(body.properties.port).toMatchObject({ "x-reload": "restart", "x-section": "Server" });
    expect(body.properties["api-keys"]?.description).toBeString();
  });

  test("a check changes nothing and tells lines", async () => {
    await start();
    const check = async (text: string): Promise<unknown> => (await place.office.call("POST", "/config/check", { body: { text } })).body;
    const before = place.office.configText();
    expect(await check("debug: true\nport: abc\n")).toMatchObject({ ok: false, problems: [{ path: "port", line: 2 }] });
    expect(await check("debug: [\n")).toMatchObject({ ok: false, problems: [{ path: "" }] });
    expect(await check("debg: true\n")).toMatchObject({ ok: false, problems: [{ path: "debg", message: expect.stringContaining("debug") }] });
    const good = await check(`${before}debug: true\n`) as { ok: boolean; changes: { path: string }[] };
    expect(good.ok).toBe(true);
    expect(good.changes.map(({ path }) => path)).toEqual(["debug"]);
    expect(place.office.configText()).toBe(before);
  });

  const change = (body: object): Promise<{ status: number; body: unknown }> => place.office.call("PATCH", "/config", { body });

  test("a change by path takes effect at once; comments stay", async () => {
    await start();
    expect(await change({ set: [{ path: ["openai-compatibility", 0, "models", 0, "alias"], value: "renamed" }, { path: ["debug"], value: true }] })).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(await place.ask("sim")).toBe(404);
    expect(await place.ask("renamed")).toBe(200);
    expect(place.office.keeper.current().config.debug).toBe(true);
    expect(place.office.configText()).toStartWith("# of the tests\n");
    expect(await change({ remove: [["openai-compatibility", 0, "models", 0, "alias"], ["debug"]] })).toMatchObject({ status: 200 });
    expect(await place.ask("sim")).toBe(200);
    expect(place.office.configText()).not.toContain("debug");
    const { body, text } = await place.office.get("/audit?action=config.changed");
    expect(body).toMatchObject({ entries: [{ details: { removed: ["openai-compatibility[0].models[0].alias", "debug"] } }, { details: { set: ["openai-compatibility[0].models[0].alias", "debug"] } }] });
    expect(text).not.toContain("renamed");
  });

  test("a change that makes no configuration changes nothing", async () => {
    await start();
    const before = place.office.configText();
    expect(await change({ set: [{ path: ["port"], value: "abc" }] })).toMatchObject({ status: 422, body: { error: "invalid_config", path: "port" } });
    expect(await change({ set: [{ path: ["debug", "deeper"], value: 1 }] })).toMatchObject({ status: 422, body: { error: "invalid_config" } });
    expect(await change({ set: [{ path: ["api-keys", 7], value: "x" }] })).toMatchObject({ status: 422, body: { path: "api-keys[7]" } });
    expect(await change({ set: [{ path: [], value: 1 }] })).toMatchObject({ status: 400 });
    expect(place.office.configText()).toBe(before);
  });
});

describe("GET /audit", () => {
  test("pages, newest first", async () => {
    await start();
    for (const value of [true, false, true]) await place.office.call("PATCH", "/config", { body: { set: [{ path: ["debug"], value }] } });
    const first = (await place.office.get("/audit?limit=2")).body as { entries: { id: number }[]; nextBefore?: number };
    expect(first.entries).toHaveLength(2);
    const second = (await place.office.get(`/audit?limit=2&before=${String(first.nextBefore)}`)).body as typeof first;
    expect(second.entries).toHaveLength(1);
    expect(second.nextBefore).toBeUndefined();
    const ids = [...first.entries, ...second.entries].map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect((await place.office.get("/audit?limit=0")).status).toBe(400);
  });
});

describe("GET /connect", () => {
  type Reply = { baseUrl: string; clients: { id: string; steps: { text: string }[] }[] };

  test("settings with the address, the key and the model", async () => {
    await start();
    const { body } = await place.office.get("/connect?key=sk-abc&model=sim") as { body: Reply };
    expect(body.baseUrl).toBe(place.office.origin);
    const claude = body.clients.find(({ id }) => id === "claude-code")?.steps.map(({ text }) => text).join("\n");
    for (const word of [place.office.origin, "sk-abc", "sim"]) expect(claude).toContain(word);
    expect(place.office.log.map((line) => JSON.stringify(line)).join("\n")).not.toContain("sk-abc");
  });

  test("without a key, a word stands for it", async () => {
    await start();
    const { body } = await place.office.get("/connect") as { body: Reply };
    expect(body.clients.find(({ id }) => id === "curl")?.steps[0]?.text).toContain("Bearer KEY");
  });

  test("the call for curl is one that works", async () => {
    await start();
    const { body } = await place.office.get(`/connect?key=${CLIENT_KEY}&model=sim`) as { body: Reply };
    const run = Bun.spawn(["sh", "-c", body.clients.find(({ id }) => id === "curl")?.steps[0]?.text ?? "false"], { stderr: "ignore" });
    expect(JSON.parse(await new Response(run.stdout).text())).toMatchObject({ choices: [{ message: { content: "ok" } }] });
  });

  test("an address that listens everywhere is told as the one by which the page came", async () => {
    await start();
    const other = await startOffice({ office: { facts: { runtime: "tests", startedAt: 0, url: () => "http://0.0.0.0:8317" } } });
    expect((await other.get("/connect")).body).toMatchObject({ baseUrl: other.origin });
    await other.close();
  });
});

describe("GET /system", () => {
  test("what this is", async () => {
    await start({ office: { more: yaml({ "update-url": "" }) } });
    await (await ask(place.office.origin, "openai-chat", { model: "sim" })).text();
    expect((await place.office.get("/system")).body).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+/), runtime: "tests", store: "sqlite", configPath: place.office.configPath, records: 1, allowRemote: false, capture: false });
  });
});
