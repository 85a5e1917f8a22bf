// Who ran infiniproxy keeps the .env, and finds what was promised: two dialects before one backend, users, keys, usage.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Act, Question, Trouble } from "@dragoman/gateway/testing";
import { ask, at, readEvents } from "../kit/calls.ts";
import type { Answer, ManagementCall, RunningOffice } from "../kit/office.ts";
import { BACKEND_KEY, startBackend, startMoved, type Backend } from "./old-env-world.ts";

const PASSWORD = "a password of one's own";
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let backend: Backend;
let moved: RunningOffice;
let key = "";
let asked: Question | undefined;

beforeAll(async () => {
  backend = startBackend(() => ({ text: "?" }));
  moved = await startMoved({
    OPENAI_BASE_URL: `${backend.origin}/v1/chat/completions`, OPENAI_API_KEY: BACKEND_KEY, OPENAI_MODEL: "glm-4.6", PROXY_HOST: "localhost", PROXY_PORT: "8000",
    TIMEOUT: "300", DEBUG: "true", MAX_OUTPUT_TOKENS: "500", ADMIN_USERNAME: "admin", ADMIN_PASSWORD: PASSWORD,
  });
  const answer = await admin("POST", "/admin/users?username=alice");
  key = (answer.body as { api_key: string }).api_key;
});
afterAll(async () => {
  await moved.close();
  await backend.close();
});
beforeEach(() => play({ text: "Sure.", usage: { input: 30, output: 70 } }));

function play(act: Act | Trouble): void {
  backend.simulator.script = (question) => {
    asked = question;
    return act;
  };
}

function admin(method: string, path: string, call: ManagementCall = {}): Promise<Answer> {
  return moved.call(method, `/${path}`, { key: PASSWORD, ...call });
}

const claude = (body: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${moved.origin}/v1/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ model: "claude-3-5-sonnet-20241022", max_tokens: 1024, messages: [{ role: "user", content: "Hello" }], ...body }),
  });

