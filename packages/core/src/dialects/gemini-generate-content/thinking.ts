import type { GenerateRequest, ReasoningRequest } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { budgetFor, effortFor, type ReasoningContext } from "../../reasoning/index.ts";
import { present } from "../../wire/present.ts";
import { isOurs, type WireThinkingConfig } from "./wire.ts";

/** `thinkingConfig` for this model, or nothing when the caller said nothing. Level and budget exclude each other. */
export function encodeThinking(request: GenerateRequest, exchange: Exchange): WireThinkingConfig | undefined {
  const { reasoning } = request;
  if (reasoning === undefined) return undefined;
  const capability = exchange.capabilities.reasoning;
  if (capability?.supported === false) {
    effortFor(reasoning, contextOf(request, exchange));
    return undefined;
  }
  const config: WireThinkingConfig = { ...encodeAmount(reasoning, contextOf(request, exchange)) };
  const off = config.thinkingBudget === 0;
  const shown = off ? undefined : encodeVisibility(reasoning);
  const whole = present<WireThinkingConfig>({ includeThoughts: shown, ...config });
  return Object.keys(whole).length === 0 ? undefined : whole;
}

function contextOf(request: GenerateRequest, exchange: Exchange): ReasoningContext {
  return {
    capability: exchange.capabilities.reasoning,
    policy: exchange.policy,
    sameDialect: isOurs(request.dialect),
    report: (loss) => exchange.report(loss),
  };
}

/** What is known of the model decides the word; where nothing is known, the caller's own kind of word does. */
function encodeAmount(reasoning: ReasoningRequest, context: ReasoningContext): WireThinkingConfig {
  const { capability } = context;
  const takesLevel = capability?.levels !== undefined || (capability?.budget === undefined && (reasoning.mode === "effort" || reasoning.mode === "default"));
  if (!takesLevel) {
    const thinkingBudget = budgetFor(reasoning, context);
    return thinkingBudget === undefined ? {} : { thinkingBudget };
  }
  const effort = effortFor(reasoning, context);
  if (effort === undefined) return {};
  return effort === "none" ? { thinkingBudget: 0 } : { thinkingLevel: LEVELS[effort] };
}

const LEVELS = { minimal: "MINIMAL", low: "LOW", medium: "MEDIUM", high: "HIGH", xhigh: "HIGH", max: "HIGH" } as const;

/** Google shows thoughts only on demand; a caller that did not say gets none. */
function encodeVisibility({ visibility }: ReasoningRequest): boolean | undefined {
  if (visibility === undefined) return undefined;
  return visibility !== "none" && visibility !== "omitted";
}
