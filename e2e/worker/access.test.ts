// The Worker in the real workerd: whose keys are spent, and by whom.
import { afterEach, describe, expect, test } from "bun:test";
import { ask, at, DIALECTS, toldError, wholeText } from "../kit/calls.ts";
import { named } from "../dynamic/dynamic-world.ts";
import { builtWorker } from "../kit/workerd.ts";
import { MODELS, UPSTREAM_KEYS } from "../kit/world.ts";
import { ANSWER, startWorkerWorld, type WorkerWorld, type WorkerWorldOptions } from "./worker-world.ts";

const built = builtWorker();
const open: WorkerWorld[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function start(options: WorkerWorldOptions): Promise<WorkerWorld> {
  const world = await startWorkerWorld({ module: await built, ...options });
  open.push(world);
  return world;
}

describe("the operator's own upstreams", () => {
  test("are for nobody while there are no client keys; upstreams that clients name are", async () => {
    const world = await start({ isOperators: true });
    for (const dialect of DIALECTS) {
      for (const key of ["", "sk-anything"]) {
        const reply = await ask(world.origin, dialect, { model: MODELS[dialect] ?? "", key });
        expect(reply.status).toBe(401);
        expect(toldError(dialect, await reply.json()).message).toContain("ACCESS_KEYS");
      }
    }
    expect((await fetch(`${world.origin}/v1/models`)).status).toBe(401);
    expect((await fetch(`${world.origin}/health`)).status).toBe(200);
    expect(world.seen()).toEqual([]);
    const upstream = world.upstream("openai-chat");
    expect((await ask(named(world.origin, upstream.origin, "openai-chat"), "anthropic-messages", { model: "m", key: "sk-of-the-client" })).status).toBe(200);
    expect(upstream.simulator.seen[0]?.headers.get("authorization")).toBe("Bearer sk-of-the-client");
  });

  test("are for all who show a key, and those who name an upstream show one as well", async () => {
    const world = await start({ isOperators: true, variables: { ACCESS_KEYS: "sk-first, sk-second;sk-third\nsk-fourth" } });
    for (const [at, dialect] of DIALECTS.entries()) {
      const reply = await ask(world.origin, dialect, { model: MODELS[dialect] ?? "", key: ["sk-first", "sk-second", "sk-third", "sk-fourth"][at] ?? "" });
      expect(wholeText(dialect, await reply.json())).toBe(ANSWER.text);
    }
    expect((await ask(world.origin, "openai-chat", { model: "sim-chat", key: "sk-fifth" })).status).toBe(401);
    const base = named(world.origin, world.upstream("openai-chat").origin, "openai-chat");
    expect((await ask(base, "openai-chat", { model: "m", key: "sk-of-the-client" })).status).toBe(401);
    expect((await ask(base, "openai-chat", { model: "m", key: "sk-of-the-client", headers: { "x-dragoman-key": "sk-first" } })).status).toBe(200);
    const told = world.lines.join("\n");
    for (const secret of ["sk-first", "sk-of-the-client", ...Object.values(UPSTREAM_KEYS)]) expect(told).not.toContain(secret);
  });

  test("are for everybody where the operator says so", async () => {
    const world = await start({ isOperators: true, variables: { OPEN: "true" } });
    const reply = await fetch(`${world.origin}/v1/messages`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ model: MODELS["anthropic-messages"], max_tokens: 5, messages: [{ role: "user", content: "hi" }] }) });
    expect(reply.status).toBe(200);
  });
});

describe("claude_proxy's variables", () => {
  const haiku = async (more: Record<string, string>): Promise<{ readonly world: WorkerWorld; readonly call: (key: string) => Promise<Response> }> => {
    const target = await start({});
    const world = await start({ variables: { HAIKU_MODEL_NAME: "sim-chat", HAIKU_BASE_URL: `${target.upstream("openai-chat").origin}/v1`, HAIKU_API_KEY: "sk-haiku-of-the-operator", ...more } });
    return { world: target, call: (key) => ask(world.origin, "anthropic-messages", { model: "claude-3-5-haiku-20241022", key }) };
  };

  test("lead models called haiku to their upstream, with the operator's key, for those who show one of ours", async () => {
    const { world, call } = await haiku({ ACCESS_KEYS: "sk-mine" });
    const reply = await call("sk-mine");
    const text = await reply.text();
    expect(reply.status, text).toBe(200);
    expect(at(JSON.parse(text), "model")).toBe("claude-3-5-haiku-20241022");
    const { seen } = world.upstream("openai-chat").simulator;
    expect([seen[0]?.headers.get("authorization"), at(seen[0]?.body, "model")]).toEqual(["Bearer sk-haiku-of-the-operator", "sim-chat"]);
    expect((await call("sk-nobody")).status).toBe(401);
    expect(seen).toHaveLength(1);
  });

  test("spend nothing for strangers while there are no client keys", async () => {
    const { world, call } = await haiku({});
    expect((await call("sk-anything")).status).toBe(401);
    expect(world.seen()).toEqual([]);
  });
});

test("providers' keys are found in variables, under the names that they have everywhere", async () => {
  const world = await start({ variables: { ACCESS_KEYS: "sk-mine", OPENAI_API_KEY: "sk-openai-of-the-operator", ANTHROPIC_API_KEY: "sk-ant-of-the-operator" } });
  const owners = async (): Promise<readonly unknown[]> => {
    const list = (await (await fetch(`${world.origin}/v1/models`, { headers: { authorization: "Bearer sk-mine" } })).json()) as { readonly data: readonly { readonly owned_by: string }[] };
    return [...new Set(list.data.map(({ owned_by: owner }) => owner))].toSorted();
  };
  expect(await owners()).toEqual(["anthropic", "openai"]);
});

describe("settings that make no gateway", () => {
  test.each([
    ["DRAGOMAN_CONFIG is not JSON", { DRAGOMAN_CONFIG: "{sk-hidden" }, "not JSON"],
    ["an unknown shape", { DRAGOMAN_CONFIG: JSON.stringify({ "api-keys": "sk-hidden" }) }, "api-keys"],
    ["a resolver that is none", { DNS_RESOLVER: "sk-hidden" }, "DNS_RESOLVER"],
    ["a secret that can be guessed", { DRAGOMAN_SECRET: "sk-hidden" }, "DRAGOMAN_SECRET"],
  ])("%s: clients are told that it is not their fault, the log what is wrong, and nobody a value", async (_, variables, reason) => {
    const world = await start({ variables });
    for (const dialect of DIALECTS) {
      const reply = await ask(world.origin, dialect, { model: "m" });
      expect(reply.status).toBe(500);
      const body = await reply.json();
      expect(toldError(dialect, body).message).toContain("not configured correctly");
      expect(JSON.stringify(body)).not.toContain(reason);
    }
    const told = world.lines.join("\n");
    expect(told).toContain("config.refused");
    expect(told).toContain(reason);
    expect(told).not.toContain("sk-hidden");
  });

  test("a database without the secret that its keys are hashed with", async () => {
    const world = await start({ database: true });
    expect((await ask(world.origin, "openai-chat", { model: "m" })).status).toBe(500);
    expect(world.lines.join("\n")).toContain("wrangler secret put DRAGOMAN_SECRET");
  });
});
