import { describe, expect, test } from "bun:test";
import type { GenerateResponse, JsonObject, Part } from "../../canonical/index.ts";
import { openaiChat } from "./index.ts";
import { chatWorld } from "./testing.ts";

const body = (message: JsonObject, finish_reason = "stop", rest: JsonObject = {}): JsonObject => ({ id: "chatcmpl-1", object: "chat.completion", created: 5, model: "up", choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason, logprobs: null }], ...rest });
const decode = (value: JsonObject): GenerateResponse => openaiChat.decodeResponse(value, chatWorld().chat());
const partsOf = (message: JsonObject): readonly Part[] => decode(body(message)).candidates[0]?.parts ?? [];
const encode = (parts: Part[], rest: Partial<GenerateResponse> = {}, request = {}): JsonObject => openaiChat.encodeResponse({ id: "r", model: "up", candidates: [{ index: 0, parts, finish: { reason: "end" } }], ...rest }, chatWorld().chat(request));
const messageOf = (response: JsonObject): JsonObject => (response.choices as JsonObject[])[0]?.message as JsonObject;

describe("decode", () => {
  test("words, thoughts, calls, usage", () => {
    expect(decode(body({ content: "Hi", reasoning_content: "hm", tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } }] }, "tool_calls", { usage: { prompt_tokens: 3, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 1 } }, system_fingerprint: "fp" }))).toEqual({
      id: "chatcmpl-1",
      model: "up",
      createdAt: 5,
      candidates: [{
        index: 0,
        parts: [{ kind: "reasoning", text: "hm", textKind: "raw" }, { kind: "text", text: "Hi" }, { kind: "tool-call", callId: "a", name: "f", variant: "function", argumentsText: '{"x":1}', arguments: { x: 1 }, complete: true }],
        finish: { reason: "tool-use", native: "tool_calls" },
      }],
      usage: { inputFresh: 3, outputVisible: 1, reasoning: 1, native: { prompt_tokens: 3, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 1 } } },
      residue: { "openai-chat": { system_fingerprint: "fp" } },
    });
  });

  test("the spellings of others: object reasoning, content lists, function_call, no id, no index", () => {
    expect(partsOf({ content: null, reasoning: { text: "hm" } })).toEqual([{ kind: "reasoning", text: "hm", textKind: "raw" }]);
    expect(partsOf({ content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] })).toEqual([{ kind: "text", text: "ab" }]);
    expect(partsOf({ content: null, function_call: { name: "f", arguments: "{}" } })).toMatchObject([{ kind: "tool-call", name: "f" }]);
    expect(partsOf({ content: "", tool_calls: [{ function: { name: "f", arguments: "" } }, { function: { name: "g", arguments: { a: 1 } } }] })).toMatchObject([{ name: "f", argumentsText: "" }, { name: "g", argumentsText: '{"a":1}' }]);
  });

  test("several choices", () => {
    const value = { ...body({}), choices: [{ index: 0, message: { content: "a" }, finish_reason: "stop" }, { index: 1, message: { content: "b" }, finish_reason: "length" }] };
    expect(decode(value).candidates.map(({ index, finish }) => [index, finish.reason])).toEqual([[0, "end"], [1, "max-tokens"]]);
  });

  test("an error that calls itself a success, and a body that is no answer", () => {
    expect(() => decode({ error: { message: "busy", code: 503 } })).toThrow("busy");
    expect(() => decode({ hello: 1 })).toThrow("could not be understood");
  });
});

describe("encode", () => {
  test("every required key is there", () => {
    expect(encode([{ kind: "text", text: "Hi" }])).toEqual({
      id: "r", object: "chat.completion", created: 1_795_219_200, model: "m",
      choices: [{ index: 0, message: { role: "assistant", content: "Hi", refusal: null }, logprobs: null, finish_reason: "stop" }],
    });
  });

  test("#19 content is null without text; #151 thoughts are joined by a blank line", () => {
    const message = messageOf(encode([{ kind: "reasoning", text: "a", textKind: "raw" }, { kind: "reasoning", text: "b", textKind: "summary" }, { kind: "tool-call", callId: "c", name: "f", variant: "function", argumentsText: "", complete: true }]));
    expect(message).toEqual({ role: "assistant", content: null, refusal: null, reasoning_content: "a\n\nb", tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }] });
  });

  test("texts are joined without a separator and offsets shift (#114)", () => {
    const message = messageOf(encode([{ kind: "text", text: "abc" }, { kind: "text", text: "def", citations: [{ type: "url", url: "u", start: 1, end: 2 }] }]));
    expect(message.content).toBe("abcdef");
    expect(message.annotations).toEqual([{ type: "url_citation", url_citation: { start_index: 4, end_index: 5, title: "", url: "u" } }]);
  });

  test("#105 a refused prompt", () => {
    const response = openaiChat.encodeResponse({ id: "r", model: "up", candidates: [], promptBlock: { reason: "SAFETY" } }, chatWorld().chat());
    expect(response.choices).toEqual([{ index: 0, message: { role: "assistant", content: null, refusal: null }, logprobs: null, finish_reason: "content_filter" }]);
  });

  test("#107 a call that could not be read is an error, unless there is text", () => {
    const malformed = (parts: Part[]) => encode(parts, { candidates: [{ index: 0, parts, finish: { reason: "malformed-tool-call" } }] });
    expect(() => malformed([])).toThrow();
    expect((malformed([{ kind: "text", text: "x" }]).choices as JsonObject[])[0]?.finish_reason).toBe("stop");
  });

  test("#191 an image, audio, a custom call, a seal", () => {
    const world = chatWorld();
    const parts: Part[] = [
      { kind: "image", source: { type: "base64", mimeType: "image/png", data: "AAAA" } },
      { kind: "audio", id: "au", source: { type: "base64", mimeType: "audio/wav", data: "QUJD" }, transcript: "hey", expiresAt: 9 },
      { kind: "tool-call", callId: "c", name: "p", variant: "custom", argumentsText: "x", complete: true, seal: { vendor: "google", form: "thought-signature", value: "EbaRe", bindsTo: "self" } },
    ];
    const message = messageOf(openaiChat.encodeResponse({ id: "r", model: "up", candidates: [{ index: 0, parts, finish: { reason: "tool-use" } }] }, world.chat({ tools: [{ kind: "custom", name: "p" }] })));
    expect(message.images).toEqual([{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" }, index: 0 }]);
    expect(message.audio).toEqual({ id: "au", data: "QUJD", transcript: "hey", expires_at: 9 });
    expect(message.tool_calls).toEqual([{ id: "c", type: "custom", custom: { name: "p", input: "x" }, extra_content: { google: { thought_signature: "EbaRe" } } }]);
    expect(world.context.sealer.recall("c")?.seals).toHaveLength(1);
  });

  test("what an upstream of this dialect said goes back with its own usage and members", () => {
    const value = body({ content: "Hi", refusal: null }, "stop", { system_fingerprint: "fp", service_tier: "flex", usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.5 } });
    const exchange = chatWorld().chat({ model: "up" });
    expect(openaiChat.encodeResponse(openaiChat.decodeResponse(value, exchange), exchange)).toEqual(value);
  });
});
