import { afterEach, describe, expect, test } from "bun:test";
import { ask, type DialectId } from "../kit/calls.ts";
import { CLIENT_KEY, MANAGEMENT_KEY, type Answer, type ManagementCall } from "../kit/office.ts";
import { MODELS } from "../kit/world.ts";
import { startAccessWorld, type AccessWorld } from "./access-world.ts";

let world: AccessWorld;
afterEach(() => world.close());

const PYTHON_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/;
const KEY = /^sk-[0-9a-f]{64}$/;
const at = (path: string, method = "GET", given: ManagementCall = {}): Promise<Answer> => world.call(method, `/${path}`, given);
const as = (key: string): ManagementCall => ({ key });
/** The text with what differs each time put in brackets. */
const plain = (text: string): string => text.replace(/sk-[0-9a-f]{64}/g, "<key>").replace(/"sk-[0-9a-f]{9}"/g, '"<prefix>"').replace(/"\d{4}-\d\d-\d\dT[\d:.]+"/g, '"<time>"');

describe("users and keys", () => {
  test("byte for byte what infiniproxy answers", async () => {
    world = await startAccessWorld();
    const texts = [
      await at("/admin/users?username=alice&email=alice@example.com", "POST"),
      await at("/admin/users", "POST", { body: { username: "bob" } }),
      await at("/admin/users"),
      await at("/admin/api-keys?user_id=1&name=my-key", "POST"),
      await at("/admin/api-keys", "POST", { body: "user_id=2", headers: { "content-type": "application/x-www-form-urlencoded" } }),
      await at("/admin/api-keys?user_id=1"),
      await at("/admin/api-keys/3", "DELETE"),
    ];
    expect(texts.map(({ status, text }) => `${status} ${plain(text)}`)).toEqual([
      '200 {"success":true,"user_id":1,"username":"alice","message":"User alice created successfully","api_key":"<key>","warning":"Save this API key! It will not be shown again."}',
      '200 {"success":true,"user_id":2,"username":"bob","message":"User bob created successfully","api_key":"<key>","warning":"Save this API key! It will not be shown again."}',
      '200 {"users":[{"id":2,"username":"bob","email":null,"created_at":"<time>","is_active":true},{"id":1,"username":"alice","email":"alice@example.com","created_at":"<time>","is_active":true}]}',
      '200 {"success":true,"api_key":"<key>","user_id":1,"name":"my-key","warning":"Save this API key! It will not be shown again."}',
      '200 {"success":true,"api_key":"<key>","user_id":2,"name":null,"warning":"Save this API key! It will not be shown again."}',
      '200 {"api_keys":[{"id":3,"user_id":1,"key_prefix":"<prefix>","name":"my-key","created_at":"<time>","last_used_at":null,"is_active":true},{"id":1,"user_id":1,"key_prefix":"<prefix>","name":"Default Key","created_at":"<time>","last_used_at":null,"is_active":true}]}',
      '200 {"success":true,"message":"API key 3 deactivated"}',
    ]);
    const { users } = texts[2]?.body as { users: { created_at: string }[] };
    expect(users[0]?.created_at).toMatch(PYTHON_TIME);
    expect(((await at("/admin/api-keys")).body as { api_keys: { is_active: boolean }[] }).api_keys.map(({ is_active }) => is_active)).toEqual([true, false, true, true]);
    expect(JSON.stringify(await world.store.audit.list({ limit: 20 }))).not.toMatch(/sk-[0-9a-f]{13}/);
  });

  test("keys work at once, and end at once", async () => {
    world = await startAccessWorld();
    const { api_key: key } = (await at("/admin/users?username=alice", "POST")).body as { api_key: string };
    expect(key).toMatch(KEY);
    expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key })).status).toBe(200);
    await at("/admin/api-keys/1", "DELETE");
    expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key })).status).toBe(401);
  });

  test.each([
    ["POST", "/admin/users", 400, "username is required"], ["POST", "/admin/users?username=ALICE", 400, "User ALICE already exists"], ["POST", "/admin/api-keys", 400, "user_id is required"],
    ["POST", "/admin/api-keys?user_id=99", 404, "User 99 not found"], ["POST", "/admin/api-keys?user_id=x", 400, "user_id must be a positive integer"], ["DELETE", "/admin/api-keys/99", 404, "API key 99 not found"], ["DELETE", "/admin/users/99", 404, "User 99 not found"],
    ["POST", "/admin/users/batch", 400, "csv_file or csv_text is required, with lines of username,email"],
  ])("%s %s is %d %s", async (method, path, status, detail) => {
    world = await startAccessWorld();
    await world.makeUser("alice");
    const answer = await at(path, method);
    expect([answer.status, answer.text]).toEqual([status, JSON.stringify({ detail })]);
  });

  test("a user goes with its keys; what was used stays", async () => {
    world = await startAccessWorld();
    const { api_key: key } = (await at("/admin/users?username=alice", "POST")).body as { api_key: string };
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", key })).text();
    const removed = await at("/admin/users/1", "DELETE");
    expect([removed.status, removed.text]).toEqual([200, '{"success":true,"message":"User alice deleted"}']);
    expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key })).status).toBe(401);
    expect([(await at("/admin/users")).text, (await at("/admin/api-keys")).text]).toEqual(['{"users":[]}', '{"api_keys":[]}']);
    expect((await at("/admin/usage/by-backend")).body).toMatchObject({ total_requests: 1 });
  });

  test("many users from a file or from a text", async () => {
    world = await startAccessWorld();
    await world.makeUser("alice");
    const form = new FormData();
    form.set("csv_file", new File(['bob,bob@example.com\r\nalice,other@example.com\r\n\r\n"Smith, Carol",carol@example.com\r\n=evil,\r\n'], "users.csv"));
    const answer = await at("/admin/users/batch", "POST", { body: form });
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("content-disposition")]).toEqual([200, "text/csv; charset=utf-8", 'attachment; filename="users_with_keys.csv"']);
    expect(plain(answer.text)).toBe('username,email,api_key\r\nbob,bob@example.com,<key>\r\nalice,other@example.com,user_creation_failed\r\n"Smith, Carol",carol@example.com,<key>\r\n\'=evil,,<key>\r\n');
    const text = await at("/admin/users/batch", "POST", { body: "csv_text=dave%2Cdave%40example.com", headers: { "content-type": "application/x-www-form-urlencoded" } });
    const key = /sk-[0-9a-f]{64}/.exec(text.text)?.[0] ?? "";
    expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key })).status).toBe(200);
  });

  test.each([["GET", "/admin/users"], ["POST", "/admin/users?username=eve"], ["POST", "/admin/users/batch"], ["GET", "/admin/api-keys"], ["POST", "/admin/api-keys?user_id=1"], ["DELETE", "/admin/api-keys/1"], ["DELETE", "/admin/users/1"], ["GET", "/admin/usage/by-backend"], ["GET", "/admin/users/1/usage/by-backend"], ["GET", "/usage/api-key/1"], ["GET", "/usage/api-key/1/by-backend"], ["GET", "/usage/me"], ["GET", "/settings/model"], ["PUT", "/settings/model"]])("%s %s asks who it is", async (method, path) => {
    world = await startAccessWorld();
    for (const key of [null, "wrong"]) {
      const answer = await at(path, method, { key });
      expect([answer.status, Object.keys(answer.body as object)]).toEqual([401, ["detail"]]);
    }
    if (path.startsWith("/admin/")) expect((await at(path, method, as(CLIENT_KEY))).status).toBe(401);
    expect(await world.store.users.list()).toEqual([]);
  });
});

