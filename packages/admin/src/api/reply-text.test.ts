import { expect, test } from "bun:test";
import { readReply, replyText, type ReplySoFar } from "./reply-text.ts";

test("pieces of all four dialects, streamed and whole", () => {
  expect([
    { choices: [{ delta: { content: "a" } }] },
    { choices: [{ message: { content: "b" } }] },
    { type: "response.output_text.delta", delta: "c" },
    { output: [{ type: "reasoning" }, { type: "message", content: [{ type: "output_text", text: "d" }] }] },
    { type: "content_block_delta", delta: { type: "text_delta", text: "e" } },
    { type: "message", content: [{ type: "text", text: "f" }] },
    { candidates: [{ content: { parts: [{ text: "thought", thought: true }, { text: "g" }] } }] },
    { type: "content_block_delta", delta: { type: "thinking_delta", thinking: "hm" } },
    { choices: [] }, "[DONE]", null, undefined,
  ].map(replyText).join("")).toBe("abcdefg");
});

test("a stream is told as it grows, however its bytes are cut", async () => {
  const bytes = new TextEncoder().encode('event: x\ndata: {"choices":[{"delta":{"content":"é"}}]}\r\n\r\n: still here\n\ndata: {"choices":[{"delta":{"content":"t"}}]}\n\ndata: [DONE]');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  const told: ReplySoFar[] = [];
  const end = await readReply(new Response(body, { headers: { "content-type": "text/event-stream" } }), (so) => told.push(so));
  expect(end.text).toBe("ét");
  expect(told.map(({ text }) => text)).toEqual(["é", "ét", "ét"]);
  expect(end.raw).toBe('event: x\ndata: {"choices":[{"delta":{"content":"é"}}]}\n\ndata: {"choices":[{"delta":{"content":"t"}}]}\n\ndata: [DONE]\n\n');
});

test("a whole reply is told at once", async () => {
  const end = await readReply(Response.json({ choices: [{ message: { content: "all" } }] }), () => undefined);
  expect(end.text).toBe("all");
});
