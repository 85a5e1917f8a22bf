// The Worker in the real workerd: upstreams that clients name in the path.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { named, THEIR_KEY } from "../dynamic/dynamic-world.ts";
import { ask, at, DIALECTS, isWhole, readEvents, streamText, toldError, wholeText, type DialectId } from "../kit/calls.ts";
import { BEGUN } from "../kit/broken-streams.ts";
import { listen, type Listening } from "../kit/running.ts";
import { ANSWER, startWorkerWorld, until, type WorkerWorld } from "./worker-world.ts";

/** What names lead to, by the resolver that the Worker asks; a name that is not here does not exist. */
const NAMES: Record<string, readonly string[]> = { "inside.example.com": ["10.0.0.7"], "both.example.com": ["93.184.215.14", "fd00::1"], "public.example.com": ["93.184.215.14"] };
const asked: string[] = [];

function resolver(request: Request): Response {
  const query = new URL(request.url).searchParams;
  const name = query.get("name") ?? "";
  asked.push(`${name} ${query.get("type") ?? ""}`);
  const type = Number(query.get("type"));
  const addresses = NAMES[name];
  return Response.json({ Status: addresses === undefined ? 3 : 0, Answer: addresses?.filter((address) => address.includes(":") === (type === 28)).map((data) => ({ name, type, TTL: 300, data })) });
}

let world: WorkerWorld;
let dns: Listening;
beforeAll(async () => {
  dns = listen(resolver);
  world = await startWorkerWorld({ keys: [THEIR_KEY], variables: { DNS_RESOLVER: `${dns.origin}/dns-query` } });
});
afterAll(async () => {
  await world.close();
  await dns.close();
});
beforeEach(() => {
  for (const dialect of DIALECTS) {
    world.upstream(dialect).simulator.seen.length = 0;
    world.upstream(dialect).simulator.script = () => ANSWER;
  }
});

const upstreamAt = (dialect: DialectId, naming = {}): string => named(world.origin, world.upstream(dialect).origin, dialect, naming);
const messages = (base: string, headers: Record<string, string>, path = "/v1/messages"): Promise<Response> =>
  fetch(base + path, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify({ model: "claude-sonnet", max_tokens: 20, messages: [{ role: "user", content: "hi" }] }) });

describe.each(DIALECTS.flatMap((client) => DIALECTS.map((upstream) => [client, upstream] as const)))("%s to %s in workerd", (client, upstream) => {
  test.each([false, true])("is answered (streamed: %p)", async (stream) => {
    const reply = await ask(upstreamAt(upstream), client, { model: "my-name", stream, key: THEIR_KEY });
    const text = await reply.text();
    expect(reply.status, text).toBe(200);
    if (stream) {
      const { events } = readEvents(text);
      expect(streamText(client, events)).toBe(ANSWER.text);
      expect(isWhole(client, events)).toBe(true);
    } else expect(wholeText(client, JSON.parse(text))).toBe(ANSWER.text);
    expect(world.upstream(upstream).simulator.seen).toMatchObject([{ violations: [] }]);
  });
});

describe("an address as claude_proxy has it", () => {
  const base = (model: string): string => `${world.origin}/http/${new URL(world.upstream("openai-chat").origin).host}/v1/${model}`;

  test.each([["x-api-key", THEIR_KEY], ["authorization", `Bearer ${THEIR_KEY}`]])("the client's %s goes to the upstream as a bearer token", async (header, value) => {
    const reply = await messages(base("sim-chat"), { [header]: value });
    expect(reply.status, await reply.text()).toBe(200);
    const [seen] = world.upstream("openai-chat").simulator.seen;
    expect([seen?.path, seen?.headers.get("authorization"), seen?.headers.get("x-api-key")]).toEqual(["/v1/chat/completions", `Bearer ${THEIR_KEY}`, null]);
  });

  test.each(["meta-llama%2Fllama-3-70b", "-/meta-llama/llama-3-70b"])("a model's name may hold slashes: %s", async (model) => {
    expect((await messages(base(model), { "x-api-key": THEIR_KEY })).status).toBe(200);
    expect(at(world.upstream("openai-chat").simulator.seen[0]?.body, "model")).toBe("meta-llama/llama-3-70b");
  });

  test("tokens are counted", async () => {
    const reply = await messages(base("sim-chat"), { "x-api-key": THEIR_KEY }, "/v1/messages/count_tokens");
    expect(reply.status).toBe(200);
    expect(at(await reply.json(), "input_tokens")).toBeGreaterThan(0);
  });

  test("a client that leaves amid a stream hangs up on the upstream", async () => {
    const { simulator } = world.upstream("openai-chat");
    simulator.script = () => ({ trouble: "stall", afterEvents: BEGUN["openai-chat"], act: ANSWER });
    const abort = new AbortController();
    const reply = await ask(base("sim-chat"), "anthropic-messages", { model: "m", stream: true, key: THEIR_KEY, signal: abort.signal });
    await reply.body?.getReader().read();
    abort.abort();
    await until(() => simulator.seen[0]?.aborted === true);
  });
});

describe.each(DIALECTS)("%s clients are told what is wrong in their own words", (client) => {
  test("when the upstream refuses", async () => {
    world.upstream("openai-chat").simulator.script = () => ({ trouble: "refuse", status: 429, message: "slow down" });
    const reply = await ask(upstreamAt("openai-chat"), client, { model: "m", key: THEIR_KEY });
    expect(reply.status).toBe(429);
    expect(toldError(client, await reply.json()).message).toContain("slow down");
  });

  test.each(["inside.example.com", "both.example.com", "nowhere.example.com", "169.254.169.254"])("when the path names %s", async (host) => {
    const reply = await ask(`${world.origin}/https/${host}/v1/model`, client, { model: "m", key: THEIR_KEY });
    expect(reply.status).toBe(403);
    expect(toldError(client, await reply.json()).message).toContain("upstream address");
    expect(world.seen()).toEqual([]);
  });
});

test("a public upstream is not asked without a key", async () => {
  const reply = await messages(`${world.origin}/https/public.example.com/v1/model`, {});
  expect(reply.status).toBe(401);
  expect(toldError("anthropic-messages", await reply.json()).message).toContain("key is missing");
});

test("names are asked for once while their records hold", () => {
  expect(asked.filter((question) => question === "inside.example.com 1")).toHaveLength(1);
});

test("no key is in what the Worker prints", () => {
  expect(world.lines.some((line) => line.includes("request.completed"))).toBe(true);
  expect(world.lines.join("\n")).not.toContain(THEIR_KEY);
});
