// The Worker in the real workerd with a D1 database: keys that are made in it, what they may use, what is written down.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { BEGUN } from "../kit/broken-streams.ts";
import { ask, at, list, toldError } from "../kit/calls.ts";
import { ANSWER, startWorkerWorld, until, type WorkerWorld } from "./worker-world.ts";

const MANAGEMENT_KEY = "sk-management-of-the-tests";

let world: WorkerWorld;
beforeAll(async () => {
  world = await startWorkerWorld({
    isOperators: true, database: true, config: { prices: [{ model: "*", input: 1, output: 10 }] },
    variables: { MANAGEMENT_PASSWORD: MANAGEMENT_KEY, DRAGOMAN_SECRET: "a secret of the tests, and long enough" },
  });
});
afterAll(() => world.close());

async function office(method: string, path: string, body?: unknown): Promise<unknown> {
  const reply = await fetch(`${world.origin}/v0/management${path}`, {
    method, headers: { authorization: `Bearer ${MANAGEMENT_KEY}`, "content-type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

async function makeKey(fields: Record<string, unknown>): Promise<{ readonly id: number; readonly key: string }> {
  const made = await office("POST", "/keys", fields);
  return { id: Number(at(made, "view", "id")), key: String(at(made, "key")) };
}

const recordsOf = async (keyId: number): Promise<readonly unknown[]> => list(at(await office("GET", `/usage/records?key=${keyId}`), "records"));

test("nobody gets in before there is a key, and then its holders do", async () => {
  expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key: "sk-anything" })).status).toBe(401);
  const { id: userId } = (await office("POST", "/users", { username: "ann" })) as { readonly id: number };
  const { key } = await makeKey({ name: "laptop", userId, models: ["sim-chat"] });
  expect((await ask(world.origin, "anthropic-messages", { model: "sim-chat", key })).status).toBe(200);
  expect((await ask(world.origin, "openai-chat", { model: "sim-responses", key })).status).toBe(403);
  expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key: `${key}0` })).status).toBe(401);
});

test("what a key uses is written down, a client that leaves in the middle included", async () => {
  const { id, key } = await makeKey({ name: "counted" });
  await (await ask(world.origin, "anthropic-messages", { model: "sim-chat", key, stream: true, headers: { "cf-connecting-ip": "192.0.2.7" } })).text();
  await until(async () => (await recordsOf(id)).length === 1);
  expect(await recordsOf(id)).toMatchObject([{ outcome: "succeeded", clientDialect: "anthropic-messages", upstreamDialect: "openai-chat", modelUpstream: "sim-chat", clientAddress: "192.0.2.7", streamed: true }]);

  const { simulator } = world.upstream("openai-chat");
  simulator.script = () => ({ trouble: "stall", afterEvents: BEGUN["openai-chat"], act: ANSWER });
  const abort = new AbortController();
  const reply = await ask(world.origin, "openai-chat", { model: "sim-chat", key, stream: true, signal: abort.signal });
  await reply.body?.getReader().read();
  abort.abort();
  await until(async () => (await recordsOf(id)).length === 2);
  expect((await recordsOf(id))[0]).toMatchObject({ outcome: "cancelled" });
  simulator.script = () => ANSWER;
});

test("a budget holds", async () => {
  const { id, key } = await makeKey({ name: "poor", limits: { budgets: [{ window: "day", tokens: 20 }] } });
  const call = (): Promise<Response> => ask(world.origin, "openai-chat", { model: "sim-chat", key, body: { max_tokens: 5 } });
  expect((await call()).status).toBe(200);
  await until(async () => (await recordsOf(id)).length === 1);
  expect((await call()).status).toBe(200);
  await until(async () => (await recordsOf(id)).length === 2);
  const refused = await call();
  expect(refused.status).toBe(429);
  expect(toldError("openai-chat", await refused.json()).message).toContain("budget");
});

test("a key that is switched off opens nothing any more", async () => {
  const { id, key } = await makeKey({ name: "lost" });
  expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key })).status).toBe(200);
  await office("PATCH", `/keys/${id}`, { active: false });
  expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key })).status).toBe(401);
});

test("the configuration is shown, and not changed from here", async () => {
  await expect(office("PATCH", "/config", { set: [{ path: ["debug"], value: true }] })).rejects.toThrow("DRAGOMAN_CONFIG");
  expect((await fetch(`${world.origin}/v0/management/users`)).status).toBe(401);
});

test("neither keys nor the secret are in what the Worker prints", () => {
  const told = world.lines.join("\n");
  expect(told).not.toContain(MANAGEMENT_KEY);
  expect(told).not.toContain("a secret of the tests");
  expect(told).not.toContain("usage.lost");
});
