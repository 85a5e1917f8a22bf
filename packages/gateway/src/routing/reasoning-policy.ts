import type { ReasoningRequest } from "@dragoman/core";
import type { Config } from "../config/index.ts";
import { namePattern } from "./pattern.ts";

type Word = Config["reasoning"]["models"][string];

interface PolicyRule {
  readonly matches: (name: string) => boolean;
  readonly reasoning: ReasoningRequest | undefined;
}

/** What the operator decided about reasoning, by model name; `undefined` leaves it to the client. */
export function createReasoningPolicy(config: Config): (...names: readonly string[]) => ReasoningRequest | undefined {
  const rules: readonly PolicyRule[] = Object.entries(config.reasoning.models)
    .map(([pattern, word]) => ({ matches: namePattern(pattern), reasoning: overrideOf(word) }));
  return (...names) => rules.find((rule) => names.some(rule.matches))?.reasoning;
}

/** `auto` keeps hands off; `off` takes every setting out, `none` switches thinking off in so many words. */
function overrideOf(word: Word): ReasoningRequest | undefined {
  const from = "override";
  if (word === "auto") return undefined;
  if (word === "off") return { mode: "default", from };
  if (word === "none" || word === 0) return { mode: "off", from };
  if (word === -1) return { mode: "auto", from };
  return typeof word === "number" ? { mode: "budget", budget: word, from } : { mode: "effort", effort: word, from };
}
