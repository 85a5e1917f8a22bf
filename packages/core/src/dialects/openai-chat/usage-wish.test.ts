import { expect, test } from "bun:test";
import { usageWish } from "./usage-wish.ts";

test("a stream is asked for its usage unless it is asked already; other options stay", () => {
  expect(usageWish.ask({ stream: true })).toEqual({ stream_options: { include_usage: true } });
  expect(usageWish.ask({ stream: true, stream_options: null })).toEqual({ stream_options: { include_usage: true } });
  expect(usageWish.ask({ stream: true, stream_options: { include_usage: false, include_obfuscation: false } })).toEqual({ stream_options: { include_usage: true, include_obfuscation: false } });
  expect(usageWish.ask({ stream: true, stream_options: { include_usage: true } })).toBeUndefined();
  expect(usageWish.ask({ stream: false })).toBeUndefined();
  expect(usageWish.ask({})).toBeUndefined();
});

test("only a chunk with usage and without choices is the answer to it", () => {
  const frame = (data: string) => ({ event: "", data });
  expect(usageWish.isAnswer(frame('{"choices":[],"usage":{"prompt_tokens":1}}'))).toBe(true);
  for (const data of ['{"choices":[],"usage":null}', '{"choices":[]}', '{"choices":[{"delta":{}}],"usage":{}}', '{"usage":{}}', "[DONE]", "{"]) expect(usageWish.isAnswer(frame(data))).toBe(false);
  expect(usageWish.mayHold('data: {"usage" : {"a":1}}')).toBe(true);
  expect(usageWish.mayHold('data: {"usage":null}')).toBe(false);
});
