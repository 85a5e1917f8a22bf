import { describe, expect, test } from "bun:test";
import { buildRequest, DIALECTS, toCurl, type Draft } from "./build-request.ts";
import { EMPTY_REPLY, readReply, type ReplyState } from "./read-reply.ts";
import type { PlaygroundDialect } from "./build-request.ts";

const read = (dialect: PlaygroundDialect, events: readonly unknown[]): ReplyState => events.reduce<ReplyState>((state, event) => readReply(state, dialect, event), EMPTY_REPLY);

const DRAFT: Draft = { dialect: "openai-chat", model: "m/1", system: "Be brief.", turns: [{ role: "user", text: "It's me" }], stream: true, temperature: 0.5, maxTokens: undefined, effort: "low", tools: '[{"type":"x"}]' };

describe("streams", () => {
  test("OpenAI Chat", () => {
    expect(read("openai-chat", [
      { choices: [{ delta: { role: "assistant", content: "Hel" } }] },
      { choices: [{ delta: { content: "lo", tool_calls: [{ index: 0, id: "c", function: { name: "look", arguments: '{"a"' } }] } }] },
      { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: ":1}" } }] }, finish_reason: "tool_calls" }] },
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 7 } },
    ])).toEqual({ text: "Hello", reasoning: "", toolCalls: [{ id: "call-0", name: "look", input: '{"a":1}' }], finish: "tool_calls", inputTokens: 5, outputTokens: 7 });
  });

  test("Anthropic Messages, with thinking", () => {
    expect(read("anthropic-messages", [
      { type: "message_start", message: { usage: { input_tokens: 9 } } },
      { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Hm." } },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Yes" } },
      { type: "content_block_start", index: 2, content_block: { type: "tool_use", name: "look", input: {} } },
      { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: "{}" } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } },
    ])).toEqual({ text: "Yes", reasoning: "Hm.", toolCalls: [{ id: "block-2", name: "look", input: "{}" }], finish: "end_turn", inputTokens: 9, outputTokens: 3 });
  });

  test("OpenAI Responses", () => {
    expect(read("openai-responses", [
      { type: "response.created", response: { object: "response", status: "in_progress" } },
      { type: "response.output_text.delta", delta: "A" }, { type: "response.output_text.delta", delta: "B" },
      { type: "response.completed", response: { status: "completed", usage: { input_tokens: 1, output_tokens: 2 } } },
    ])).toEqual({ text: "AB", reasoning: "", toolCalls: [], finish: "completed", inputTokens: 1, outputTokens: 2 });
  });

  test("Gemini, with a thought", () => {
    expect(read("gemini-generate-content", [
      { candidates: [{ content: { parts: [{ text: "Well", thought: true }, { text: "A" }] } }] },
      { candidates: [{ content: { parts: [{ text: "B" }] }, finishReason: "STOP" }], usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2 } },
    ])).toEqual({ text: "AB", reasoning: "Well", toolCalls: [], finish: "STOP", inputTokens: 4, outputTokens: 2 });
  });
});

test("whole replies", () => {
  expect(read("openai-chat", [{ choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] }]).text).toBe("Hi");
  expect(read("anthropic-messages", [{ type: "message", content: [{ type: "text", text: "Hi" }], stop_reason: "end_turn", usage: { input_tokens: 1, output_tokens: 1 } }]).text).toBe("Hi");
  expect(read("openai-responses", [{ object: "response", status: "completed", output: [{ type: "message", content: [{ type: "output_text", text: "Hi" }] }] }])).toMatchObject({ text: "Hi", finish: "completed" });
});

test("errors in any dialect", () => {
  expect(read("openai-chat", [{ error: { message: "no such model" } }]).error).toBe("no such model");
  expect(read("anthropic-messages", [{ type: "error", error: { type: "overloaded_error", message: "busy" } }]).error).toBe("busy");
  expect(read("openai-responses", [{ type: "response.failed", response: { error: { code: "x", message: "broken" } } }]).error).toBe("broken");
});

test("requests name model, system and effort where their dialect wants them", () => {
  const built = DIALECTS.map((dialect) => buildRequest({ ...DRAFT, dialect }));
  expect(built.map(({ path }) => path)).toEqual(["/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1beta/models/m%2F1:streamGenerateContent?alt=sse"]);
  expect(built[0]?.body).toEqual({ model: "m/1", messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "It's me" }], stream: true, stream_options: { include_usage: true }, temperature: 0.5, reasoning_effort: "low", tools: [{ type: "x" }] });
  expect(built[2]?.body).toMatchObject({ system: "Be brief.", max_tokens: 4096, output_config: { effort: "low" } });
  expect(built[3]?.body).toMatchObject({ systemInstruction: { parts: [{ text: "Be brief." }] }, generationConfig: { temperature: 0.5, thinkingConfig: { thinkingLevel: "LOW" } } });
});

test("as curl, with quotes kept and the key left out", () => {
  const text = toCurl("http://127.0.0.1:8317", "openai-chat", buildRequest(DRAFT));
  expect(text).toStartWith("curl -N 'http://127.0.0.1:8317/v1/chat/completions' \\\n  -H \"authorization: Bearer $DRAGOMAN_KEY\"");
  expect(text).toContain(String.raw`It'\''s me`);
});
