import { expect, test } from "bun:test";
import { DIALECTS, GatewayError } from "@dragoman/core";
import { HiddenFrames } from "./hidden-frames.ts";
import { PassingInterpreter } from "./passing.ts";

const chat = DIALECTS.find(({ id }) => id === "openai-chat")!;
const wish = chat.usageWish!;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (parts: readonly (Uint8Array | undefined)[]): string => {
  const decoder = new TextDecoder();
  return parts.map((part) => (part === undefined ? "" : decoder.decode(part, { stream: true }))).join("");
};

const WORD = 'data: {"choices":[{"delta":{"content":"schön \\"usage\\":{ 🎉"}}],"usage":null}\n\n';
const LAST = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\r\n\r\n';
const USAGE = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\n';
const DONE = "data: [DONE]\n\n";

const passing = () => new PassingInterpreter({ dialect: chat, requestId: "r", clean: (text) => text, hidden: wish });

test("the frame that we asked for stays here, wherever the stream is cut", () => {
  const whole = bytes(WORD + LAST + USAGE + ": comment\n\n" + DONE);
  for (let cut = 0; cut <= whole.length; cut++) {
    const interpreter = passing();
    const out = [interpreter.push(whole.slice(0, cut)), interpreter.push(whole.slice(cut)), interpreter.end()];
    expect(read(out)).toBe(WORD + LAST + ": comment\n\n" + DONE);
    expect(interpreter.facts.usage).toMatchObject({ inputFresh: 3, outputVisible: 2 });
    expect(interpreter.complete).toBe(true);
  }
});

test("byte for byte as well", () => {
  const interpreter = passing();
  const out = [...bytes(WORD + USAGE + DONE)].map((byte) => interpreter.push(new Uint8Array([byte])));
  expect(read([...out, interpreter.end()])).toBe(WORD + DONE);
});

test("whole events without a word of usage are the bytes that came", () => {
  const hidden = new HiddenFrames(wish);
  const chunk = bytes(LAST);
  expect(hidden.push(LAST, chunk)).toBe(chunk);
});

test("usage beside a choice is the client's, and a stream that is cut is passed on as far as it came", () => {
  const both = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}\n\n';
  const interpreter = passing();
  expect(read([interpreter.push(bytes(both)), interpreter.push(bytes('data: {"cho')), interpreter.end()])).toBe(`${both}data: {"cho`);
});

test("an error after half an event begins an event of its own", () => {
  const interpreter = passing();
  interpreter.push(bytes(WORD + 'data: {"cho'));
  const last = interpreter.fail(new GatewayError("stream_interrupted", { source: "upstream" }));
  expect(read([last])).toStartWith("data: ");
});
