import { afterEach, describe, expect, test } from "bun:test";
import { CLIENT_KEY, MANAGEMENT_KEY, startOffice, usualConfig, type OfficeOptions, type RunningOffice } from "../../kit/office.ts";

let office: RunningOffice;
const start = async (options?: OfficeOptions): Promise<void> => { office = await startOffice(options); };
afterEach(() => office.close());

describe("GET /config", () => {
  test("shows what is in force, keys included, and not where and by whom it is run", async () => {
    await start({ more: "gemini-api-key: [{ api-key: AIza-1 }]\nclaude-api-key: [{ api-key: sk-ant-1, headers: { X-Team: red } }]\nproxy-url: socks5://user:pass@127.0.0.1:1080\nseal-keys: [a very long passphrase]\n" });
    const { body } = await office.get("/config");
    expect(body).toMatchObject({
      debug: false, "proxy-url": "socks5://user:pass@127.0.0.1:1080", "api-keys": [CLIENT_KEY], "quota-exceeded": { "switch-project": true, "switch-preview-model": true },
      "gemini-api-key": [{ "api-key": "AIza-1", "proxy-url": "" }], "claude-api-key": [{ "api-key": "sk-ant-1", headers: { "X-Team": "red" } }], "codex-api-key": [], "openai-compatibility": [],
      "request-log": false, "request-retry": expect.any(Number), "logging-to-file": false, "usage-statistics-enabled": true, "ws-auth": true, "generative-language-api-key": ["AIza-1"],
    });
    for (const key of ["port", "host", "auth-dir", "remote-management"]) expect(body).not.toHaveProperty(key);
    expect(JSON.stringify(body)).not.toContain("very long passphrase");
    expect((body as { "gemini-api-key": object[] })["gemini-api-key"][0]).not.toHaveProperty("models");
  });
});

describe("config.yaml", () => {
  test("is read as it stands", async () => {
    await start();
    const answer = await office.get("/config.yaml");
    expect(answer.text).toBe(office.configText());
    expect(answer.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("is replaced byte for byte, and holds at once", async () => {
    await start();
    const text = `${usualConfig("debug: true # now\r\n")}\n\n# end`;
    const answer = await office.call("PUT", "/config.yaml", { body: text, headers: { "content-type": "application/yaml" } });
    expect([answer.status, answer.body]).toEqual([200, { ok: true, changed: ["config"] }]);
    expect(office.configText()).toBe(text);
    expect((await office.get("/debug")).body).toEqual({ debug: true });
  });

  test("a secret that is typed in never reaches the disk", async () => {
    await start();
    const text = usualConfig().replace(/secret-key: .*/, "secret-key: 'typed in' # mine");
    expect((await office.call("PUT", "/config.yaml", { body: text })).status).toBe(200);
    expect(office.configText()).toMatch(/secret-key: '\$2b\$04\$.{53}' # mine\n/);
    expect((await office.get("/debug")).status).toBe(401);
    expect((await office.get("/debug", { key: "typed in" })).status).toBe(200);
  });

  test("what is no YAML, and what is no configuration, changes nothing", async () => {
    await start();
    const before = office.configText();
    for (const body of ["a: [", "a: b: c", "\t", ""]) expect(await office.call("PUT", "/config.yaml", { body })).toMatchObject({ status: 400, body: { error: "invalid_yaml", message: expect.any(String) } });
    for (const body of ['port: "abc"\n', "- a\n", "just text", "debgu: true\n", "api-keys: ['${NOT_SET}']\n"]) expect(await office.call("PUT", "/config.yaml", { body })).toMatchObject({ status: 422, body: { error: "invalid_config", message: expect.any(String) } });
    expect((await office.call("PUT", "/config.yaml", { body: 'debug: true\nport: "abc"\n' })).body).toMatchObject({ path: "port", problems: [{ path: "port", line: 2 }] });
    expect(office.configText()).toBe(before);
  });

  test("there may be no file; the first change makes one", async () => {
    await start({ config: null, office: { environmentKey: MANAGEMENT_KEY } });
    expect(await office.get("/config.yaml")).toMatchObject({ status: 404, body: { error: "not_found", message: "config file not found" } });
    expect((await office.call("PUT", "/debug", { body: { value: true } })).body).toEqual({ status: "ok" });
    expect(office.configText()).toBe("debug: true\n");
    expect((await office.get("/config.yaml")).text).toBe("debug: true\n");
    expect((await office.get("/config")).body).toMatchObject({ debug: true });
  });
});

describe("models of logins", () => {
  const MAPS = [
    { path: "/oauth-excluded-models", list: "models", channel: "provider", values: ["gpt-5-*"], others: ["a"] },
    { path: "/oauth-model-alias", list: "aliases", channel: "channel", values: [{ name: "gpt-5", alias: "g5", fork: true }], others: [{ name: "gpt-4", alias: "g4" }] },
    { path: "/oauth-request-scoped-errors", list: "rules", channel: "channel", values: [{ status: 400, match: ["x"], action: "stop" }], others: [{ status: 429, action: "continue" }] },
  ] as const;

  test.each(MAPS)("$path", async ({ path, list, channel, values, others }) => {
    await start();
    const key = path.slice(1);
    const change = async (method: string, rest: string, body?: unknown): Promise<unknown[]> => {
      const answer = await office.call(method, path + rest, body === undefined ? {} : { body });
      return [answer.status, answer.body];
    };
    const ok = [200, { status: "ok" }];
    expect((await office.get(path)).body).toEqual({ [key]: {} });
    expect(await change("PUT", "", { codex: values })).toEqual(ok);
    expect((await office.get(path)).body).toEqual({ [key]: { codex: values } });
    expect(await change("PUT", "", { items: { Codex: values, empty: [] } })).toEqual(ok);
    expect((await office.get(path)).body).toEqual({ [key]: { codex: values } });
    expect(await change("PATCH", "", { [channel]: "Claude ", [list]: others })).toEqual(ok);
    expect(await change("PATCH", "", { provider: "codex", [list]: others })).toEqual(ok);
    expect((await office.get(path)).body).toEqual({ [key]: { codex: others, claude: others } });
    expect(await change("PATCH", "", { [channel]: "codex", [list]: [] })).toEqual(ok);
    expect(await change("PATCH", "", { [channel]: "codex", [list]: [] })).toEqual([404, { error: `${channel} not found` }]);
    expect(await change("PATCH", "", { [list]: others })).toEqual([400, { error: `invalid ${channel}` }]);
    expect(await change("DELETE", "")).toEqual([400, { error: `missing ${channel}` }]);
    expect(await change("DELETE", `?${channel}=codex`)).toEqual([404, { error: `${channel} not found` }]);
    expect(await change("DELETE", "?provider=claude")).toEqual(ok);
    expect((await office.get(path)).body).toEqual({ [key]: {} });
    for (const body of ["", [], { codex: 1 }, null]) expect(await change("PUT", "", body)).toEqual([400, { error: "invalid body" }]);
  });
});