describe("conversion: a Claude request to the backend", () => {
  test("under any name, with the backend's key and model; the reply says the client's name", async () => {
    const reply = await claude({ system: [{ type: "text", text: "Be brief." }], stop_sequences: ["END"], temperature: 0.3, top_p: 0.9 });
    expect(await reply.json()).toMatchObject({ type: "message", role: "assistant", model: "claude-3-5-sonnet-20241022", content: [{ type: "text", text: "Sure." }], stop_reason: "end_turn", stop_sequence: null, usage: { input_tokens: 30, output_tokens: 70 } });
    const seen = backend.simulator.seen.at(-1);
    expect([seen?.path, seen?.headers.get("authorization")]).toEqual(["/v1/chat/completions", `Bearer ${BACKEND_KEY}`]);
    expect(seen?.body).toMatchObject({ model: "glm-4.6", stop: ["END"], temperature: 0.3, top_p: 0.9, max_tokens: 500, messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hello" }] });
  });

  test("streamed, event by event, with usage at the end", async () => {
    const reply = await claude({ stream: true });
    expect(reply.headers.get("content-type")).toStartWith("text/event-stream");
    const { events } = readEvents(await reply.text());
    expect(events.map(({ event }) => event).filter((name) => name !== "content_block_delta" && name !== "ping")).toEqual(["message_start", "content_block_start", "content_block_stop", "message_delta", "message_stop"]);
    expect(events.filter(({ event }) => event === "content_block_delta").map(({ value }) => at(value, "delta", "text")).join("")).toBe("Sure.");
    expect(events.find(({ event }) => event === "message_delta")?.value).toMatchObject({ delta: { stop_reason: "end_turn" }, usage: { output_tokens: 70 } });
  });

  test("pictures arrive as pictures", async () => {
    await claude({ messages: [{ role: "user", content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: PNG } }, { type: "text", text: "What is it?" }] }] });
    expect([asked?.images, asked?.prompt]).toEqual([1, "What is it?"]);
    expect(JSON.stringify(asked?.body)).toContain(`data:image/png;base64,${PNG}`);
  });

  test("the second turn of a tool holds the call and its result, and the choice of tools", async () => {
    const tools = [{ name: "weather", description: "Tells it.", input_schema: { type: "object", properties: { city: { type: "string" } } } }];
    play({ calls: [{ name: "weather", arguments: { city: "Łódź" } }] });
    const first = (await (await claude({ tools, tool_choice: { type: "any" } })).json()) as { content: { id: string; input: unknown }[]; stop_reason: string };
    expect([first.stop_reason, first.content[0]?.input, at(asked?.body, "tool_choice")]).toEqual(["tool_use", { city: "Łódź" }, "required"]);
    play({ text: "Rain." });
    const id = first.content[0]?.id ?? "";
    const second = await claude({ tools, messages: [
      { role: "user", content: "How is it there?" }, { role: "assistant", content: first.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "rain" }, { type: "text", text: "Well?" }] },
    ] });
    expect([second.status, asked?.results[0]?.text, asked?.prompt]).toEqual([200, "rain", "Well?"]);
    expect(at(asked?.body, "messages", 1, "tool_calls", 0, "id")).toBe(at(asked?.body, "messages", 2, "tool_call_id"));
  });

  test("reasoning is a block of its own, not text", async () => {
    play({ reasoning: "They greet me.", text: "Hello!" });
    for (const stream of [false, true]) {
      const text = await (await claude({ stream, thinking: { type: "enabled", budget_tokens: 1024 }, max_tokens: 4000 })).text();
      expect(text).toContain("thinking");
      expect(text).not.toContain("[Reasoning]");
    }
    const whole = (await (await claude({ thinking: { type: "enabled", budget_tokens: 1024 }, max_tokens: 4000 })).json()) as { content: unknown[] };
    expect(whole.content).toEqual([expect.objectContaining({ type: "thinking", thinking: "They greet me." }), { type: "text", text: "Hello!" }]);
  });

  test.each([[400, "invalid_request_error"], [404, "not_found_error"], [413, "request_too_large"], [429, "rate_limit_error"]])("the backend's %d stays what it is, in the client's envelope", async (status, type) => {
    play({ trouble: "refuse", status, message: "The backend says no." });
    const reply = await claude();
    expect([reply.status, await reply.json()]).toEqual([status, expect.objectContaining({ type: "error", error: expect.objectContaining({ type }) })]);
  });

  test("a backend that is down is overloaded, as such clients know it", async () => {
    play({ trouble: "refuse", status: 503, message: "later" });
    const reply = await claude();
    expect([reply.status, at(await reply.json(), "error", "type")]).toEqual([529, "overloaded_error"]);
  });

  test("a filtered answer is a refusal, and one that was cut says so", async () => {
    for (const [finish, reason] of [["refusal", "refusal"], ["length", "max_tokens"]] as const) {
      play({ text: "No", finish });
      expect(at(await (await claude()).json(), "stop_reason")).toBe(reason);
    }
  });

  test("its tokens can be counted, and its models listed", async () => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const counted = await fetch(`${moved.origin}/v1/messages/count_tokens`, { method: "POST", headers, body: JSON.stringify({ model: "claude-3-5-sonnet-20241022", messages: [{ role: "user", content: "Hello" }] }) });
    expect(await counted.json()).toEqual({ input_tokens: expect.any(Number) });
    const models = (await (await fetch(`${moved.origin}/v1/models`, { headers })).json()) as { object: string; data: { id: string }[] };
    expect([models.object, models.data.map(({ id }) => id)]).toEqual(["list", ["glm-4.6"]]);
  });
});

