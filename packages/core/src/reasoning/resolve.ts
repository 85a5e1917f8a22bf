// What the caller said about thinking, in the words of a model that takes levels or of one that takes a budget.
import type { Effort, Loss, ReasoningRequest } from "../canonical/index.ts";
import type { ReasoningCapability, TranslationPolicy } from "../capabilities.ts";

export interface ReasoningContext {
  readonly capability: ReasoningCapability | undefined;
  readonly policy: TranslationPolicy;
  /** True when the caller speaks the target's own dialect: values out of range are left for the upstream to refuse. */
  readonly sameDialect: boolean;
  report(loss: Loss): void;
}

/** Weakest first. */
const EFFORTS: readonly Effort[] = ["minimal", "low", "medium", "high", "xhigh", "max"];

/** Taken by every vendor that knows levels at all; `minimal` is not (OpenAI dropped it with gpt-5.1). */
const LOWEST_EVERYWHERE: Effort = "low";

/** Largest budget of each effort, in tokens; above the last it is `xhigh`. */
const EFFORT_CEILINGS: readonly (readonly [number, Effort])[] = [[512, "minimal"], [1024, "low"], [8192, "medium"], [24_576, "high"]];

const DYNAMIC = -1;

/** For targets that take a level: the level, `none` to switch off, `undefined` to say nothing. */
export function effortFor(reasoning: ReasoningRequest | undefined, context: ReasoningContext): Effort | "none" | undefined {
  if (reasoning === undefined || refusedAltogether(reasoning, context)) return undefined;
  switch (reasoning.mode) {
    case "off":
      return effortWhenOff(reasoning, context);
    case "budget":
      return effortFromBudget(reasoning, context);
    case "effort":
      return reasoning.effort && fitEffort(reasoning.effort, reasoning, context);
    case "default":
    case "auto":
    case "between-tools":
      return effortWhenModelDecides(reasoning, context);
  }
}

/** For targets that take a budget in tokens: 0 off, -1 the model decides, `undefined` to say nothing. */
export function budgetFor(reasoning: ReasoningRequest | undefined, context: ReasoningContext): number | undefined {
  if (reasoning === undefined || refusedAltogether(reasoning, context)) return undefined;
  switch (reasoning.mode) {
    case "off":
      return budgetWhenOff(reasoning, context);
    case "budget":
      return budgetFromBudget(reasoning, context);
    case "effort":
    case "default":
      return reasoning.effort && fitBudget(context.policy.effortBudgets[reasoning.effort], reasoning, context);
    case "auto":
    case "between-tools":
      return budgetWhenModelDecides(reasoning, context);
  }
}

/** Nearest level the model has, ties to the lower. */
export function clampEffort(effort: Effort, levels: readonly Effort[] | undefined): Effort {
  const wanted = EFFORTS.indexOf(effort);
  let nearest: Effort | undefined;
  let nearestDistance = Infinity;
  for (const [rank, level] of EFFORTS.entries()) {
    const distance = Math.abs(rank - wanted);
    if (levels?.includes(level) && distance < nearestDistance) [nearest, nearestDistance] = [level, distance];
  }
  return nearest ?? effort;
}

/** Level of a budget: ≤512 minimal, ≤1024 low, ≤8192 medium, ≤24576 high, else xhigh. */
export function effortOfBudget(budget: number): Effort | "none" | "auto" {
  if (budget < 0) return "auto";
  if (budget === 0) return "none";
  return EFFORT_CEILINGS.find(([ceiling]) => budget <= ceiling)?.[1] ?? "xhigh";
}

function refusedAltogether(reasoning: ReasoningRequest, context: ReasoningContext): boolean {
  if (context.capability?.supported !== false) return false;
  if (saysSomething(reasoning)) context.report({ code: "unsupported-parameter", path: "reasoning", action: "dropped", detail: "the model does not think" });
  return true;
}

/** To ask a model that does not think for no thinking loses nothing. */
function saysSomething(reasoning: ReasoningRequest): boolean {
  return reasoning.mode !== "off" && (reasoning.mode !== "default" || reasoning.effort !== undefined);
}

/** Only what stands in the body is the caller's own word to this very upstream; suffixes and overrides are ours to fit. */
function passesAsIs(reasoning: ReasoningRequest, context: ReasoningContext): boolean {
  return context.sameDialect && reasoning.from === "body";
}

function reportChange(context: ReasoningContext, asked: string, told: string): void {
  context.report({ code: "reasoning-adjusted", path: "reasoning", action: "converted", detail: `${asked} → ${told}` });
}

