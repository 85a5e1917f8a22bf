import { expect, test } from "bun:test";
import { providerOfId } from "@dragoman/core";
import type { Candidate } from "../routing/candidate.ts";
import { attemptCost } from "./attempt-cost.ts";
import { createPriceList, type PriceOverride } from "./price-list.ts";

const at = (id: string, model: string): Pick<Candidate, "upstream" | "model"> => ({ model, upstream: { name: id, provider: providerOfId(id) } as Candidate["upstream"] });
const list = (...overrides: PriceOverride[]) => createPriceList({ overrides });
const usage = { inputFresh: 1000, outputVisible: 10, native: { prompt_tokens: 1000, completion_tokens: 10, cost: 0.00123 } };

test("a vendor that tells the cost is believed, also where no list has the model", () => {
  expect(attemptCost(usage, at("openrouter", "deepseek/deepseek-v9"), list())).toBe(1_230_000);
  expect(attemptCost({ ...usage, native: { cost: 0 } }, at("openrouter", "some/model"), list())).toBe(0);
});

test("what the operator says goes over it; without a word of the vendor the list counts", () => {
  expect(attemptCost(usage, at("openrouter", "deepseek/deepseek-v9"), list({ model: "*v9", price: { input: 1, output: 1 } }))).toBe(1_010_000);
  expect(attemptCost({ ...usage, native: { cost: "much" } }, at("openrouter", "anthropic/claude-sonnet-4.5"), list())).toBe(1000 * 3000 + 10 * 15_000);
  expect(attemptCost({ ...usage, native: { cost: -1 } }, at("openrouter", "who/knows"), list())).toBeUndefined();
});

test("a member of that name means nothing at other vendors", () => {
  expect(attemptCost(usage, at("openai", "gpt-4o"), list())).toBe(1000 * 2500 + 10 * 10_000);
  expect(attemptCost(usage, at("openai-compatible", "mystery"), list())).toBeUndefined();
});
