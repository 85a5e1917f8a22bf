// A runner that cannot find fault proves nothing: cases are spoilt here, one thing at a time.
import { describe, expect, test } from "bun:test";
import { grammarFaults } from "../grammar/index.ts";
import type { Case, CaseSheet } from "./case.ts";
import { differences } from "./compare.ts";
import { loadCases } from "./load-cases.ts";
import { runCase } from "./run-case.ts";
import { violationsOf } from "./strictness.ts";

function caseNamed(id: string): Case {
  const found = loadCases().find((source) => source.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
}

function problemsOf(source: Case): readonly string[] {
  return runCase(source).flatMap(({ problems }) => problems);
}

function spoilt(id: string, file: string, from: string, to: string): Case {
  const source = caseNamed(id);
  const text = source.files[file] ?? "";
  expect(text).toContain(from);
  return { ...source, files: { ...source.files, [file]: text.replace(from, to) } };
}

function withSheet(id: string, change: Partial<CaseSheet>): Case {
  const source = caseNamed(id);
  return { ...source, sheet: { ...source.sheet, ...change } };
}

describe("a spoilt case fails", () => {
  test.each([
    ["002-separate-tool-messages", "anthropic-messages/request.json", "\"A\"", "\"X\""],
    ["002-separate-tool-messages", "openai-chat/request.json", "\"call_2\"", "\"call_3\""],
    ["023-call-without-input-deltas", "openai-chat/stream.sse", "tool_calls\"}", "stop\"}"],
    ["074-cut-after-text", "anthropic-messages/stream.sse", "api_error", "overloaded_error"],
    ["119-anthropic-seal-through-responses-client", "anthropic-messages/request.json", "EuYBCk", "EuYBCj"],
    ["209-usage-anthropic-to-chat", "openai-chat/response.json", "1050", "1000"],
    ["217-retry-info", "openai-chat/error.json", "\"37\"", "\"38\""],
  ])("%s with another %s", (id, file, from, to) => {
    expect(problemsOf(caseNamed(id))).toEqual([]);
    expect(problemsOf(spoilt(id, file, from, to))).not.toEqual([]);
  });

  test("losses that are missing, or too many", () => {
    expect(problemsOf(withSheet("002-separate-tool-messages", { losses: ["orphan-tool-result"] }))).not.toEqual([]);
    expect(problemsOf(withSheet("006-orphan-result", { losses: [] }))).not.toEqual([]);
  });
  test("a refusal that does not come, or for another reason", () => {
    expect(problemsOf(withSheet("002-separate-tool-messages", { refused: { code: "unsupported_parameter" } }))).not.toEqual([]);
    expect(problemsOf(withSheet("179-two-answers-refused", { refused: { code: "unsupported_parameter", path: "m" } }))).not.toEqual([]);
  });
  test("a stream that ends well where it must not", () => {
    expect(problemsOf(withSheet("070-usage-after-finish", { fails: true }))).not.toEqual([]);
  });
});

describe("differences", () => {
  test("a member too many, one too few, another order", () => {
    expect(differences({ a: 1 }, { a: 1, b: 2 })).toHaveLength(1);
    expect(differences({ a: 1, b: 2 }, { a: 1 })).toHaveLength(1);
    expect(differences([1, 2], [2, 1])).toHaveLength(2);
    expect(differences({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
  });
  test("matchers hold what they say", () => {
    expect(differences({ $more: true, a: 1 }, { a: 1, b: 2 })).toEqual([]);
    expect(differences({ $more: true, a: 1 }, { b: 2 })).toHaveLength(1);
    expect(differences(["$any", "$string", "$count", "$plain"], [null, "x", 3, "well"])).toEqual([]);
    expect(differences(["$string", "$count", "$plain", "$envelope", "$contains x", "$starts x"], ["", 0, "<b>", "gAAAA", "y", "yx"])).toHaveLength(6);
  });
});

describe("strict providers", () => {
  test.each([
    ["openai-chat", "/chat/completions", { model: "m", messages: [{ role: "tool", tool_call_id: "x", content: "A" }] }],
    ["openai-responses", "/responses", { model: "m", input: [{ type: "function_call", call_id: "x", name: "f", arguments: "{}" }] }],
    ["anthropic-messages", "/v1/messages", { model: "m", max_tokens: 9, messages: [{ role: "user", content: [{ type: "text", text: " " }] }] }],
    ["gemini-generate-content", "/v1beta/models/m:generateContent", { contents: [{ role: "user", parts: [{ text: "" }] }] }],
  ])("%s refuses", (dialect, path, body) => {
    expect(violationsOf(dialect, { path, headers: { "anthropic-version": "2023-06-01" }, body })).not.toEqual([]);
  });
});

const frame = (event: string, data: object): string => `${event === "" ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

describe("grammars find", () => {
  const chunk = (delta: object, finish_reason: string | null = null): string => frame("", { id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] });
  const start = frame("message_start", { type: "message_start", message: { id: "m", role: "assistant", content: [], usage: { input_tokens: 1, output_tokens: 1 } } });
  const end = frame("message_delta", { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } }) + frame("message_stop", { type: "message_stop" });
  const candidate = (value: object): string => frame("", { candidates: [{ index: 0, ...value }], usageMetadata: { totalTokenCount: 1 } });

  test("what is good", () => {
    expect(grammarFaults("openai-chat", `${chunk({ role: "assistant" })}${chunk({}, "stop")}data: [DONE]\n\n`, false)).toEqual([]);
    expect(grammarFaults("anthropic-messages", start + end, false)).toEqual([]);
    expect(grammarFaults("gemini-generate-content", candidate({ finishReason: "STOP" }), false)).toEqual([]);
  });
  test.each([
    ["openai-chat", "no [DONE]", chunk({ role: "assistant" }) + chunk({}, "stop")],
    ["openai-chat", "no finish", `${chunk({ role: "assistant" })}data: [DONE]\n\n`],
    ["openai-chat", "no role", `${chunk({ content: "x" })}${chunk({}, "stop")}data: [DONE]\n\n`],
    ["openai-chat", "a call that begins at 1", `${chunk({ role: "assistant", tool_calls: [{ index: 1, id: "x", type: "function", function: { name: "f" } }] })}${chunk({}, "tool_calls")}data: [DONE]\n\n`],
    ["openai-chat", "an event line", `${frame("ping", {})}${chunk({ role: "assistant" })}${chunk({}, "stop")}data: [DONE]\n\n`],
    ["anthropic-messages", "no event line", (start + end).replace("event: message_start\n", "")],
    ["anthropic-messages", "two starts", start + start + end],
    ["anthropic-messages", "a delta without its block", start + frame("content_block_delta", { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "x" } }) + end],
    ["anthropic-messages", "no end", start],
    ["gemini-generate-content", "no finish", candidate({})],
    ["gemini-generate-content", "[DONE]", `${candidate({ finishReason: "STOP" })}data: [DONE]\n\n`],
    ["gemini-generate-content", "no blank line at the end", candidate({ finishReason: "STOP" }).trimEnd()],
    ["gemini-generate-content", "a part with two data fields", candidate({ finishReason: "STOP", content: { parts: [{ text: "x", functionCall: { name: "f" } }] } })],
    ["openai-responses", "another first event", frame("response.completed", { type: "response.completed", sequence_number: 0, response: { id: "r", object: "response", output: [] } })],
  ])("%s: %s", (dialect, _fault, text) => {
    expect(grammarFaults(dialect, text, false)).not.toEqual([]);
  });
});
