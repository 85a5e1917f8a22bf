import { parseExpression } from "../config/expression.ts";
import type { ErrorRule } from "../config/schema/provider-entry.ts";
import type { AttemptOutcome } from "./outcome.ts";

/** What the operator says about failures of one upstream, whatever we would make of them. */
export interface FailureRule {
  readonly status: number;
  /** Whether the rule is meant for this body. */
  matches(body: string): boolean;
  readonly verdict: Verdict;
}

export type Verdict = NonNullable<Extract<AttemptOutcome, { type: "failed" }>["verdict"]>;

const VERDICTS: Readonly<Record<ErrorRule["action"], Verdict>> = {
  stop: { ends: true, cools: false },
  "stop-and-cooldown": { ends: true, cools: true },
  continue: { ends: false, cools: false },
  "continue-and-cooldown": { ends: false, cools: true },
};

/** `undefined` when there are none. */
export function createFailureRules(rules: readonly ErrorRule[]): readonly FailureRule[] | undefined {
  return rules.length === 0 ? undefined : rules.map((rule) => ({ status: rule.status, matches: bodyTest(rule), verdict: VERDICTS[rule.action] }));
}

/** One text or expression is enough; without any the status alone decides. */
function bodyTest({ match, "match-regexr": expressions }: ErrorRule): (body: string) => boolean {
  if (match.length === 0 && expressions.length === 0) return () => true;
  const patterns = expressions.flatMap((text) => parseExpression(text) ?? []);
  return (body) => match.some((text) => body.includes(text)) || patterns.some((pattern) => pattern.test(body));
}

/** The first rule that is meant for a failure. */
export function verdictOn(rules: readonly FailureRule[] | undefined, status: number, body: string): Verdict | undefined {
  return rules?.find((rule) => rule.status === status && rule.matches(body))?.verdict;
}
