import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { namedFiles } from "../../../packages/server/src/host/named-files.ts";
import { startOffice, type Answer, type RunningOffice } from "../../kit/office.ts";
import { yaml } from "./upstream-office.ts";

let office: RunningOffice;
let directory: string;

beforeEach(async () => {
  office = await startOffice({ more: yaml({ "claude-api-key": [{ "api-key": "sk-ant-configured" }] }), office: { authFiles: namedFiles(() => directory) } });
  directory = join(office.directory, "auths");
});
afterEach(() => office.close());

const stored = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(directory, name), "utf8")) as Record<string, unknown>;
const store = (name: string, content: unknown): void => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), typeof content === "string" ? content : JSON.stringify(content));
};
const form = (...files: readonly (readonly [name: string, content: string])[]): FormData => {
  const data = new FormData();
  for (const [name, content] of files) data.append("file", new File([content], name));
  return data;
};
const files = async (query = ""): Promise<Record<string, unknown>[]> => ((await office.get(`/auth-files${query}`)).body as { files: Record<string, unknown>[] }).files;
const codes = ({ status, body }: Answer): unknown[] => [status, body];

describe("GET /auth-files", () => {
  test("an empty directory, or none", async () => {
    expect(codes(await office.get("/auth-files"))).toEqual([200, { files: [] }]);
    expect(existsSync(directory)).toBe(false);
  });

  test("the whole entry, by name, letter case aside", async () => {
    const claims = Buffer.from(JSON.stringify({ "https://api.openai.com/auth": { chatgpt_account_id: "acc_1", chatgpt_plan_type: "plus" } })).toString("base64url");
    store("codex-jane@example.com.json", { type: "codex", email: "jane@example.com", access_token: "at-secret", refresh_token: "rt-secret", id_token: `x.${claims}.y`, last_refresh: "2026-01-02T08:00:00Z", priority: 10, note: "hers", proxy_url: "http://me:pw-secret@proxy.example:8080" });
    store("Bob.json", { api_key: "key-secret" });
    store("alice.json", { type: "claude", disabled: true, expired: "2026-01-01T00:00:00Z" });
    store("broken.json", "[]");
    store("notes.txt", "no login");
    mkdirSync(join(directory, "sub.json"));
    const answer = await office.get("/auth-files");
    expect(answer.text).not.toContain("secret");
    const list = await files();
    expect(list.map(({ name }) => name)).toEqual(["alice.json", "Bob.json", "broken.json", "codex-jane@example.com.json"]);
    const [alice, bob, broken, jane] = list;
    expect(alice).toMatchObject({ type: "claude", provider: "claude", status: "disabled", disabled: true });
    expect(bob).toMatchObject({ type: "unknown", status: "unknown", account_type: "api_key" });
    expect(bob).not.toHaveProperty("account");
    expect(broken).toMatchObject({ status: "error", type: "unknown" });
    expect(jane).toMatchObject({
      id: "codex-jane@example.com.json", type: "codex", label: "jane@example.com", email: "jane@example.com", account: "jane@example.com", account_type: "oauth", status: "unknown",
      disabled: false, unavailable: false, runtime_only: false, source: "file", path: join(directory, "codex-jane@example.com.json"), size: statSync(join(directory, "codex-jane@example.com.json")).size,
      success: 0, failed: 0, priority: 10, note: "hers", proxy_url: "http://proxy.example:8080", last_refresh: "2026-01-02T08:00:00.000Z", id_token: { chatgpt_account_id: "acc_1", plan_type: "plus" },
    });
    expect(jane?.status_message).toContain("does not use");
    expect(jane?.auth_index).toMatch(/^[0-9a-f]{16}$/);
    expect(jane?.recent_requests).toHaveLength(20);
    for (const time of ["created_at", "modtime", "updated_at"]) expect(Date.parse(String(jane?.[time]))).not.toBeNaN();

    expect((await files("?name=Bob.json")).map(({ name }) => name)).toEqual(["Bob.json"]);
    expect((await files(`?auth_index=${String(jane?.auth_index)}`)).map(({ name }) => name)).toEqual(["codex-jane@example.com.json"]);
    expect((await files()).map((each) => each.auth_index)).toEqual(list.map((each) => each.auth_index));
  });

  test("a host that keeps none says so", async () => {
    const bare = await startOffice();
    expect(codes(await bare.get("/auth-files"))).toEqual([503, { error: "core auth manager unavailable" }]);
    await bare.close();
  });
});