describe("a session of a program", () => {
  const logIn = (body: unknown, more: ManagementCall = {}, query = ""): Promise<Answer> => at(`/admin/login${query}`, "POST", { key: null, body, ...more });
  const good = { username: "admin", password: MANAGEMENT_KEY };
  const cookieOf = (answer: Answer): string => answer.headers.get("set-cookie")?.split(";")[0] ?? "";

  test("is opened with the management key, does what the key does, and ends", async () => {
    world = await startAccessWorld();
    const opened = await logIn(good);
    expect([opened.status, opened.text, opened.headers.get("set-cookie")]).toEqual([200, '{"success":true,"message":"Login successful"}', expect.stringMatching(/^admin_session=[\w.-]+; Path=\/; Max-Age=86400; HttpOnly; SameSite=Strict$/)]);
    const cookie = { key: null, headers: { cookie: cookieOf(opened) } };
    expect((await at("/admin/users?username=alice", "POST", cookie)).status).toBe(200);
    expect((await at("/admin/users", "GET", cookie)).body).toMatchObject({ users: [{ username: "alice" }] });
    const ended = await at("/admin/logout", "POST", cookie);
    expect([ended.status, ended.text, ended.headers.get("set-cookie")]).toEqual([200, '{"success":true,"message":"Logout successful"}', expect.stringMatching(/^admin_session=; Path=\/; Max-Age=0; /)]);
    world.clock.advance(25 * 60 * 60_000);
    expect((await at("/admin/users", "GET", cookie)).status).toBe(401);
  });

  test("is refused without a password or with a wrong one, and where the management is closed to others", async () => {
    world = await startAccessWorld(undefined, {}, {});
    for (const body of [{}, { username: "admin" }, { password: MANAGEMENT_KEY }]) expect((await logIn(body)).text).toBe('{"detail":"username and password are required"}');
    expect((await logIn({ username: "admin" }, {}, `?password=${encodeURIComponent(MANAGEMENT_KEY)}`)).status).toBe(400);
    expect((await logIn({ username: "admin", password: "changeme" })).status).toBe(401);
    world.visitor.address = "203.0.113.9";
    expect((await logIn(good)).status).toBe(403);
  });

  test("is no use to a page of somebody else, and a session of our page is none of a program", async () => {
    world = await startAccessWorld();
    const cookie = cookieOf(await logIn(good));
    const add = async (headers: Record<string, string>): Promise<number> => (await at("/admin/users?username=eve", "POST", { key: null, headers })).status;
    expect(await add({ cookie, origin: "https://evil.example.com" })).toBe(403);
    expect(await add({ cookie, origin: "null" })).toBe(403);
    expect((await logIn(good, { headers: { origin: "https://evil.example.com" } })).status).toBe(403);
    const page = await world.call("POST", "/session", { key: null, headers: { "x-dragoman-session": "1" }, body: { key: MANAGEMENT_KEY } });
    expect(await add({ cookie: cookieOf(page) })).toBe(403);
    expect(await add({ cookie: `admin_session=${cookieOf(page).slice("dragoman_session=".length)}; ${cookieOf(page)}` })).toBe(403);
    expect(await world.store.users.list()).toEqual([]);
  });

  test("its page is our own", async () => {
    world = await startAccessWorld();
    const page = await at("/admin/login-page", "GET", { key: null });
    expect([page.status, page.headers.get("location")]).toEqual([303, "/admin"]);
  });
});

