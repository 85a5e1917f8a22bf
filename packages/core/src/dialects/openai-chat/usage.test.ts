import { describe, expect, test } from "bun:test";
import type { FinishReason, JsonObject, Usage } from "../../canonical/index.ts";
import { decodeFinish, encodeFinish } from "./finish-reason.ts";
import { chatWorld } from "./testing.ts";
import { decodeUsage, encodeUsage } from "./usage.ts";

const elsewhere = { ...chatWorld().chat(), upstreamDialect: "elsewhere" };
const without = ({ native: _native, ...usage }: Usage): Usage => usage;

describe("usage", () => {
  test("#210 cached tokens are inside the prompt, and come back the same", () => {
    const usage = decodeUsage({ prompt_tokens: 9888, completion_tokens: 5, total_tokens: 9893, prompt_tokens_details: { cached_tokens: 6752 } });
    expect(usage).toMatchObject({ inputFresh: 3136, cacheRead: 6752, outputVisible: 5 });
    expect(encodeUsage(usage ?? {}, elsewhere)).toEqual({ prompt_tokens: 9888, completion_tokens: 5, total_tokens: 9893, prompt_tokens_details: { cached_tokens: 6752 } });
  });

  test("#209 reads and writes of the cache add up; unknown details are left out", () => {
    expect(encodeUsage({ inputFresh: 100, cacheRead: 900, cacheWrite: 50, outputVisible: 20 }, elsewhere)).toEqual({ prompt_tokens: 1050, completion_tokens: 20, total_tokens: 1070, prompt_tokens_details: { cached_tokens: 900, cache_write_tokens: 50 } });
    expect(encodeUsage({ inputFresh: 1, outputVisible: 2 }, elsewhere)).toEqual({ prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 });
  });

  test("#151 reasoning is inside the completion", () => {
    expect(encodeUsage({ inputFresh: 1, outputVisible: 5, reasoning: 7 }, elsewhere)).toMatchObject({ completion_tokens: 12, completion_tokens_details: { reasoning_tokens: 7 } });
  });

  test.each([
    [{ prompt_tokens: 10, completion_tokens: 2, prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 6 }, { inputFresh: 6, cacheRead: 4, outputVisible: 2 }],
    [{ prompt_tokens: 10, completion_tokens: 2, cached_tokens: 3 }, { inputFresh: 7, cacheRead: 3, outputVisible: 2 }],
    [{ prompt_tokens: 10, completion_tokens: 2, cache_read_input_tokens: 3, cache_creation_input_tokens: 1 }, { inputFresh: 6, cacheRead: 3, cacheWrite: 1, outputVisible: 2 }],
    [{ input_tokens: 4, output_tokens: 6, output_tokens_details: { reasoning_tokens: 5 } }, { inputFresh: 4, outputVisible: 1, reasoning: 5 }],
    [{ prompt_tokens: 4, completion_tokens: 6, total_tokens: 15, completion_tokens_details: { reasoning_tokens: 5 } }, { inputFresh: 4, outputVisible: 6, reasoning: 5 }],
    [{ prompt_token_count: 4, candidates_token_count: 6, thoughts_token_count: 2, total_token_count: 12 }, { inputFresh: 4, outputVisible: 6, reasoning: 2 }],
    [{}, {}],
  ] as [JsonObject, Usage][])("%j", (wire, usage) => {
    expect(without(decodeUsage(wire) ?? {})).toEqual(usage);
  });

  test("null is no usage; an upstream of this dialect gets its own object back", () => {
    expect(decodeUsage(null)).toBeUndefined();
    const wire = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.1 };
    expect(encodeUsage(decodeUsage(wire) ?? {}, chatWorld().chat())).toEqual(wire);
  });
});

describe("finish reasons", () => {
  test.each([["stop", "end"], ["length", "max-tokens"], ["tool_calls", "tool-use"], ["content_filter", "content-filter"], ["max_tokens", "max-tokens"], ["STOP", "end"], ["SAFETY", "content-filter"], ["eos", "end"], ["odd", "other"]])("%s is %s", (wire, reason) => {
    expect(decodeFinish(wire)).toEqual({ reason: reason as FinishReason, native: wire });
  });

  test("nothing was said", () => {
    expect([null, undefined, "", 3].map((value) => decodeFinish(value))).toEqual([undefined, undefined, undefined, undefined]);
  });

  test.each([["end", "stop"], ["max-tokens", "length"], ["context-window", "length"], ["tool-use", "tool_calls"], ["recitation", "content_filter"], ["refusal", "content_filter"], ["pause", "stop"], ["other", "stop"]] as [FinishReason, string][])("%s is told as %s", (reason, wire) => {
    expect(encodeFinish({ reason, native: "odd" }, { refusal: false, legacyCall: false })).toBe(wire as never);
  });
});
