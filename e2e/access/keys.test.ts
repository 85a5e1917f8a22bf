import { afterEach, describe, expect, test } from "bun:test";
import { ask, DIALECTS, toldError } from "../kit/calls.ts";
import { CLIENT_KEY } from "../kit/office.ts";
import { MODELS } from "../kit/world.ts";
import { startAccessWorld, type AccessWorld } from "./access-world.ts";

let world: AccessWorld;
afterEach(() => world.close());

const HOUR = 3_600_000;
const modelOf = (dialect: string): string => MODELS[dialect] ?? "";

/** Status and words of a call in each dialect. */
async function inEachDialect(key: string): Promise<{ status: number; message: unknown }[]> {
  return Promise.all(DIALECTS.map(async (dialect) => {
    const response = await ask(world.origin, dialect, { model: modelOf(dialect), key });
    return { status: response.status, message: toldError(dialect, await response.json()).message };
  }));
}

const each = (status: number, message: unknown): { status: number; message: unknown }[] => DIALECTS.map(() => ({ status, message }));

describe("a stored key", () => {
  test("opens all dialects beside the keys of the configuration, and stands nowhere", async () => {
    world = await startAccessWorld();
    const user = await world.makeUser("alice");
    const { key, view } = await world.makeKey({ name: "laptop", userId: user.id });
    expect(key).toMatch(/^sk-[0-9a-f]{64}$/);
    expect(view).toMatchObject({ prefix: key.slice(0, 12), name: "laptop", username: "alice", active: true, budgets: [] });
    expect(await inEachDialect(key)).toEqual(each(200, ""));
    expect(await inEachDialect(CLIENT_KEY)).toEqual(each(200, ""));
    expect(await inEachDialect(`${key}0`)).toEqual(each(401, "Invalid API key"));
    const records = await world.records({ limit: 100, keyIds: [view.id] });
    expect(records).toHaveLength(DIALECTS.length);
    expect(records[0]).toMatchObject({ principal: `key:${view.id}`, keyId: view.id, userId: user.id });
    const everywhere = [await world.get("/keys"), await world.get(`/keys/${view.id}`), await world.get("/users")].map(({ text }) => text).join("") + JSON.stringify(await world.store.keys.list()) + JSON.stringify(await world.store.audit.list({ limit: 100 })) + JSON.stringify(world.log);
    expect(everywhere).not.toContain(key);
    expect(everywhere).not.toContain(key.slice(3));
  });

  test("a dummy bearer token beside it does no harm", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey();
    const response = await fetch(`${world.origin}/v1/models`, { headers: { authorization: "Bearer dummy", "x-api-key": key } });
    expect(response.status).toBe(200);
  });

  test("switched off, expired, or of a user who is switched off: each is told as what it is, from the next request on", async () => {
    world = await startAccessWorld();
    const user = await world.makeUser("alice");
    const { key, view } = await world.makeKey({ userId: user.id, expiresAt: world.clock.now() + HOUR });
    expect(await inEachDialect(key)).toEqual(each(200, ""));
    await world.call("PATCH", `/keys/${view.id}`, { body: { active: false } });
    expect(await inEachDialect(key)).toEqual(each(401, "This API key is switched off."));
    await world.call("PATCH", `/keys/${view.id}`, { body: { active: true } });
    await world.call("PATCH", `/users/${user.id}`, { body: { active: false } });
    expect(await inEachDialect(key)).toEqual(each(401, "The user of this API key is switched off."));
    await world.call("PATCH", `/users/${user.id}`, { body: { active: true } });
    world.clock.advance(HOUR);
    expect(await inEachDialect(key)).toEqual(each(401, expect.stringContaining("This API key expired at")));
    await world.call("PATCH", `/keys/${view.id}`, { body: { expiresAt: null } });
    expect(await inEachDialect(key)).toEqual(each(200, ""));
  });

  test("a new secret ends the old one; a removed key or user is unknown at once", async () => {
    world = await startAccessWorld();
    const user = await world.makeUser("alice");
    const { key, view } = await world.makeKey({ userId: user.id });
    const rotated = (await world.call("POST", `/keys/${view.id}/rotate`)).body as { key: string };
    expect(await inEachDialect(key)).toEqual(each(401, "Invalid API key"));
    expect(await inEachDialect(rotated.key)).toEqual(each(200, ""));
    expect((await world.call("DELETE", `/users/${user.id}`)).status).toBe(204);
    expect(await inEachDialect(rotated.key)).toEqual(each(401, "Invalid API key"));
    expect((await world.get(`/keys/${view.id}`)).status).toBe(404);
    expect(await world.records({ limit: 10, userIds: [user.id] })).toHaveLength(DIALECTS.length);
  });

  test("only from its addresses", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ ipRanges: ["192.0.2.0/24", "2001:db8::/32"] });
    expect(await inEachDialect(key)).toEqual(each(403, "This API key may not be used from this address."));
    for (const address of ["192.0.2.77", "2001:db8:1::5"]) {
      world.visitor.address = address;
      expect(await inEachDialect(key)).toEqual(each(200, ""));
    }
    world.visitor.address = "192.0.3.1";
    expect(await inEachDialect(key)).toEqual(each(403, "This API key may not be used from this address."));
  });

  test.each(DIALECTS.map((dialect) => [dialect] as const))("only for %s, and lists of models in any shape", async (dialect) => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ dialects: [dialect] });
    const statuses = (await inEachDialect(key)).map(({ status }) => status);
    expect(statuses).toEqual(DIALECTS.map((other) => (other === dialect ? 200 : 403)));
    expect((await fetch(`${world.origin}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
    expect((await fetch(`${world.origin}/v1beta/models`, { headers: { "x-goog-api-key": key } })).status).toBe(200);
  });

  test("only for its models: others are refused in every dialect and missing in every list", async () => {
    world = await startAccessWorld();
    const { key } = await world.makeKey({ models: ["claude-*", "sim-chat"] });
    const allowed = [modelOf("anthropic-messages"), "sim-chat"];
    for (const dialect of DIALECTS) {
      for (const model of Object.values(MODELS)) {
        const response = await ask(world.origin, dialect, { model, key });
        expect([dialect, model, response.status]).toEqual([dialect, model, allowed.includes(model) ? 200 : 403]);
        if (response.status === 403) expect(toldError(dialect, await response.json()).message).toBe(`This API key may not use the model ${model}.`);
      }
    }
    const effort = await ask(world.origin, "anthropic-messages", { model: `${modelOf("anthropic-messages")}(high)`, key, body: { max_tokens: 64_000 } });
    expect(effort.status).toBe(200);
    const list = async (path: string, headers: Record<string, string>): Promise<string> => (await fetch(world.origin + path, { headers })).text();
    for (const text of [await list("/v1/models", { authorization: `Bearer ${key}` }), await list("/v1/models", { "x-api-key": key, "anthropic-version": "2023-06-01" }), await list("/v1beta/models", { "x-goog-api-key": key })]) {
      expect(text).toContain("sim-chat");
      expect(text).not.toContain("sim-responses");
    }
    const counted = await fetch(`${world.origin}/v1/messages/count_tokens`, { method: "POST", headers: { "content-type": "application/json", "x-api-key": key }, body: JSON.stringify({ model: "sim-responses", messages: [{ role: "user", content: "hello" }] }) });
    expect(counted.status).toBe(403);
    expect((await fetch(`${world.origin}/v1/models/sim-responses`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(403);
  });

  test("its use is noted, once a minute", async () => {
    world = await startAccessWorld();
    const { key, view } = await world.makeKey();
    const usedAt = async (): Promise<number | undefined> => (await world.store.keys.find(view.id))?.lastUsedAt;
    expect(await usedAt()).toBeUndefined();
    const before = world.clock.now();
    await inEachDialect(key);
    const first = await until(usedAt);
    expect(first).toBeGreaterThanOrEqual(before);
    await inEachDialect(key);
    await Bun.sleep(300);
    expect(await usedAt()).toBe(first);
    world.clock.advance(61_000);
    await inEachDialect(key);
    await until(async () => (await usedAt()) !== first || undefined);
  });
});

describe("who must show a key", () => {
  test("nobody while there was none; everybody once there was one, also when it is switched off or gone", async () => {
    world = await startAccessWorld();
    await world.keeper.change((tree) => ({ ...tree, "api-keys": [] }));
    const call = (headers: Record<string, string> = {}): Promise<Response> => ask(world.origin, "openai-chat", { model: "sim-chat", key: "x", headers: { authorization: "", ...headers } });
    expect((await call()).status).toBe(200);
    const foreign = await call({ origin: "https://elsewhere.example" });
    expect([foreign.status, foreign.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    const { key, view } = await world.makeKey();
    expect((await call()).status).toBe(401);
    const keyed = await call({ origin: "https://elsewhere.example", authorization: `Bearer ${key}` });
    expect([keyed.status, keyed.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    const preflight = await fetch(`${world.origin}/v1/chat/completions`, { method: "OPTIONS", headers: { origin: "https://elsewhere.example", "access-control-request-method": "POST" } });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    await world.call("PATCH", `/keys/${view.id}`, { body: { active: false } });
    expect((await call()).status).toBe(401);
    await world.call("DELETE", `/keys/${view.id}`);
    expect((await call()).status).toBe(401);
  });
});

describe("the office of keys", () => {
  test.each([
    [{ ipRanges: ["10.0.0.0/8", "10.0.0.0/40"] }, "ipRanges[1]"], [{ dialects: ["smoke-signals"] }, "dialects[0]"], [{ limits: { requestsPerMinute: 0 } }, "limits.requestsPerMinute"],
    [{ limits: { budgets: [{ window: "day" }] } }, "limits.budgets[0]"], [{ limits: { budgets: [{ window: "year", tokens: 1 }] } }, "limits.budgets[0].window"], [{ key: "sk-mine" }, "key"],
  ])("refuses %j at %s", async (body, path) => {
    world = await startAccessWorld();
    const answer = await world.call("POST", "/keys", { body });
    expect([answer.status, (answer.body as { path: string }).path]).toEqual([400, path]);
    expect(await world.store.keys.list()).toEqual([]);
  });

  test("users: names are unique, null takes away, and the log tells who did what", async () => {
    world = await startAccessWorld();
    const user = await world.makeUser("alice", { requestsPerMinute: 5 });
    expect((await world.call("POST", "/users", { body: { username: "ALICE" } })).status).toBe(409);
    const changed = await world.call("PATCH", `/users/${user.id}`, { body: { note: "on leave", email: "alice@example.com" } });
    expect(changed.body).toMatchObject({ note: "on leave", email: "alice@example.com", limits: { requestsPerMinute: 5 }, keys: 0 });
    await world.makeKey({ userId: user.id });
    const cleared = await world.call("PATCH", `/users/${user.id}`, { body: { note: null, limits: null } });
    expect(cleared.body).toEqual({ id: user.id, username: "alice", email: "alice@example.com", active: true, limits: {}, createdAt: expect.any(Number), keys: 1, budgets: [] });
    expect((await world.get("/users/99")).body).toEqual({ error: "there is no such user" });
    expect((await world.call("POST", "/keys", { body: { userId: 99 } })).status).toBe(404);
    const audit = await world.store.audit.list({ limit: 10 });
    expect(audit.map(({ action, target, actor }) => [action, target, actor])).toEqual([
      ["user.changed", `user:${user.id}`, "management-key"], ["key.created", "key:1", "management-key"], ["user.changed", `user:${user.id}`, "management-key"], ["user.created", `user:${user.id}`, "management-key"],
    ]);
  });
});

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let left = 200; left > 0; left--) {
    const found = await look();
    if (found !== undefined) return found;
    await Bun.sleep(10);
  }
  throw new Error("it did not come");
}