describe("the model of a key", () => {
  const model = (method: string, key: string, model_name?: unknown): Promise<Answer> => at("/settings/model", method, { key, ...(model_name !== undefined && { body: { model_name } }) });
  const answeredBy = async (name: string, key: string): Promise<unknown> => {
    const reply = await ask(world.origin, "openai-chat", { model: name, key });
    await reply.text();
    return reply.ok ? (world.upstreams.get("openai-chat")?.simulator.seen.at(-1)?.body as { model: string }).model : reply.status;
  };

  test("answers to names that nobody serves, until it is taken away", async () => {
    world = await startAccessWorld(undefined, { "model-redirects": { "gpt-*": MODELS["openai-responses"] } });
    const { api_key: key } = (await at("/admin/users?username=alice", "POST")).body as { api_key: string };
    expect((await model("GET", key)).text).toBe('{"api_key_id":1,"api_key_name":"Default Key","model_name":null,"using_default":true}');
    expect(await answeredBy("claude-9", key)).toBe(404);
    expect((await model("PUT", key, "sim-chat")).text).toBe('{"success":true,"api_key_id":1,"model_name":"sim-chat","message":"Model set to sim-chat"}');
    expect((await model("GET", key)).text).toBe('{"api_key_id":1,"api_key_name":"Default Key","model_name":"sim-chat","using_default":false}');
    expect([await answeredBy("claude-9", key), await answeredBy("gpt-9", key)]).toEqual(["sim-chat", "sim-chat"]);
    expect((await model("PUT", key, null)).body).toEqual({ success: true, api_key_id: 1, model_name: null, message: "Model setting removed" });
    expect(await answeredBy("claude-9", key)).toBe(404);
  });

  test("is one that the key may use, also when what it may use changes later", async () => {
    world = await startAccessWorld();
    const { key, view } = await world.makeKey({ models: ["claude-*"], model: "sim-chat" });
    expect((await model("PUT", key, "sim-chat")).text).toBe('{"detail":"This API key may not use the model sim-chat"}');
    expect(await answeredBy("claude-9", key)).toBe(404);
    await world.call("PATCH", `/keys/${view.id}`, { body: { models: ["claude-*", "sim-*"] } });
    expect(await answeredBy("claude-9", key)).toBe("sim-chat");
  });

  test("a key of the configuration has none, and nonsense is told", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey();
    expect([(await model("GET", CLIENT_KEY)).status, (await model("PUT", CLIENT_KEY, "sim-chat")).status, (await model("PUT", key, 7)).status, (await model("PUT", key)).status]).toEqual([404, 404, 400, 400]);
    expect(Object.keys((await model("PUT", key, 7)).body as object)).toContain("detail");
  });
});

