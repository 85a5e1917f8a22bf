import { describe, expect, test } from "bun:test";
import type { Usage } from "@dragoman/core";
import { CATALOGUE } from "./catalogue/index.ts";
import { costOf } from "./cost.ts";
import type { Price } from "./price.ts";

const SONNET: Price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6, webSearch: 10, tiers: [{ aboveInputTokens: 200_000, input: 6, output: 22.5, cacheRead: 0.6, cacheWrite: 7.5, cacheWrite1h: 12 }] };
const PRICES: readonly Price[] = CATALOGUE.vendors.flatMap(({ models }) => Object.values(models));

/** The same numbers at each run. */
function* randomNumbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

function randomUsage(random: Generator<number, never>): Usage {
  const count = (most: number): number => Math.floor(random.next().value * most);
  const cacheWrite = count(50_000);
  return { inputFresh: count(300_000), cacheRead: count(400_000), cacheWrite, cacheWrite1h: Math.min(cacheWrite, count(60_000)), outputVisible: count(20_000), reasoning: count(60_000), toolPrompt: count(2000) };
}

describe("what an answer costs", () => {
  test("every part by its own price, in billionths of a dollar", () => {
    expect(costOf({ inputFresh: 1000, outputVisible: 100 }, SONNET)).toBe(1000 * 3000 + 100 * 15_000);
    expect(costOf({ cacheRead: 1000 }, SONNET)).toBe(300_000);
    expect(costOf({ cacheWrite: 1000 }, SONNET)).toBe(3_750_000);
    expect(costOf({ cacheWrite: 1000, cacheWrite5m: 400, cacheWrite1h: 600 }, SONNET)).toBe(400 * 3750 + 600 * 6000);
    expect(costOf({ reasoning: 10, outputVisible: 5 }, SONNET)).toBe(15 * 15_000);
    expect(costOf({ toolPrompt: 10 }, SONNET)).toBe(30_000);
    // Ten dollars a thousand: a cent each.
    expect(costOf({ webSearches: 2 }, SONNET)).toBe(20_000_000);
    expect(costOf({}, SONNET)).toBe(0);
  });

  test("a part without a price costs as the part it belongs to", () => {
    const plain: Price = { input: 2, output: 8 };
    expect(costOf({ inputFresh: 1, cacheRead: 1, cacheWrite: 2, cacheWrite1h: 1, outputVisible: 1, webSearches: 3 }, plain)).toBe(4 * 2000 + 8000);
    expect(costOf({ cacheWrite: 10, cacheWrite1h: 10 }, { ...plain, cacheWrite: 3 })).toBe(30_000);
  });

  test("the tier is that of the request: its whole input, cached or not, decides", () => {
    expect(costOf({ inputFresh: 200_000, outputVisible: 1 }, SONNET)).toBe(200_000 * 3000 + 15_000);
    expect(costOf({ inputFresh: 200_001, outputVisible: 1 }, SONNET)).toBe(200_001 * 6000 + 22_500);
    expect(costOf({ inputFresh: 1, cacheRead: 200_000, outputVisible: 1 }, SONNET)).toBe(6000 + 200_000 * 600 + 22_500);
    // Output does not count towards it.
    expect(costOf({ inputFresh: 1, outputVisible: 900_000 }, SONNET)).toBe(3000 + 900_000 * 15_000);
  });

  test("the highest tier that is reached, in whatever order they stand", () => {
    const tiers = [{ aboveInputTokens: 256, input: 6, output: 0 }, { aboveInputTokens: 32, input: 2, output: 0 }, { aboveInputTokens: 128, input: 3, output: 0 }];
    const price: Price = { input: 1, output: 0, tiers };
    expect([32, 33, 128, 129, 256, 257].map((inputFresh) => costOf({ inputFresh }, price) / inputFresh)).toEqual([1000, 2000, 2000, 3000, 3000, 6000]);
  });

  test("is a whole number, never negative, and more tokens never cost less", () => {
    const random = randomNumbers(7);
    for (let round = 0; round < 2000; round++) {
      const usage = randomUsage(random);
      const price = PRICES[Math.floor(random.next().value * PRICES.length)] as Price;
      const cost = costOf(usage, price);
      expect(Number.isSafeInteger(cost)).toBe(true);
      expect(cost).toBeGreaterThanOrEqual(0);
      for (const part of ["inputFresh", "cacheRead", "outputVisible", "reasoning"] as const) {
        expect(costOf({ ...usage, [part]: (usage[part] ?? 0) + 1000 }, price)).toBeGreaterThanOrEqual(cost);
      }
    }
  });

  test("parts below a tier's edge add up exactly, whatever is in them", () => {
    const random = randomNumbers(11);
    for (let round = 0; round < 500; round++) {
      const { toolPrompt: _tools, ...usage } = randomUsage(random);
      const price: Price = { input: 1.25, output: 10, cacheRead: 0.125, cacheWrite: 2.5, cacheWrite1h: 5 };
      const parts = [{ inputFresh: usage.inputFresh ?? 0 }, { cacheRead: usage.cacheRead ?? 0 }, { cacheWrite: usage.cacheWrite ?? 0, cacheWrite1h: usage.cacheWrite1h ?? 0 }, { outputVisible: usage.outputVisible ?? 0 }, { reasoning: usage.reasoning ?? 0 }];
      expect(costOf(usage, price)).toBe(parts.reduce((sum, part) => sum + costOf(part, price), 0));
    }
  });
});
