import { expect, test } from "bun:test";
import { tokenCounts, usageOfCounts } from "./tokens.ts";

const counts = (input: number, output: number, more: { reasoning?: number; cached?: number; total?: number } = {}) =>
  ({ input_tokens: input, output_tokens: output, reasoning_tokens: more.reasoning ?? 0, cached_tokens: more.cached ?? 0, total_tokens: more.total ?? input + output });

test("input holds what was cached and written to caches, output what was thought", () => {
  expect(tokenCounts({ inputFresh: 10, cacheRead: 20, cacheWrite: 5, toolPrompt: 1, outputVisible: 7, reasoning: 3 })).toEqual(counts(36, 10, { reasoning: 3, cached: 20 }));
  expect(tokenCounts(undefined)).toEqual(counts(0, 0));
});

test("counts that came from here come back the same", () => {
  for (const reasoning of [0, 3]) for (const cached of [0, 20]) for (const input of [0, 20, 90]) {
    if (cached > input) continue;
    const given = counts(input, 10, { reasoning, cached });
    expect(tokenCounts(usageOfCounts(given))).toEqual(given);
  }
});

test("vendors that count apart are known by their total, and every total stays", () => {
  // Gemini: reasoning beside the output.
  expect(usageOfCounts(counts(100, 50, { reasoning: 20, total: 170 }))).toEqual({ inputFresh: 100, cacheRead: 0, outputVisible: 50, reasoning: 20 });
  // Anthropic: what was cached beside the input.
  expect(usageOfCounts(counts(100, 50, { cached: 900, total: 1050 }))).toEqual({ inputFresh: 100, cacheRead: 900, outputVisible: 50, reasoning: 0 });
  expect(usageOfCounts(counts(100, 50, { cached: 900, reasoning: 20, total: 1070 }))).toEqual({ inputFresh: 100, cacheRead: 900, outputVisible: 50, reasoning: 20 });
  for (const total of [150, 155, 170, 1050, 1070, 1234, 9999]) expect(tokenCounts(usageOfCounts(counts(100, 50, { cached: 900, reasoning: 20, total }))).total_tokens).toBe(total);
});

test("nothing, and nonsense, is no usage", () => {
  expect(usageOfCounts(counts(0, 0))).toBeUndefined();
  expect(usageOfCounts(counts(-5, Number.NaN, { total: 0 }))).toBeUndefined();
});
