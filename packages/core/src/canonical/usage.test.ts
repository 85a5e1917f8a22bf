import { expect, test } from "bun:test";
import { inputTotal, mergeUsage, outputTotal, withoutParts } from "./usage.ts";

test("totals are the sums of the disjoint parts, unknown ones counting nothing", () => {
  expect(inputTotal({ inputFresh: 1, cacheRead: 20, cacheWrite: 300, cacheWrite5m: 100, cacheWrite1h: 200, toolPrompt: 4000, inputAudio: 9 })).toBe(4321);
  expect(outputTotal({ outputVisible: 1, reasoning: 20, outputAudio: 9 })).toBe(21);
  expect([inputTotal({}), outputTotal({})]).toEqual([0, 0]);
});

test("a total without its parts is never below zero, and unknown stays unknown", () => {
  expect(withoutParts(100, 30, undefined, 20)).toBe(50);
  expect(withoutParts(10, 30)).toBe(0);
  expect(withoutParts(0)).toBe(0);
  expect(withoutParts(undefined, 30)).toBeUndefined();
});

test("parts taken out of a total come back in it", () => {
  const usage = { inputFresh: withoutParts(100, 60, 10) ?? 0, cacheRead: 60, cacheWrite: 10 };
  expect(inputTotal(usage)).toBe(100);
});

test("later facts replace earlier ones, zero too; what the later leaves out stays", () => {
  expect(mergeUsage({ inputFresh: 10, outputVisible: 3, reasoning: 2 }, { outputVisible: 0, cacheRead: 5, reasoning: undefined })).toEqual({ inputFresh: 10, outputVisible: 0, reasoning: 2, cacheRead: 5 });
  const first = { inputFresh: 1 };
  expect(mergeUsage(undefined, first)).toBe(first);
  mergeUsage(first, { inputFresh: 2 });
  expect(first).toEqual({ inputFresh: 1 });
});

test("an estimate ends with the vendor's own count, and stays one when estimated again", () => {
  expect(mergeUsage({ inputFresh: 9, estimated: true }, { inputFresh: 10, outputVisible: 1 })).toEqual({ inputFresh: 10, outputVisible: 1 });
  expect(mergeUsage({ inputFresh: 9 }, { outputVisible: 1, estimated: true })).toEqual({ inputFresh: 9, outputVisible: 1, estimated: true });
});
