// What is bundled and carried into each runtime: the core, the runner, and nothing of any host.
import type { Case } from "../runner/case.ts";
import { runCase } from "../runner/run-case.ts";

export interface Summary {
  readonly passed: number;
  /** `case (client ↔ upstream): first problem`. */
  readonly failed: readonly string[];
}

export function runAll(cases: readonly Case[]): Summary {
  const outcomes = cases.flatMap(runCase);
  const failed = outcomes.filter(({ problems }) => problems.length > 0);
  return {
    passed: outcomes.length - failed.length,
    failed: failed.map(({ caseId, client, upstream, problems }) => `${caseId} (${client} ↔ ${upstream}): ${problems[0] ?? ""}`),
  };
}