describe("usage", () => {
  const call = async (key: string, dialect: DialectId, stream = false): Promise<void> => void (await (await ask(world.origin, dialect, { model: MODELS[dialect] ?? "", key, stream })).text());

  test("byte for byte what infiniproxy answers, over all keys of the user", async () => {
    world = await startAccessWorld();
    const { api_key: first } = (await at("/admin/users?username=alice", "POST")).body as { api_key: string };
    const { api_key: second } = (await at("/admin/api-keys?user_id=1", "POST")).body as { api_key: string };
    const { api_key: other } = (await at("/admin/users?username=bob", "POST")).body as { api_key: string };
    await call(first, "openai-chat");
    await call(first, "openai-chat", true);
    await call(second, "anthropic-messages", true);
    await call(other, "openai-chat");
    expect((await at("/usage/me", "GET", as(first))).text).toBe(
      '{"user_id":1,"username":"alice","total_requests":3,"total_input_tokens":90,"total_output_tokens":210,"total_tokens":300,"usage_by_endpoint":['
      + '{"endpoint":"/v1/chat/completions","model":"sim-chat","total_requests":2,"total_input_tokens":60,"total_output_tokens":140,"total_tokens":200},'
      + '{"endpoint":"/v1/messages","model":"claude-sonnet-4-5-20250929","total_requests":1,"total_input_tokens":30,"total_output_tokens":70,"total_tokens":100}],"start_date":null,"end_date":null}',
    );
    const today = new Date(world.clock.now()).toISOString().slice(0, 10);
    const whole = await at(`/usage/me?start_date=${today}T00:00:00&end_date=${today}`, "GET", as(second));
    expect(whole.body).toMatchObject({ total_requests: 3, start_date: `${today}T00:00:00`, end_date: today });
    const before = await at("/usage/me?end_date=2024-12-31T23:59:59", "GET", as(first));
    expect(before.text).toBe('{"user_id":1,"username":"alice","total_requests":0,"total_input_tokens":0,"total_output_tokens":0,"total_tokens":0,"usage_by_endpoint":[],"start_date":null,"end_date":"2024-12-31T23:59:59"}');
    const wrong = await at("/usage/me?start_date=yesterday", "GET", as(first));
    expect([wrong.status, wrong.text]).toEqual([400, '{"detail":"start_date: expected an ISO date such as 2024-01-31T00:00:00"}']);
    const ofKey = '{"api_key_id":1,"total_requests":2,"total_input_tokens":60,"total_output_tokens":140,"total_tokens":200}';
    expect([(await at("/usage/api-key/1")).text, (await at("/usage/api-key/1", "GET", as(first))).text]).toEqual([ofKey, ofKey]);
    expect((await at("/usage/api-key/1", "GET", as(second))).text).toBe('{"detail":"This API key may only see its own usage"}');
    expect((await at("/usage/api-key/99")).text).toBe('{"api_key_id":99,"total_requests":0,"total_input_tokens":0,"total_output_tokens":0,"total_tokens":0}');
    expect((await at("/admin/users/1/usage/by-backend")).text).toBe(
      '{"user_id":1,"total_requests":3,"total_input_tokens":90,"total_output_tokens":210,"total_tokens":300,"usage_by_backend":['
      + '{"backend_url":"simulated","model":"sim-chat","total_requests":2,"total_input_tokens":60,"total_output_tokens":140,"total_tokens":200},'
      + '{"backend_url":"claude","model":"claude-sonnet-4-5-20250929","total_requests":1,"total_input_tokens":30,"total_output_tokens":70,"total_tokens":100}]}',
    );
    expect((await at("/admin/usage/by-backend")).body).toMatchObject({ total_requests: 4 });
    expect((await at("/usage/api-key/2/by-backend", "GET", as(second))).body).toMatchObject({ api_key_id: 2, usage_by_backend: [{ backend_url: "claude" }] });
  });

  test("a key of the configuration, and one without a user, see their own", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ name: "lonely", dialects: ["gemini-generate-content"] });
    await call(CLIENT_KEY, "openai-chat");
    await call(key, "gemini-generate-content");
    expect((await at("/usage/me", "GET", as(key))).body).toMatchObject({ user_id: null, username: "lonely", total_requests: 1, usage_by_endpoint: [{ endpoint: "/v1beta/models/{model}:generateContent" }] });
    expect((await at("/usage/me", "GET", as(CLIENT_KEY))).body).toMatchObject({ user_id: null, total_requests: 1 });
  });

  test("failed requests count, too", async () => {
    world = await startAccessWorld(() => ({ trouble: "refuse", status: 400, message: "no" }));
    const { key } = await world.makeKey();
    await call(key, "openai-chat");
    expect((await at("/usage/me", "GET", as(key))).body).toMatchObject({ total_requests: 1, total_tokens: 0 });
  });
});
