import { expect, test } from "bun:test";
import type { Effort, Loss, ReasoningRequest } from "../canonical/index.ts";
import { DEFAULT_POLICY, type ReasoningCapability } from "../capabilities.ts";
import { budgetFor, clampEffort, effortFor, effortOfBudget } from "./resolve.ts";

const GEMINI_25_PRO: ReasoningCapability = { budget: { min: 128, max: 32_768, zeroOk: false, dynamicOk: true } };
const GEMINI_25_FLASH: ReasoningCapability = { budget: { min: 0, max: 24_576, zeroOk: true, dynamicOk: true } };
const GEMINI_3_PRO: ReasoningCapability = { levels: ["low", "high"], canBeOff: false };
const CLAUDE_MANUAL: ReasoningCapability = { manual: true, canBeOff: true, budget: { min: 1024, max: 64_000, zeroOk: false, dynamicOk: false } };
const CLAUDE_46: ReasoningCapability = { manual: true, adaptive: true, canBeOff: true, levels: ["low", "medium", "high", "max"] };
const CLAUDE_ALWAYS_ON: ReasoningCapability = { adaptive: true, alwaysOn: true, levels: ["low", "medium", "high", "xhigh", "max"] };
const GPT: ReasoningCapability = { levels: ["low", "medium", "high", "xhigh"], canBeOff: true };

const body = (reasoning: Omit<ReasoningRequest, "from">): ReasoningRequest => ({ ...reasoning, from: "body" });

function ask(reasoning: ReasoningRequest | undefined, capability?: ReasoningCapability, sameDialect = false) {
  const losses: Loss[] = [];
  const context = { capability, policy: DEFAULT_POLICY, sameDialect, report: (loss: Loss) => void losses.push(loss) };
  const effort = effortFor(reasoning, context);
  const effortLosses = losses.splice(0).length;
  const budget = budgetFor(reasoning, context);
  return { effort, effortLosses, budget, budgetLosses: losses.length };
}

test("nothing said, nothing sent", () => {
  expect(ask(undefined, GPT)).toEqual({ effort: undefined, effortLosses: 0, budget: undefined, budgetLosses: 0 });
  expect(ask(body({ mode: "default" }), GPT)).toEqual({ effort: undefined, effortLosses: 0, budget: undefined, budgetLosses: 0 });
});

test("an effort without a mode is said as an effort", () => {
  expect(ask(body({ mode: "default", effort: "low" }), GPT).effort).toBe("low");
});

test("a model that does not think gets no settings, with a loss unless thinking was off anyway", () => {
  expect(ask(body({ mode: "effort", effort: "high" }), { supported: false })).toEqual({ effort: undefined, effortLosses: 1, budget: undefined, budgetLosses: 1 });
  expect(ask(body({ mode: "off" }), { supported: false })).toEqual({ effort: undefined, effortLosses: 0, budget: undefined, budgetLosses: 0 });
});

test("efforts and budgets convert by the table", () => {
  const budgets: [Effort, number][] = [["minimal", 512], ["low", 1024], ["medium", 8192], ["high", 24_576], ["xhigh", 32_768], ["max", 128_000]];
  for (const [effort, budget] of budgets) expect(ask(body({ mode: "effort", effort })).budget).toBe(budget);
  const efforts: [number, string][] = [[-1, "auto"], [0, "none"], [1, "minimal"], [512, "minimal"], [513, "low"], [1024, "low"], [1025, "medium"], [8192, "medium"], [8193, "high"], [24_576, "high"], [24_577, "xhigh"], [200_000, "xhigh"]];
  for (const [budget, effort] of efforts) expect(effortOfBudget(budget)).toBe(effort as Effort);
});

test("efforts go to the nearest level, ties to the lower", () => {
  expect(clampEffort("medium", ["low", "high"])).toBe("low");
  expect(clampEffort("max", ["low", "medium", "high", "xhigh"])).toBe("xhigh");
  expect(clampEffort("minimal", ["high", "medium"])).toBe("medium");
  expect(clampEffort("xhigh", ["max", "high"])).toBe("high");
  expect(clampEffort("max", undefined)).toBe("max");
  expect(clampEffort("max", [])).toBe("max");
});

test("#135 effort high on a manual model is a budget of 24576", () => {
  expect(ask(body({ mode: "effort", effort: "high" }), CLAUDE_MANUAL)).toMatchObject({ budget: 24_576, budgetLosses: 0 });
});

test("#136 effort medium on an adaptive model stays an effort", () => {
  expect(ask(body({ mode: "effort", effort: "medium" }), CLAUDE_46)).toMatchObject({ effort: "medium", effortLosses: 0 });
});