// Levels

function effortWhenOff(reasoning: ReasoningRequest, context: ReasoningContext): Effort | "none" {
  if (passesAsIs(reasoning, context) || canBeOff(context.capability)) return "none";
  const lowest = EFFORTS.find((level) => context.capability?.levels?.includes(level)) ?? LOWEST_EVERYWHERE;
  reportChange(context, "off", lowest);
  return lowest;
}

function canBeOff(capability: ReasoningCapability | undefined): boolean {
  if (capability === undefined) return true;
  if (capability.alwaysOn) return false;
  if (capability.canBeOff !== undefined) return capability.canBeOff;
  if (capability.budget !== undefined) return capability.budget.zeroOk;
  return capability.levels === undefined;
}

function effortFromBudget(reasoning: ReasoningRequest, context: ReasoningContext): Effort | "none" | undefined {
  const budget = reasoning.budget ?? DYNAMIC;
  const effort = effortOfBudget(budget);
  if (effort === "auto") return effortWhenModelDecides(reasoning, context);
  if (effort === "none") return effortWhenOff(reasoning, context);
  const told = nearestEffort(effort, context.capability);
  if (context.policy.effortBudgets[told] !== budget) reportChange(context, `budget ${budget}`, told);
  return told;
}

function effortWhenModelDecides(reasoning: ReasoningRequest, context: ReasoningContext): Effort | undefined {
  const effort = reasoning.effort ?? (context.sameDialect ? undefined : reasoning.defaultEffort);
  return effort && fitEffort(effort, reasoning, context);
}

function fitEffort(effort: Effort, reasoning: ReasoningRequest, context: ReasoningContext): Effort {
  if (passesAsIs(reasoning, context)) return effort;
  const told = nearestEffort(effort, context.capability);
  if (told !== effort) reportChange(context, effort, told);
  return told;
}

/** Among adaptive models `max` is the next of `xhigh`, though `high` is as near: Claude 4.6 has no `xhigh` (read 2026-11). */
function nearestEffort(effort: Effort, capability: ReasoningCapability | undefined): Effort {
  const levels = capability?.levels;
  const prefersMax = effort === "xhigh" && capability?.adaptive === true && levels !== undefined && !levels.includes("xhigh") && levels.includes("max");
  return prefersMax ? "max" : clampEffort(effort, levels);
}

// Budgets

function budgetWhenOff(reasoning: ReasoningRequest, context: ReasoningContext): number | undefined {
  const { capability } = context;
  if (passesAsIs(reasoning, context) || canBeOff(capability)) return 0;
  const lowest = capability?.budget?.min;
  reportChange(context, "off", lowest === undefined ? "left to the model" : `budget ${lowest}`);
  return lowest;
}

function budgetFromBudget(reasoning: ReasoningRequest, context: ReasoningContext): number | undefined {
  const budget = reasoning.budget ?? DYNAMIC;
  if (budget < 0) return budgetWhenModelDecides(reasoning, context);
  if (budget === 0) return budgetWhenOff(reasoning, context);
  return fitBudget(budget, reasoning, context);
}

function budgetWhenModelDecides(reasoning: ReasoningRequest, context: ReasoningContext): number {
  const { capability, policy } = context;
  if (reasoning.effort !== undefined) return fitBudget(policy.effortBudgets[reasoning.effort], reasoning, context);
  if (passesAsIs(reasoning, context)) return DYNAMIC;
  // `enabled` must name a budget there, and `high` is what its vendor calls the default effort.
  if (capability?.manual && !capability.budget?.dynamicOk) return clampBudget(policy.effortBudgets[reasoning.defaultEffort ?? "high"], capability);
  if (capability?.budget === undefined || capability.budget.dynamicOk) return DYNAMIC;
  const { min, max, zeroOk } = capability.budget;
  const middle = Math.floor((min + max) / 2);
  const told = middle > 0 ? middle : zeroOk ? 0 : min;
  reportChange(context, "auto", `budget ${told}`);
  return told;
}

function fitBudget(budget: number, reasoning: ReasoningRequest, context: ReasoningContext): number {
  if (passesAsIs(reasoning, context)) return budget;
  const told = clampBudget(budget, context.capability);
  if (told !== budget) reportChange(context, `budget ${budget}`, `budget ${told}`);
  return told;
}

function clampBudget(budget: number, capability: ReasoningCapability | undefined): number {
  const range = capability?.budget;
  return range === undefined ? budget : Math.min(Math.max(budget, range.min), range.max);
}
