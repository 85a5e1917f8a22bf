import type { Effort, Loss, ReasoningRequest } from "../canonical/index.ts";
import type { ReasoningCapability, TranslationPolicy } from "../capabilities.ts";

export interface ReasoningContext {
  readonly capability: ReasoningCapability | undefined;
  readonly policy: TranslationPolicy;
  /** True when the caller speaks the target's own dialect: values out of range are left for the upstream to refuse. */
  readonly sameDialect: boolean;
  report(loss: Loss): void;
}

/** For targets that take a level: the level, `none` to switch off, `undefined` to say nothing. */
export function effortFor(_reasoning: ReasoningRequest | undefined, _context: ReasoningContext): Effort | "none" | undefined {
  throw new Error("not written yet");
}

/** For targets that take a budget in tokens: 0 off, -1 the model decides, `undefined` to say nothing. */
export function budgetFor(_reasoning: ReasoningRequest | undefined, _context: ReasoningContext): number | undefined {
  throw new Error("not written yet");
}

/** Nearest level the model has, ties to the lower. */
export function clampEffort(_effort: Effort, _levels: readonly Effort[] | undefined): Effort {
  throw new Error("not written yet");
}

/** Level of a budget: ≤512 minimal, ≤1024 low, ≤8192 medium, ≤24576 high, else xhigh. */
export function effortOfBudget(_budget: number): Effort | "none" | "auto" {
  throw new Error("not written yet");
}
