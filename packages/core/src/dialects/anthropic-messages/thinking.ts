import type { Effort, GenerateRequest, Loss, ReasoningRequest } from "../../canonical/index.ts";
import type { ReasoningCapability } from "../../capabilities.ts";
import type { Exchange } from "../../exchange.ts";
import { budgetFor, effortFor, type ReasoningContext } from "../../reasoning/index.ts";
import { unsupportedParameter } from "./caller-path.ts";
import type { MutableJsonObject } from "../../canonical/index.ts";
import { DIALECT_ID } from "./wire.ts";

/** The API's smallest budget, in tokens. */
const MIN_BUDGET = 1024;

export interface ThinkingPlan {
  readonly thinking?: MutableJsonObject;
  readonly effort?: Effort;
  /** Raised where the budget would leave nothing for the answer. */
  readonly maxTokens: number;
}

export interface ThinkingFacts {
  readonly maxTokens: number;
  /** The last turn is results for calls that no signed thinking precedes: manual thinking would be refused. */
  readonly unsignedToolLoop: boolean;
  /** A tool must be called: thinking would be refused. */
  readonly forcedTool: boolean;
}

/** How the caller's wish to think is told to this model. */
export function planThinking(request: GenerateRequest, exchange: Exchange, facts: ThinkingFacts): ThinkingPlan {
  const plan = wishedThinking(request, exchange, facts);
  const type = plan.thinking?.type;
  if (type === undefined || type === "disabled") return plan;
  if (facts.forcedTool && exchange.policy.preferForcedTool) {
    report(exchange, "a model that must call a tool cannot think first");
    return { maxTokens: facts.maxTokens };
  }
  if (facts.unsignedToolLoop && type === "enabled") {
    report(exchange, "the open tool calls come without the signed thinking that this model wants to see again");
    return { thinking: { type: "disabled" }, maxTokens: facts.maxTokens };
  }
  return plan;
}

function wishedThinking(request: GenerateRequest, exchange: Exchange, facts: ThinkingFacts): ThinkingPlan {
  const reasoning = request.reasoning;
  const unchanged = { maxTokens: facts.maxTokens };
  const context = reasoningContext(request, exchange);
  if (reasoning === undefined) return unchanged;
  if (context.capability?.supported === false) {
    effortFor(reasoning, context);
    return unchanged;
  }
  if (reasoning.mode === "off") return { ...whenOff(reasoning, context), ...unchanged };
  if (reasoning.mode === "between-tools") return { thinking: { type: "between_tools" }, ...unchanged };
  return isManual(reasoning, exchange) ? manual(reasoning, exchange, facts) : { ...adaptive(reasoning, context), ...unchanged };
}

function reasoningContext(request: GenerateRequest, exchange: Exchange): ReasoningContext {
  return {
    capability: exchange.capabilities.reasoning,
    policy: exchange.policy,
    sameDialect: request.dialect === DIALECT_ID,
    report: (loss: Loss) => exchange.report(loss),
  };
}

/** Both ways are open on some models: then a budget stays a budget. Nothing known: as the newest models want it. */
function isManual(reasoning: ReasoningRequest, exchange: Exchange): boolean {
  const capability: ReasoningCapability = exchange.capabilities.reasoning ?? {};
  if (capability.manual === true) return capability.adaptive !== true || reasoning.mode === "budget";
  if (capability.adaptive === true || capability.alwaysOn === true || capability.levels !== undefined) return false;
  return capability.budget !== undefined || exchange.capabilities.basicAnthropic === true;
}

function whenOff(reasoning: ReasoningRequest, context: ReasoningContext): Pick<ThinkingPlan, "thinking" | "effort"> {
  const effort = effortFor(reasoning, context);
  if (effort === "none" || effort === undefined || isBudgetModel(context)) {
    return { thinking: { type: "disabled" }, ...(reasoning.effort !== undefined && { effort: reasoning.effort }) };
  }
  return { effort: atLeastLow(effort) };
}

/** A manual model is switched off by word, whatever its smallest budget is. */
function isBudgetModel(context: ReasoningContext): boolean {
  return context.capability?.manual === true && context.capability.alwaysOn !== true;
}

function adaptive(reasoning: ReasoningRequest, context: ReasoningContext): Pick<ThinkingPlan, "thinking" | "effort"> {
  const effort = effortFor(reasoning, context);
  if (effort === "none") return { thinking: { type: "disabled" } };
  const told = effort === undefined ? {} : { effort: atLeastLow(effort) };
  if (reasoning.mode === "default") return told;
  return { thinking: { type: "adaptive", ...display(reasoning) }, ...told };
}

/** Newer models show no thoughts unless asked to (Opus 4.7 and later, read 2026-11). */
function display(reasoning: ReasoningRequest): { display?: string } {
  switch (reasoning.visibility) {
    case undefined:
      return {};
    case "none":
    case "omitted":
      return { display: "omitted" };
    case "updates":
      return { display: "updates" };
    default:
      return { display: "summarized" };
  }
}

function atLeastLow(effort: Effort): Effort {
  return effort === "minimal" ? "low" : effort;
}

function manual(reasoning: ReasoningRequest, exchange: Exchange, facts: ThinkingFacts): ThinkingPlan {
  const context = reasoningContext(exchange.request, exchange);
  const wished = budgetFor(reasoning, context);
  if (wished === 0) return { thinking: { type: "disabled" }, maxTokens: facts.maxTokens };
  if (wished === undefined && reasoning.mode === "default") return { maxTokens: facts.maxTokens };
  const budget = Math.max(MIN_BUDGET, wished === undefined || wished < 0 ? exchange.policy.effortBudgets.high : wished);
  return fitBudget(budget, facts.maxTokens, exchange);
}

/** The budget is part of `max_tokens`, so the answer needs room beside it. */
function fitBudget(budget: number, maxTokens: number, exchange: Exchange): ThinkingPlan {
  const enabled = (budget_tokens: number): MutableJsonObject => ({ type: "enabled", budget_tokens });
  if (budget < maxTokens) return { thinking: enabled(budget), maxTokens };
  if (exchange.policy.strictThinkingBudget) throw unsupportedParameter("max_tokens", `must be greater than the thinking budget of ${budget}`);
  const raised = budget + maxTokens;
  if (raised <= (exchange.capabilities.maxOutputTokens ?? Infinity)) {
    report(exchange, `the output limit was raised to ${raised} to hold the thinking budget of ${budget}`);
    return { thinking: enabled(budget), maxTokens: raised };
  }
  if (maxTokens - 1 >= MIN_BUDGET) {
    report(exchange, `the thinking budget was cut to ${maxTokens - 1}`);
    return { thinking: enabled(maxTokens - 1), maxTokens };
  }
  report(exchange, `an output limit of ${maxTokens} leaves no room to think`);
  return { thinking: { type: "disabled" }, maxTokens };
}

function report(exchange: Exchange, detail: string): void {
  exchange.report({ code: "reasoning-adjusted", path: "reasoning", action: "converted", detail });
}
