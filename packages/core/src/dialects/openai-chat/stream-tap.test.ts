import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/index.ts";
import { openaiChat } from "./index.ts";
import { chunks, delta, DONE } from "./testing.ts";

function tap(...texts: string[]) {
  const stream = openaiChat.createStreamTap();
  for (const text of texts.join("").split("\n\n")) if (text !== "") stream.push({ event: "", data: text.slice("data: ".length) });
  return stream;
}

describe("stream tap", () => {
  test("a role and an empty string are only the handshake", () => {
    expect(tap(chunks(delta({ role: "assistant", content: "" }), { choices: [] }))).toMatchObject({ begun: false, ended: false, model: "up" });
  });

  test.each([[{ content: "x" }], [{ reasoning_content: "x" }], [{ tool_calls: [{ index: 0 }] }], [{ refusal: "x" }]] as [JsonObject][])("%j is a beginning", (value) => {
    expect(tap(chunks(delta(value)))).toMatchObject({ begun: true, ended: false });
  });

  test("a finish is the end, and usage is read wherever it stands", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    for (const sse of [chunks(delta({ content: "x" }), { ...delta({}, "length"), usage }), chunks(delta({ content: "x" }), delta({}, "length"), { choices: [], usage })]) {
      expect(tap(sse, DONE)).toMatchObject({ begun: true, ended: true, finishReason: "length", usage: { inputFresh: 3, outputVisible: 2 } });
    }
  });

  test("[DONE] alone is no end", () => {
    expect(tap(chunks(delta({ content: "x" })), DONE).ended).toBe(false);
  });

  test("words of the protocol inside an answer mean nothing", () => {
    expect(tap(chunks(delta({ content: "x" }), delta({ content: '"finish_reason":"stop","usage":{"prompt_tokens":9},"error":{}' })))).toMatchObject({ ended: false, usage: undefined, error: undefined });
  });

  test("an error inside the stream, also with blanks in its JSON", () => {
    expect(tap(chunks(delta({ content: "x" })), 'data: { "error": {"message": "busy", "code": 503} }\n\n').error).toMatchObject({ kind: "overloaded", message: "busy" });
    expect(tap('data: {"choices": [ {"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"} ], "usage": null}\n\n')).toMatchObject({ ended: true, usage: undefined });
  });

  test("after the beginning, events without a word that matters are skipped, several in one piece as well", () => {
    const words = chunks({ ...delta({ content: "x" }), usage: null }, { ...delta({ content: '"usage":1' }), usage: null });
    const stream = openaiChat.createStreamTap();
    expect(stream.skips?.(words)).toBe(false);
    stream.push({ event: "", data: JSON.stringify(delta({ content: "x" })) });
    expect(stream.skips?.(words)).toBe(true);
    expect(stream.skips?.(words + chunks({ choices: [], usage: { prompt_tokens: 1 } }))).toBe(false);
    expect(stream.skips?.(words + chunks(delta({}, "stop")))).toBe(false);
    expect(stream.skips?.('data: {"error":{"message":"busy"}}\n\n')).toBe(false);
  });

  test("a whole body", () => {
    expect(openaiChat.tapResponse({ model: "up", choices: [{ finish_reason: "stop" }], usage: { prompt_tokens: 1, completion_tokens: 1 } })).toMatchObject({ model: "up", finishReason: "stop", usage: { inputFresh: 1 } });
  });
});