test("#137 effort none on a model that always thinks is low, with a loss", () => {
  expect(ask(body({ mode: "off" }), CLAUDE_ALWAYS_ON)).toMatchObject({ effort: "low", effortLosses: 1, budget: undefined, budgetLosses: 1 });
});

test("#138 a budget of 8192 is medium; one that is no level's own is approximated with a loss", () => {
  expect(ask(body({ mode: "budget", budget: 8192 }), GPT)).toMatchObject({ effort: "medium", effortLosses: 0 });
  expect(ask(body({ mode: "budget", budget: 5000 }), GPT)).toMatchObject({ effort: "medium", effortLosses: 1 });
});

test("#139 adaptive without effort is its vendor's default effort elsewhere", () => {
  const adaptive = body({ mode: "auto", defaultEffort: "high" });
  expect(ask(adaptive, GPT).effort).toBe("high");
  expect(ask(adaptive, GEMINI_25_PRO).budget).toBe(-1);
  expect(ask(adaptive, CLAUDE_46, true).effort).toBeUndefined();
});

test("#140 disabled is none, or the lowest level where there is no none", () => {
  expect(ask(body({ mode: "off" }), GPT)).toMatchObject({ effort: "none", effortLosses: 0 });
  expect(ask(body({ mode: "off" }), GEMINI_3_PRO)).toMatchObject({ effort: "low", effortLosses: 1 });
  expect(ask(body({ mode: "off" }))).toMatchObject({ effort: "none", budget: 0 });
});

test("#141 adaptive with effort max is high on a model with low and high", () => {
  expect(ask(body({ mode: "auto", effort: "max" }), GEMINI_3_PRO)).toMatchObject({ effort: "high", effortLosses: 1 });
});

test("#142 effort low on a budget model is 1024", () => {
  expect(ask(body({ mode: "effort", effort: "low" }), GEMINI_25_FLASH)).toMatchObject({ budget: 1024, budgetLosses: 0 });
});

test("#143 effort none on a model that cannot stop thinking is its least budget, with a loss", () => {
  expect(ask(body({ mode: "off" }), GEMINI_25_PRO)).toMatchObject({ budget: 128, budgetLosses: 1 });
  expect(ask(body({ mode: "off" }), GEMINI_25_FLASH)).toMatchObject({ budget: 0, budgetLosses: 0 });
});

test("#144 a budget of -1 says nothing to a model with levels", () => {
  for (const mode of ["auto", "budget"] as const) expect(ask(body({ mode, budget: -1 }), GPT)).toMatchObject({ effort: undefined, effortLosses: 0 });
});

test("auto without a dynamic budget is the middle, or high where a budget must be named by hand", () => {
  expect(ask(body({ mode: "auto" }), { budget: { min: 512, max: 24_576, zeroOk: true, dynamicOk: false } })).toMatchObject({ budget: 12_544, budgetLosses: 1 });
  expect(ask(body({ mode: "auto" }), { budget: { min: 0, max: 0, zeroOk: true, dynamicOk: false } }).budget).toBe(0);
  expect(ask(body({ mode: "auto" }), CLAUDE_MANUAL).budget).toBe(24_576);
  expect(ask(body({ mode: "budget", budget: -1 }), CLAUDE_MANUAL).budget).toBe(24_576);
});

test("budgets are clamped into the model's range", () => {
  expect(ask(body({ mode: "effort", effort: "max" }), GEMINI_25_PRO)).toMatchObject({ budget: 32_768, budgetLosses: 1 });
  expect(ask(body({ mode: "budget", budget: 50 }), GEMINI_25_PRO)).toMatchObject({ budget: 128, budgetLosses: 1 });
});

test("xhigh is max on an adaptive model without xhigh", () => {
  expect(ask(body({ mode: "effort", effort: "xhigh" }), CLAUDE_46).effort).toBe("max");
  expect(ask(body({ mode: "effort", effort: "xhigh" }), CLAUDE_ALWAYS_ON).effort).toBe("xhigh");
});

test("the caller's own dialect passes as it is, but a suffix is fitted", () => {
  expect(ask(body({ mode: "effort", effort: "max" }), GEMINI_3_PRO, true)).toMatchObject({ effort: "max", effortLosses: 0 });
  expect(ask(body({ mode: "budget", budget: 50 }), GEMINI_25_PRO, true)).toMatchObject({ budget: 50, budgetLosses: 0 });
  expect(ask(body({ mode: "off" }), GEMINI_25_PRO, true)).toMatchObject({ budget: 0, budgetLosses: 0 });
  expect(ask({ mode: "effort", effort: "max", from: "suffix" }, GEMINI_3_PRO, true).effort).toBe("high");
});
