// Whatever an upstream sends, truncated, doubled or in the wrong order: events and the client's stream stay legal.
import { expect, test } from "bun:test";
import type { GenerateEvent, GenerateRequest } from "../../canonical/index.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import { anthropicMessages } from "./index.ts";

const REQUEST: GenerateRequest = { dialect: "anthropic-messages", model: "m", stream: true, framing: "sse", messages: [{ role: "user", parts: [{ kind: "text", text: "a" }] }], tools: [], sampling: {}, residue: {} };

const POOL: object[] = [
  { type: "message_start", message: { id: "msg_1", model: "m", usage: { input_tokens: 1, output_tokens: 1 } } },
  ...[0, 1, 3].flatMap((index): object[] => [
    { type: "content_block_start", index, content_block: { type: "text", text: "" } }, { type: "content_block_start", index, content_block: { type: "thinking", thinking: "", signature: "" } },
    { type: "content_block_start", index, content_block: { type: "tool_use", id: `toolu_${index}`, name: "f", input: {} } }, { type: "content_block_start", index, content_block: { type: "server_tool_use", id: "s", name: "web_search", input: {} } },
    { type: "content_block_delta", index, delta: { type: "text_delta", text: "x" } }, { type: "content_block_delta", index, delta: { type: "thinking_delta", thinking: "y" } },
    { type: "content_block_delta", index, delta: { type: "signature_delta", signature: "Eq" } }, { type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: '{"a":1}' } },
    { type: "content_block_stop", index },
  ]),
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } }, { type: "ping" }, { type: "error", error: { type: "api_error", message: "m" } }, { type: "message_stop" },
];

/** A small linear congruential generator: the same cases in every run. */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

function assertLegal(events: readonly GenerateEvent[]): void {
  expect(events[0]?.type).toBe("response-start");
  expect(["response-end", "error"]).toContain(events.at(-1)?.type ?? "nothing");
  let next = 0;
  let open: number | undefined;
  for (const event of events) {
    if (event.type === "part-start") {
      expect([event.index, open]).toEqual([next++, undefined]);
      open = event.index;
    } else if (event.type === "part-delta") expect(event.index).toBe(open ?? -1);
    else if (event.type === "part-end") {
      expect(event.index).toBe(open ?? -1);
      open = undefined;
    } else if (event.type === "finish") expect(open).toBeUndefined();
  }
  expect(events.filter((event) => event.type === "response-start" || event.type === "response-end" || event.type === "error")).toHaveLength(2);
}

function assertLegalText(text: string): void {
  const events = [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, name, data]) => ({ name, data: JSON.parse(data ?? "") as { type: string; index?: number } }));
  let blocks = 0;
  let open: number | undefined;
  for (const { name, data } of events) {
    expect<unknown>(name).toBe(data.type);
    if (name === "content_block_start") {
      expect<unknown>([data.index, open]).toEqual([blocks++, undefined]);
      open = data.index;
    } else if (name === "content_block_delta" || name === "content_block_stop") {
      expect<unknown>(data.index).toBe(open);
      if (name === "content_block_stop") open = undefined;
    } else if (name === "message_delta") expect(open).toBeUndefined();
  }
  expect(events.filter(({ name }) => name === "message_start").length).toBeLessThanOrEqual(1);
  expect(["message_stop", "error"]).toContain(events.at(-1)?.name ?? "nothing");
}

test("two thousand streams of random events", () => {
  const { exchange: makeExchange } = createTestWorld([anthropicMessages]);
  for (let seed = 1; seed <= 2000; seed += 1) {
    const random = randoms(seed);
    const upstream = makeExchange({ ...REQUEST, dialect: "elsewhere" }, anthropicMessages);
    const client = makeExchange(REQUEST, seed % 2 === 0 ? anthropicMessages : { ...anthropicMessages, id: "elsewhere", vendor: "openai" });
    const events: GenerateEvent[] = [];
    let text = "";
    const encoder = anthropicMessages.createStreamEncoder(client, (piece) => void (text += piece));
    const decoder = anthropicMessages.createStreamDecoder(upstream, (event) => {
      events.push(event);
      encoder.push(event);
    });
    for (let count = random(40); count > 0; count -= 1) {
      const body = POOL[random(random(8) === 0 ? POOL.length : POOL.length - 2)] ?? {};
      const data = JSON.stringify(body);
      decoder.push({ event: random(4) === 0 ? "" : (body as { type: string }).type, data: random(200) === 0 ? data.slice(0, random(data.length)) : data });
    }
    decoder.end(random(10) === 0);
    assertLegal(events);
    assertLegalText(text);
  }
});
