import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Act, Question } from "@dragoman/gateway/testing";
import OpenAI from "openai";
import { ask, at, list, readEvents } from "../kit/calls.ts";
import { entriesOf } from "../kit/entries.ts";
import { startPool, type Pool } from "../kit/pool.ts";
import { startGateway, type RunningGateway } from "../kit/running.ts";
import { CLIENT_KEY, MODELS, startWorld, type World } from "../kit/world.ts";

/** Says back all user texts that it sees, so that a lost past shows. */
function recite({ body }: Question): Act {
  return { text: `I heard: ${texts(body).join(" | ")}`, usage: { input: 10, output: 5 } };
}

/** Every text of a user in a body of any dialect, in order. */
function texts(body: unknown): string[] {
  const turns = [...list(at(body, "messages")), ...list(at(body, "input")), ...list(at(body, "contents"))];
  return turns.filter((turn) => at(turn, "role") === "user").flatMap((turn) => {
    const content = at(turn, "content") ?? at(turn, "parts");
    return typeof content === "string" ? [content] : list(content).map((part) => String(at(part, "text") ?? "")).filter((text) => text !== "");
  });
}

let world: World;
let client: OpenAI;
beforeAll(() => {
  world = startWorld({ script: recite, config: { "api-keys": [CLIENT_KEY, "another-key-for-tests"] } });
  client = new OpenAI({ baseURL: `${world.origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
});
afterAll(() => world.close());

const FOREIGN = ["anthropic-messages", "gemini-generate-content", "openai-chat"] as const;
/** The same dialect at a server that is not the vendor's own: bytes pass, and still nobody but us remembers. */
const UPSTREAMS = [...FOREIGN, "openai-responses"] as const;

for (const upstream of UPSTREAMS) {
  describe(`${upstream} upstream`, () => {
    const model = MODELS[upstream] ?? "";

    for (const stream of [false, true]) {
      test(`#186 a known previous_response_id is spelt out, ${stream ? "streamed" : "whole"}, over three turns`, async () => {
        const turn = async (input: string, previous?: string): Promise<OpenAI.Responses.Response> => {
          const body = { model, input, ...(previous !== undefined && { previous_response_id: previous }) };
          return stream ? await client.responses.stream(body).finalResponse() : await client.responses.create(body);
        };
        const first = await turn("one");
        expect(first.id).toStartWith("resp_");
        const second = await turn("two", first.id);
        expect(second.output_text).toBe("I heard: one | two");
        const third = await turn("three", second.id);
        expect(third.output_text).toBe("I heard: one | two | three");
        const again = await turn("four", first.id);
        expect(again.output_text).toBe("I heard: one | four");
      });
    }

    test("#186 an unknown previous_response_id is 400 with its code and field", async () => {
      const response = await ask(world.origin, "openai-responses", { model, body: { previous_response_id: "resp_unknown" } });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error", code: "previous_response_not_found", param: "previous_response_id" } });
    });

    test("background work is refused by its name", async () => {
      const response = await ask(world.origin, "openai-responses", { model, body: { background: true, store: true } });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: "background" } });
    });
  });
}

describe("going on", () => {
  const model = MODELS["anthropic-messages"] ?? "";

  test("with another model, whose provider never saw what came before", async () => {
    const first = await client.responses.create({ model, input: "one" });
    const second = await client.responses.create({ model: MODELS["gemini-generate-content"] ?? "", input: "two", previous_response_id: first.id });
    expect(second.output_text).toBe("I heard: one | two");
    expect(second.previous_response_id).toBe(first.id);
  });

  test("instructions are not carried over, tool calls and their results are", async () => {
    const upstream = world.upstream("anthropic-messages");
    const { script } = upstream.simulator;
    upstream.simulator.script = () => ({ calls: [{ name: "get_time", arguments: { zone: "UTC" } }] });
    const tools = [{ type: "function" as const, name: "get_time", parameters: { type: "object", properties: {} }, strict: false }];
    const first = await client.responses.create({ model, instructions: "be brief", input: "time?", tools });
    upstream.simulator.script = script;
    const call = first.output.find((item) => item.type === "function_call");
    await client.responses.create({ model, input: [{ type: "function_call_output", call_id: call?.call_id ?? "", output: "noon" }], tools, previous_response_id: first.id });
    const body = upstream.simulator.seen.at(-1)?.body;
    expect(at(body, "system")).toBeUndefined();
    expect(list(at(body, "messages")).map((message) => list(at(message, "content")).map((block) => at(block, "type") ?? "text").join())).toEqual(["text", "tool_use", "tool_result"]);
  });

  test("from an item that is only named", async () => {
    const first = await client.responses.create({ model, input: "one" });
    const id = first.output[0]?.id ?? "";
    await client.responses.create({ model, input: [{ role: "user", content: "before" }, { type: "item_reference", id }, { role: "user", content: "after" }] });
    const seen = JSON.stringify(at(world.upstream("anthropic-messages").simulator.seen.at(-1)?.body, "messages"));
    expect(seen).toContain("I heard: one");
    const response = await ask(world.origin, "openai-responses", { model, body: { input: [{ type: "item_reference", id: "msg_unknown" }] } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "previous_response_not_found", param: "input[0].id" } });
  });

  test("in a conversation with a name, which grows with each reply", async () => {
    const conversation = await client.conversations.create({ items: [{ type: "message", role: "user", content: "zero" }], metadata: { of: "test" } });
    expect(conversation).toMatchObject({ object: "conversation", metadata: { of: "test" } });
    await client.responses.create({ model, input: "one", conversation: conversation.id });
    const second = await client.responses.create({ model, input: "two", conversation: { id: conversation.id } });
    expect(second.output_text).toBe("I heard: zero | one | two");
    expect(second.conversation).toEqual({ id: conversation.id });
    expect((await client.conversations.retrieve(conversation.id)).id).toBe(conversation.id);
    await client.conversations.delete(conversation.id);
    const response = await ask(world.origin, "openai-responses", { model, body: { conversation: conversation.id } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: "conversation" } });
  });

  test("not from what was sent with store: false, nor from what another key said", async () => {
    const unstored = await client.responses.create({ model, input: "one", store: false });
    expect((await ask(world.origin, "openai-responses", { model, body: { previous_response_id: unstored.id } })).status).toBe(400);
    const stored = await client.responses.create({ model, input: "one" });
    expect((await ask(world.origin, "openai-responses", { model, key: "another-key-for-tests", body: { previous_response_id: stored.id } })).status).toBe(400);
    expect((await ask(world.origin, "openai-responses", { model, body: { previous_response_id: stored.id } })).status).toBe(200);
  });

  test("not from a stream that broke off", async () => {
    const upstream = world.upstream("anthropic-messages");
    const { script } = upstream.simulator;
    upstream.simulator.script = () => ({ trouble: "cut", afterEvents: 4, act: { text: "a long answer" } });
    const response = await ask(world.origin, "openai-responses", { model, stream: true, body: { store: true } });
    const { events } = readEvents(await response.text());
    upstream.simulator.script = script;
    const id = String(at(events[0]?.value, "response", "id"));
    expect(id).toStartWith("resp_");
    expect((await ask(world.origin, "openai-responses", { model, body: { previous_response_id: id } })).status).toBe(400);
  });
});