describe("GET /auth-files/download", () => {
  test("the file as it is", async () => {
    store("acc1.json", '{ "type":"claude",   "access_token":"at" }');
    const answer = await office.get("/auth-files/download?name=acc1.json");
    expect(answer.text).toBe('{ "type":"claude",   "access_token":"at" }');
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="acc1.json"');
  });

  test("refusals", async () => {
    writeFileSync(join(office.directory, "outside.json"), "{}");
    const get = async (name: string): Promise<unknown[]> => codes(await office.get(`/auth-files/download?name=${encodeURIComponent(name)}`));
    for (const name of ["", "../outside.json", "a/b.json", "a\\b.json", "/etc/passwd.json", "..", "a\0.json"]) expect(await get(name)).toEqual([400, { error: "invalid name" }]);
    expect(await get("acc1.txt")).toEqual([400, { error: "name must end with .json" }]);
    expect(await get("acc1.json")).toEqual([404, { error: "file not found" }]);
    expect(codes(await office.get("/auth-files/download"))).toEqual([400, { error: "invalid name" }]);
  });
});

describe("POST /auth-files", () => {
  const upload = async (body: unknown, query = ""): Promise<unknown[]> => codes(await office.call("POST", `/auth-files${query}`, { body }));

  test("one file of a form, under its base name, for the owner only", async () => {
    expect(await upload(form(["folder/acc1.json", '{"type":"claude"}']))).toEqual([200, { status: "ok" }]);
    expect(readFileSync(join(directory, "acc1.json"), "utf8")).toBe('{"type":"claude"}');
    expect(statSync(join(directory, "acc1.json")).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(await upload(form(["acc1.json", '{"type":"codex"}']))).toEqual([200, { status: "ok" }]);
    expect(await files()).toMatchObject([{ name: "acc1.json", type: "codex" }]);
    expect(readdirSync(directory)).toEqual(["acc1.json"]);
  });

  test("several files: all, or some with 207", async () => {
    expect(await upload(form(["a.json", "{}"], ["b.json", "{}"]))).toEqual([200, { status: "ok", uploaded: 2, files: ["a.json", "b.json"] }]);
    expect(await upload(form(["c.json", "{}"], ["b.txt", "{}"], ["d.json", "nonsense"]))).toEqual([207, {
      status: "partial", uploaded: 1, files: ["c.json"],
      failed: [{ name: "b.txt", error: "file must be .json" }, { name: "d.json", error: "invalid auth file: expected a JSON object" }],
    }]);
    expect(readdirSync(directory).sort()).toEqual(["a.json", "b.json", "c.json"]);
  });

  test("a JSON body with a name", async () => {
    expect(await upload({ type: "gemini" }, "?name=acc2.json")).toEqual([200, { status: "ok" }]);
    expect(stored("acc2.json")).toEqual({ type: "gemini" });
    expect(await upload({}, "")).toEqual([400, { error: "invalid name" }]);
    expect(await upload({}, "?name=../x.json")).toEqual([400, { error: "invalid name" }]);
    expect(await upload({}, "?name=acc2")).toEqual([400, { error: "name must end with .json" }]);
    expect(await upload([1], "?name=list.json")).toEqual([400, { error: "invalid auth file: expected a JSON object" }]);
  });

  test("refusals leave nothing behind", async () => {
    expect(await upload(form(["acc1.txt", "{}"]))).toEqual([400, { error: "file must be .json" }]);
    expect(await upload(form(["acc1.json", "[]"]))).toEqual([400, { error: "invalid auth file: expected a JSON object" }]);
    expect(await upload(form())).toEqual([400, { error: "no files uploaded" }]);
    const other = new FormData();
    other.append("other", new File(["{}"], "a.json"));
    expect(await upload(other)).toEqual([400, { error: "no files uploaded" }]);
    expect(existsSync(directory)).toBe(false);
  });
});

describe("DELETE /auth-files", () => {
  const remove = async (query: string, body?: unknown): Promise<unknown[]> => codes(await office.call("DELETE", `/auth-files${query}`, body === undefined ? {} : { body }));
  beforeEach(() => {
    for (const name of ["a.json", "b.json", "c.json"]) store(name, {});
    store("keep.txt", "x");
    mkdirSync(join(directory, "sub"));
    store("sub/inner.json", {});
  });

  test("one", async () => {
    expect(await remove("?name=a.json")).toEqual([200, { status: "ok" }]);
    expect(await remove("?name=a.json")).toEqual([404, { error: "file not found" }]);
    expect(await remove("?name=../config.yaml")).toEqual([400, { error: "invalid name" }]);
    expect(await remove("")).toEqual([400, { error: "invalid name" }]);
    expect(await remove("", { name: "b.json" })).toEqual([200, { status: "ok" }]);
    expect(await remove("", ["c.json"])).toEqual([200, { status: "ok" }]);
  });

  test("several: all, or some with 207", async () => {
    expect(await remove("?name=a.json&name=b.json")).toEqual([200, { status: "ok", deleted: 2, files: ["a.json", "b.json"] }]);
    expect(await remove("", { names: ["c.json", "gone.json"] })).toEqual([207, { status: "partial", deleted: 1, files: ["c.json"], failed: [{ name: "gone.json", error: "file not found" }] }]);
    expect(await remove("", "no json")).toEqual([400, { error: "invalid body" }]);
  });

  test.each(["true", "1", "*"])("all: %s", async (all) => {
    expect(await remove(`?all=${all}`)).toEqual([200, { status: "ok", deleted: 3 }]);
    expect(readdirSync(directory).sort()).toEqual(["keep.txt", "sub"]);
    expect(existsSync(join(directory, "sub/inner.json"))).toBe(true);
  });
});

describe("PATCH /auth-files/status", () => {
  const set = async (body: unknown): Promise<unknown[]> => codes(await office.call("PATCH", "/auth-files/status", { body }));

  test("is kept in the file, whatever else stands there", async () => {
    store("a.json", { type: "codex", access_token: "at", future: { x: [1] } });
    expect(await set({ name: "a.json", disabled: true })).toEqual([200, { status: "ok", disabled: true }]);
    expect(stored("a.json")).toEqual({ type: "codex", access_token: "at", future: { x: [1] }, disabled: true });
    expect(await files()).toMatchObject([{ status: "disabled", disabled: true }]);
    const [{ auth_index: index } = {}] = await files();
    expect(await set({ auth_index: index, disabled: false })).toEqual([200, { status: "ok", disabled: false }]);
    expect(await files()).toMatchObject([{ status: "unknown", disabled: false }]);
    expect(statSync(join(directory, "a.json")).mode & 0o777).toBe(0o600);
  });

  test("a key of the configuration goes by its excluded models", async () => {
    const providers = (await office.get("/providers")).body as { upstreams: { credentials: { index: string }[] }[] };
    const index = providers.upstreams[0]?.credentials[0]?.index;
    expect(await set({ name: "claude", auth_index: index, disabled: true })).toEqual([200, { status: "ok", disabled: true, via: "config:excluded-models", excluded_pattern: "*" }]);
    expect(office.keeper.tree()).toMatchObject({ "claude-api-key": [{ "api-key": "sk-ant-configured", "excluded-models": ["*"] }] });
    expect(office.gateway.engine.switchboard.listModels()).toEqual([]);
    expect(await set({ auth_index: index, disabled: false })).toMatchObject([200, { via: "config:excluded-models" }]);
    expect(office.configText()).not.toContain("excluded-models");
    expect(office.gateway.engine.switchboard.listModels()).not.toEqual([]);
  });

  test("refusals", async () => {
    expect(await set({ name: "gone.json", disabled: true })).toEqual([404, { error: "auth file not found" }]);
    expect(await set({ disabled: true })).toEqual([400, { error: "name is required" }]);
    expect(await set({ name: "a.json" })).toEqual([400, { error: "invalid body" }]);
    expect(await set("{")).toEqual([400, { error: "invalid body" }]);
  });
});

describe("PATCH /auth-files/fields", () => {
  const set = async (body: unknown): Promise<unknown[]> => codes(await office.call("PATCH", "/auth-files/fields", { body }));

  test("fields, dotted paths, headers that are merged, values that are taken away", async () => {
    store("a.json", { type: "codex", weight: 3, request_retry: 2, headers: { "X-Old": "1", "X-Keep": "2" }, token: { access: "at", scope: "s" } });
    expect(await set({ name: "a.json", prefix: "team-a", priority: 10, headers: { "X-Team": "a", "X-Old": "" }, "excluded-models": ["gpt-5-*"], weight: null, request_retry: -1, "token.access": "new", "deep.er": true })).toEqual([200, { status: "ok" }]);
    expect(stored("a.json")).toEqual({ type: "codex", headers: { "X-Keep": "2", "X-Team": "a" }, token: { access: "new", scope: "s" }, prefix: "team-a", priority: 10, excluded_models: ["gpt-5-*"], deep: { er: true } });
    expect(await set({ name: "a.json", headers: { "X-Keep": "", "X-Team": "" }, weight: 7 })).toEqual([200, { status: "ok" }]);
    expect(stored("a.json")).not.toHaveProperty("headers");
    expect(await files()).toMatchObject([{ weight: 7, priority: 10 }]);
  });

  test("refusals", async () => {
    store("a.json", {});
    store("list.json", "[]");
    expect(await set({ prefix: "x" })).toEqual([400, { error: "name is required" }]);
    expect(await set({ name: "a.json" })).toEqual([400, { error: "no fields to update" }]);
    expect(await set({ name: "gone.json", prefix: "x" })).toEqual([404, { error: "auth file not found" }]);
    expect(await set({ name: "a.json", weight: "many" })).toMatchObject([400, { error: "weight must be an integer" }]);
    expect(await set({ name: "a.json", "a..b": 1 })).toMatchObject([400, { error: "invalid field: a..b" }]);
    expect(await set({ name: "a.json", "__proto__.x": 1 })).toMatchObject([400, {}]);
    expect(await set({ name: "list.json", prefix: "x" })).toMatchObject([400, {}]);
    expect(await set("nonsense")).toEqual([400, { error: "invalid body" }]);
    expect(stored("a.json")).toEqual({});
  });
});

test("changes that come at once are all kept", async () => {
  store("a.json", {});
  const names = Array.from({ length: 20 }, (_, number) => `field${number}`);
  await Promise.all(names.map((name) => office.call("PATCH", "/auth-files/fields", { body: { name: "a.json", [name]: 1 } })));
  expect(Object.keys(stored("a.json")).sort()).toEqual([...names].sort());
});

describe("GET /auth-files/models", () => {
  test("none are served by a login as long as logins are not used", async () => {
    store("a.json", { type: "codex" });
    expect(codes(await office.get("/auth-files/models?name=a.json"))).toEqual([200, { models: [] }]);
    expect(codes(await office.get("/auth-files/models"))).toEqual([400, { error: "name is required" }]);
  });
});

describe("POST /vertex/import", () => {
  const account = { type: "service_account", project_id: "my-project", client_email: "sa@my-project.iam", private_key: "-----BEGIN PRIVATE KEY-----" };
  const send = async (content: unknown, location?: string, query = ""): Promise<unknown[]> => {
    const data = form(["key.json", typeof content === "string" ? content : JSON.stringify(content)]);
    if (location !== undefined) data.append("location", location);
    return codes(await office.call("POST", `/vertex/import${query}`, { body: data }));
  };

  test("a service account is stored under its project", async () => {
    expect(await send(account)).toEqual([200, { status: "ok", "auth-file": "vertex-my-project.json", project_id: "my-project", email: "sa@my-project.iam", location: "us-central1" }]);
    expect(stored("vertex-my-project.json")).toEqual({ type: "vertex", project_id: "my-project", email: "sa@my-project.iam", location: "us-central1", service_account: account });
    expect(await send(account, "europe-west4")).toMatchObject([200, { location: "europe-west4" }]);
    expect(await send(account, undefined, "?location=asia-east1")).toMatchObject([200, { location: "asia-east1" }]);
    expect(await files()).toMatchObject([{ name: "vertex-my-project.json", type: "vertex", project_id: "my-project" }]);
  });

  test("refusals", async () => {
    expect(codes(await office.call("POST", "/vertex/import", { body: {} }))).toEqual([400, { error: "file required" }]);
    expect(await send("nonsense")).toEqual([400, { error: "invalid json" }]);
    expect(await send({ project_id: "p" })).toEqual([400, { error: "invalid service account" }]);
    expect(await send({ ...account, project_id: "" })).toEqual([400, { error: "project_id missing" }]);
    expect(await send({ ...account, project_id: "../../x" })).toMatchObject([200, { "auth-file": expect.stringMatching(/^vertex-[\w.-]+\.json$/) }]);
    for (const name of readdirSync(directory)) expect(name).not.toContain("..");
  });
});

test("changes stand in the audit log, without contents", async () => {
  await office.call("POST", "/auth-files", { body: form(["acc1.json", '{"access_token":"at-secret"}']) });
  await office.call("PATCH", "/auth-files/fields", { body: { name: "acc1.json", note: "note-secret" } });
  await office.call("DELETE", "/auth-files?name=acc1.json");
  const { body, text } = await office.get("/audit");
  expect(body).toMatchObject({ entries: [{ action: "login.removed", target: "acc1.json" }, { action: "login.edited", target: "acc1.json", details: { fields: ["note"] } }, { action: "login.stored", target: "acc1.json" }] });
  expect(text).not.toContain("secret");
});
