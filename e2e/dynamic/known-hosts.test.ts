import { beforeEach, expect, test } from "bun:test";
import { at, list } from "../kit/calls.ts";
import { askAt, KEY, Nowhere } from "./nowhere.ts";

const nowhere = new Nowhere(Object.fromEntries(["api.groq.com", "openrouter.ai", "generativelanguage.googleapis.com", "api.openai.com"].map((host) => [host, [["104.18.40.1"]]])));
beforeEach(() => nowhere.reset());

const lastBody = (): unknown => JSON.parse(String(nowhere.sent.at(-1)?.init.body));
const lastHeaders = (): Headers => new Headers(nowhere.sent.at(-1)?.init.headers as Record<string, string>);

/** What clients write into schemas, and Gemini takes for a mistake. */
const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", additionalProperties: false, required: ["path", "path"],
  properties: { path: { type: "string", format: "uri", const: "x" }, lines: { type: "integer", exclusiveMinimum: 0 }, additionalProperties: { type: "string" } },
};
const GEMINI_ANSWER = { candidates: [{ content: { role: "model", parts: [{ functionCall: { name: "read", args: { path: "a.txt" } } }] }, finishReason: "STOP" }], usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 3 } };

test.each(["", "/v1beta", "/v1beta/openai"])("Gemini is asked in its own words, with schemas that it takes, also where the path is OpenAI's (base path %j)", async (base) => {
  nowhere.answer = () => Response.json(GEMINI_ANSWER);
  const reply = await askAt(nowhere.gateway(), `/https/generativelanguage.googleapis.com${base}/gemini-2.5-pro`, "anthropic-messages", { body: { tools: [{ name: "read", input_schema: SCHEMA }] } });
  expect(reply.status).toBe(200);
  expect(nowhere.sent.map(({ url }) => url)).toEqual(["https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent"]);
  expect(lastHeaders().get("x-goog-api-key")).toBe(KEY);
  const declared = JSON.stringify(at(lastBody(), "tools"));
  for (const refused of ["$schema", "exclusiveMinimum", '"const"', '"uri"']) expect(declared).not.toContain(refused);
  expect(at(lastBody(), "tools", 0, "functionDeclarations", 0, "name")).toBe("read");
  // A property that is called like a keyword stays.
  expect(declared).toContain('"additionalProperties":{');
  const answer: unknown = await reply.json();
  expect(at(answer, "stop_reason")).toBe("tool_use");
  expect(at(list(at(answer, "content")).at(-1), "input")).toEqual({ path: "a.txt" });
});

test("a provider that speaks the client's dialect is asked in it, at its own place for that", async () => {
  nowhere.answer = () => Response.json({ id: "msg_1", type: "message", role: "assistant", model: "anthropic/claude-sonnet-4.5", content: [{ type: "text", text: "hello" }], stop_reason: "end_turn", usage: { input_tokens: 9, output_tokens: 1 } });
  const reply = await askAt(nowhere.gateway(), "/https/openrouter.ai/api/v1/-/anthropic/claude-sonnet-4.5", "anthropic-messages");
  expect(at(await reply.json(), "model")).toBe("m");
  expect(nowhere.sent.map(({ url }) => url)).toEqual(["https://openrouter.ai/api/v1/messages"]);
  expect(at(lastBody(), "model")).toBe("anthropic/claude-sonnet-4.5");
  expect(lastHeaders().get("authorization")).toBe(`Bearer ${KEY}`);
});

test("a known provider's whims are minded: what it refuses is left out, and what it calls otherwise is", async () => {
  expect((await askAt(nowhere.gateway(), "/https/api.groq.com/openai/v1/llama3-70b-8192", "anthropic-messages")).status).toBe(200);
  expect(nowhere.sent.map(({ url }) => url)).toEqual(["https://api.groq.com/openai/v1/chat/completions"]);
  expect(lastBody()).toMatchObject({ model: "llama3-70b-8192", max_completion_tokens: 10 });
  expect(at(lastBody(), "max_tokens")).toBeUndefined();
});

test("a word goes before what is known", async () => {
  expect((await askAt(nowhere.gateway(), "/openai+https/api.openai.com/v1/gpt-5", "openai-responses")).status).toBe(200);
  expect(nowhere.sent.map(({ url }) => url)).toEqual(["https://api.openai.com/v1/chat/completions"]);
});
