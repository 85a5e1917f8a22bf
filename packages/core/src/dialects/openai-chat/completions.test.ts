import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import { openaiCompletions } from "./index.ts";
import { chatWorld, chunksOf, DONE, eventsOf } from "./testing.ts";

const world = chatWorld();
const decode = (body: JsonObject) => openaiCompletions.decodeRequest({ path: "/v1/completions", query: { get: () => null }, headers: { get: () => null }, body }, world.context);
const answer = { id: "r", model: "up", candidates: [{ index: 0, parts: [{ kind: "reasoning", text: "hm", textKind: "raw" }, { kind: "text", text: "there" }], finish: { reason: "max-tokens" } }], usage: { inputFresh: 1, outputVisible: 2 } } as const;

describe("text completions", () => {
  test("one prompt is one user's message, and goes up as chat", () => {
    for (const prompt of ["hi", ["hi"]]) {
      const request = decode({ model: "m", prompt, max_tokens: 5, stop: "x", logprobs: 2, user: "u" });
      const exchange = world.exchange(request, openaiCompletions);
      expect(openaiCompletions.encodeRequest(request, exchange)).toMatchObject({ path: "/chat/completions", body: { messages: [{ role: "user", content: "hi" }], max_completion_tokens: 5, stop: ["x"], user: "u" } });
    }
    expect(world.losses.map(({ path }) => path)).toEqual(["logprobs", "logprobs"]);
  });

  test.each([[{ prompt: ["a", "b"] }, "prompt"], [{ prompt: [1, 2] }, "prompt"], [{ prompt: [[1, 2]] }, "prompt"], [{}, "prompt"], [{ prompt: "a", echo: true }, "echo"], [{ prompt: "a", suffix: "b" }, "suffix"], [{ prompt: "a", best_of: 3 }, "best_of"]] as [JsonObject, string][])("%j is refused", (body, path) => {
    let thrown: unknown;
    try {
      decode({ model: "m", ...body });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ path, status: 400 });
  });

  test("a whole reply", () => {
    const request = decode({ model: "m", prompt: "hi" });
    expect(openaiCompletions.encodeResponse(answer, world.exchange(request, openaiCompletions))).toEqual({
      id: "r", object: "text_completion", created: 1_795_219_200, model: "m",
      choices: [{ text: "there", index: 0, logprobs: null, finish_reason: "length" }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
  });

  test("a stream: text, one finish, usage if asked for, [DONE]", () => {
    const request = decode({ model: "m", prompt: "hi", stream: true, stream_options: { include_usage: true } });
    const writes: string[] = [];
    const encoder = openaiCompletions.createStreamEncoder(world.exchange(request, openaiCompletions), (text) => writes.push(text));
    for (const event of eventsOf(answer)) encoder.push(event);
    expect(writes.at(-1)).toBe(DONE);
    expect(chunksOf(writes).map(({ choices, usage }) => [choices, usage])).toEqual([
      [[{ text: "there", index: 0, logprobs: null, finish_reason: null }], null],
      [[{ text: "", index: 0, logprobs: null, finish_reason: "length" }], null],
      [[], { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }],
    ]);
  });

  test("an error ends the stream", () => {
    const writes: string[] = [];
    const encoder = openaiCompletions.createStreamEncoder(world.exchange(decode({ model: "m", prompt: "hi" }), openaiCompletions), (text) => writes.push(text));
    encoder.push({ type: "response-start", id: "r", model: "m" });
    encoder.push({ type: "error", error: new GatewayError("internal") });
    encoder.push({ type: "response-end" });
    expect(writes).toHaveLength(2);
    expect(writes[1]).toBe(DONE);
  });

  test("the tap knows its chunks", () => {
    const tap = openaiCompletions.createStreamTap();
    tap.push({ event: "", data: '{"choices":[{"text":"a","index":0,"finish_reason":null}],"model":"m"}' });
    expect(tap).toMatchObject({ begun: true, ended: false, model: "m" });
    tap.push({ event: "", data: '{"choices":[{"text":"","index":0,"finish_reason":"stop"}]}' });
    expect(tap.ended).toBe(true);
  });
});
