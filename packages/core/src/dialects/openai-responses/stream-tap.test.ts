import { describe, expect, test } from "bun:test";
import type { Json } from "../../canonical/index.ts";
import { createTestWorld } from "../../testing/exchange.ts";
import { decodeUsage, encodeUsage } from "./usage.ts";
import { openaiResponses } from "./index.ts";

const frame = (event: object, name = "") => ({ event: name, data: JSON.stringify(event) });
const usage = { input_tokens: 10, input_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 }, output_tokens: 6, output_tokens_details: { reasoning_tokens: 2 }, total_tokens: 16 };

describe("tap", () => {
  test("begun with content, ended with the terminal event", () => {
    const tap = openaiResponses.createStreamTap();
    tap.push(frame({ type: "response.created", response: { error: null, output: [] } }));
    tap.push(frame({ type: "codex.rate_limits" }));
    expect(tap.begun).toBe(false);
    tap.push(frame({ type: "response.output_text.delta", delta: 'he said "response.completed" and "error"' }));
    expect([tap.begun, tap.ended]).toEqual([true, false]);
    tap.push(frame({ type: "response.completed", response: { model: "gpt", status: "completed", error: null, usage } }));
    expect(tap).toMatchObject({ ended: true, model: "gpt", finishReason: "completed", error: undefined });
    expect(tap.usage).toMatchObject({ inputFresh: 5, cacheRead: 4, cacheWrite: 1, outputVisible: 4, reasoning: 2 });
  });

  test("failures and errors, flat or wrapped", () => {
    const events = [
      { type: "response.failed", response: { status: "failed", error: { code: "rate_limit_exceeded", message: "m" } } },
      { type: "error", code: "rate_limit_exceeded", message: "m" },
      { type: "error", error: { code: "rate_limit_exceeded", message: "m" } },
    ];
    for (const event of events) {
      const tap = openaiResponses.createStreamTap();
      tap.push(frame(event));
      expect(tap).toMatchObject({ ended: true, error: { kind: "rate-limit" } });
    }
  });

  test("incomplete says why", () => {
    expect(openaiResponses.tapResponse({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, model: "m", usage })).toMatchObject({ finishReason: "max_output_tokens", model: "m" });
  });
});

describe("usage", () => {
  test("totals include their parts, both ways", () => {
    expect(encodeUsage(decodeUsage(usage))).toEqual(usage);
  });

  test("#209 #213 every integer is there", () => {
    expect(encodeUsage({ inputFresh: 100, cacheRead: 900, cacheWrite: 50, outputVisible: 20 })).toEqual({ input_tokens: 1050, input_tokens_details: { cached_tokens: 900, cache_write_tokens: 50 }, output_tokens: 20, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 1070 });
    expect(encodeUsage(undefined)).toMatchObject({ input_tokens: 0, total_tokens: 0, output_tokens_details: { reasoning_tokens: 0 } });
  });

  test("compatible servers use Chat's words", () => {
    expect(decodeUsage({ prompt_tokens: 9, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 2 } })).toMatchObject({ inputFresh: 7, cacheRead: 2, outputVisible: 3 });
    expect(decodeUsage(null)).toBeUndefined();
  });
});

describe("passing through", () => {
  const input = (body: Json) => ({ path: "/v1/responses", query: { get: () => null }, headers: { get: (name: string) => (name === "openai-beta" ? "x=1" : null) }, body });

  test("the model's name is edited only when it differs", () => {
    const wire = input({ model: "m", input: "x" });
    const request = openaiResponses.decodeRequest(wire, createTestWorld([]).context);
    expect(openaiResponses.passthroughRequest(wire, request, "m")).toEqual({ path: "/responses", headers: { "openai-beta": "x=1" }, edits: {} });
    expect(openaiResponses.passthroughRequest(wire, request, "gpt").edits).toEqual({ model: "gpt" });
  });

  test("counts", () => {
    expect(openaiResponses.counting?.encodeCount({ inputTokens: 3 })).toEqual({ object: "response.input_tokens", input_tokens: 3 });
    expect(openaiResponses.counting?.decodeCount({ object: "response.input_tokens", input_tokens: 3 })).toEqual({ inputTokens: 3 });
    expect(() => openaiResponses.counting?.decodeCount({})).toThrow();
  });
});
