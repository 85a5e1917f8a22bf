import { type Config, DEFAULT_CONFIG, findingText, parseConfig, type ConfigNote, type ConfigProblem, type Environment } from "../config/index.ts";
import type { ConfigInput } from "../config/schema/index.ts";

/** A plain object that is no configuration. Never quotes a value, which may be a secret. */
export class InvalidConfig extends Error {
  override readonly name = "InvalidConfig";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `- ${problem.path === "" ? "" : `${problem.path}: `}${findingText(problem)}`).join("\n")}`);
    this.problems = problems;
  }
}

export interface ReadConfig {
  readonly config: Config;
  readonly notes: readonly ConfigNote[];
}

/**
 * A configuration as `parseConfig` gives it passes as it is; a plain object is read as a file with the same words would be.
 * @throws InvalidConfig with every problem
 */
export function readConfig(given: Config | ConfigInput, environment: Environment): ReadConfig {
  if (isWhole(given)) return { config: given, notes: [] };
  const parsed = parseConfig(given, environment);
  if (!parsed.ok) throw new InvalidConfig(parsed.problems);
  return parsed;
}

/** Nobody writes down every key by hand: what has them all was parsed before. */
function isWhole(given: Config | ConfigInput): given is Config {
  return Object.keys(DEFAULT_CONFIG).every((key) => key in given);
}