describe("asking for what is kept", () => {
  const model = MODELS["gemini-generate-content"] ?? "";

  test("retrieve, list what was said, delete", async () => {
    const made = await client.responses.create({ model, input: "one" });
    const found = await client.responses.retrieve(made.id);
    expect(found.output_text).toBe("I heard: one");
    const items = await client.responses.inputItems.list(made.id);
    expect(items.data).toMatchObject([{ type: "message", role: "user", content: "one" }]);
    await client.responses.delete(made.id);
    const gone = await fetch(`${world.origin}/v1/responses/${made.id}`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
    expect(gone.status).toBe(404);
  });

  test("what is complete cannot be cancelled, and what is unknown is 404", async () => {
    const made = await client.responses.create({ model, input: "one" });
    const post = (path: string): Promise<Response> => fetch(`${world.origin}/v1/responses/${path}`, { method: "POST", headers: { authorization: `Bearer ${CLIENT_KEY}` } });
    expect((await post(`${made.id}/cancel`)).status).toBe(400);
    expect((await post("resp_unknown/cancel")).status).toBe(404);
    expect((await post(made.id)).status).toBe(405);
  });
});

test("what is kept says the name of the model that the client was told", async () => {
  const pool = startPool("openai-responses", (_account, question) => recite(question));
  const gateway = startGateway({ ...entriesOf("openai-responses", { origin: pool.origin, keys: ["sk-first-key-000000001"], models: [{ name: "inner", alias: "outer", "force-mapping": true }] }) });
  for (const stream of [false, true]) {
    const text = await (await ask(gateway.origin, "openai-responses", { model: "outer", stream, body: { store: true } })).text();
    const made = stream ? at(readEvents(text).events.at(-1)?.value, "response") : JSON.parse(text);
    const kept = await fetch(`${gateway.origin}/v1/responses/${String(at(made, "id"))}`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } });
    expect(await kept.json()).toEqual(made);
    expect(at(made, "model")).toBe("outer");
  }
  await gateway.close();
  await pool.close();
});

describe("an upstream that keeps its replies itself", () => {
  let pool: Pool;
  let gateway: RunningGateway;
  const model = "gpt-kept";
  beforeAll(() => {
    pool = startPool("openai-responses", (_account, question) => recite(question));
    gateway = startGateway({ ...entriesOf("openai-responses", { origin: pool.origin, keys: ["sk-first-key-000000001"], models: [{ name: model }] }) });
    // The vendor's own address cannot be reached from a test, so what is known of it is said of this one.
    const { switchboard } = gateway.gateway.engine;
    const { select } = switchboard;
    switchboard.select = (...args) => {
      const selection = select.apply(switchboard, args);
      return { next: () => {
        const candidate = selection.next();
        return candidate === undefined ? undefined : { ...candidate, capabilities: { ...candidate.capabilities, stateful: true } };
      } };
    };
  });
  afterAll(async () => {
    await gateway.close();
    await pool.close();
  });

  test("gets references and background as they came, and nothing is kept here", async () => {
    const bodies: unknown[] = [];
    pool.script = (_account, question) => (bodies.push(question.body), recite(question));
    const first = await ask(gateway.origin, "openai-responses", { model, body: { previous_response_id: "resp_theirs", background: true, store: true } });
    expect(first.status).toBe(200);
    expect(bodies[0]).toMatchObject({ previous_response_id: "resp_theirs", background: true, input: "hello" });
    const { id } = (await first.json()) as { id: string };
    expect((await fetch(`${gateway.origin}/v1/responses/${id}`, { headers: { authorization: `Bearer ${CLIENT_KEY}` } })).status).toBe(404);
  });
});