describe("pass-through: an OpenAI request to the backend", () => {
  test("arrives as it was sent, and the reply comes as it is", async () => {
    const body = { model: "glm-4.6", messages: [{ role: "user", content: "Hi" }], max_tokens: 100_000, user: "u-1" };
    const reply = await ask(moved.origin, "openai-chat", { model: "glm-4.6", key, body });
    expect([reply.status, at(await reply.json(), "choices", 0, "message", "content")]).toEqual([200, "Sure."]);
    expect(backend.simulator.seen.at(-1)?.body).toEqual({ ...body, stream: false });
  });

  test("streamed as a stream", async () => {
    const reply = await ask(moved.origin, "openai-chat", { model: "glm-4.6", key, stream: true });
    const { events } = readEvents(await reply.text());
    expect([events.at(-1)?.data, events.map(({ value }) => at(value, "choices", 0, "delta", "content") ?? "").join("")]).toEqual(["[DONE]", "Sure."]);
  });

  test("another name is answered by the backend's model, too", async () => {
    expect((await ask(moved.origin, "openai-chat", { model: "gpt-4", key })).status).toBe(200);
    expect(asked?.model).toBe("glm-4.6");
  });
});

describe("who may", () => {
  test("a key as Bearer and as x-api-key, on both endpoints; none and a wrong one are refused as each dialect does", async () => {
    expect((await ask(moved.origin, "anthropic-messages", { model: "x", key })).status).toBe(200);
    expect((await ask(moved.origin, "openai-chat", { model: "x", key })).status).toBe(200);
    for (const headers of [{ authorization: "" }, { authorization: "Bearer sk-wrong" }]) {
      const reply = await claude({}, headers);
      expect([reply.status, at(await reply.json(), "error", "type")]).toEqual([401, "authentication_error"]);
    }
  });

  test("nobody is told who the backend is", async () => {
    for (const path of ["/", "/health", "/v1/models"]) {
      const text = await (await fetch(moved.origin + path, { headers: { authorization: `Bearer ${key}` } })).text();
      expect(text).not.toContain(new URL(backend.origin).port);
      expect(text).not.toContain(BACKEND_KEY);
    }
    const welcome = (await (await fetch(`${moved.origin}/`)).json()) as { name: string; version: string; endpoints: string[] };
    expect([welcome.name, typeof welcome.version, welcome.endpoints]).toEqual(["Dragoman", "string", expect.arrayContaining(["POST /v1/messages", "POST /v1/chat/completions"])]);
    expect((await (await fetch(`${moved.origin}/health`)).json()) as object).toMatchObject({ status: "ok" });
  });

  test("what was streamed and what failed is in the usage of the key, under the backend's model", async () => {
    const { api_key: fresh } = (await admin("POST", "/admin/users?username=bob")).body as { api_key: string };
    await (await ask(moved.origin, "anthropic-messages", { model: "claude-3", key: fresh, stream: true })).text();
    play({ trouble: "refuse", status: 400, message: "no" });
    await (await ask(moved.origin, "openai-chat", { model: "glm-4.6", key: fresh })).text();
    const usage = (await admin("GET", "/usage/me", { key: fresh })).body as { usage_by_endpoint: { endpoint: string; model: string }[] };
    expect(usage).toMatchObject({ username: "bob", total_requests: 2, total_input_tokens: 30, total_output_tokens: 70, total_tokens: 100 });
    expect(usage.usage_by_endpoint.map(({ endpoint, model }) => [endpoint, model])).toEqual([["/v1/messages", "glm-4.6"], ["/v1/chat/completions", "glm-4.6"]]);
  });
});

test("where others can reach it nobody is let in before there is a key", async () => {
  const open = await startMoved({ OPENAI_BASE_URL: `${backend.origin}/v1`, OPENAI_API_KEY: BACKEND_KEY, OPENAI_MODEL: "glm-4.6", PROXY_HOST: "0.0.0.0", ADMIN_PASSWORD: PASSWORD });
  try {
    const before = backend.simulator.seen.length;
    for (const path of ["/v1/chat/completions", "/v1/messages"]) expect((await fetch(open.origin + path, { method: "POST", body: "{}" })).status).toBe(401);
    expect((await fetch(`${open.origin}/v1/models`)).status).toBe(401);
    expect(backend.simulator.seen.length).toBe(before);
    open.visitor.address = "203.0.113.7";
    const { api_key: first } = (await open.call("POST", "//admin/users?username=carol", { key: PASSWORD })).body as { api_key: string };
    expect((await ask(open.origin, "openai-chat", { model: "glm-4.6", key: first })).status).toBe(200);
  } finally {
    await open.close();
  }
});
