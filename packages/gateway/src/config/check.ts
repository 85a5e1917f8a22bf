import type { ConfigProblem } from "./findings.ts";
import { parseExpression } from "./expression.ts";
import type { Config } from "./schema/index.ts";

/** What no single field can tell: do the parts fit together? */
export function checkConfig(config: Config): readonly ConfigProblem[] {
  return [...tlsProblems(config.tls), ...expressionProblems(config)];
}

function tlsProblems(tls: Config["tls"]): readonly ConfigProblem[] {
  if (!tls.enable) return [];
  const missing = (["cert", "key"] as const).filter((key) => tls[key].trim() === "");
  return missing.map((key) => ({ path: `tls.${key}`, message: "is needed when tls.enable is true" }));
}

interface RulesAt {
  readonly path: string;
  readonly rules: Config["oauth-request-scoped-errors"][string];
}

function expressionProblems(config: Config): readonly ConfigProblem[] {
  const lists = ["claude-api-key", "gemini-api-key", "codex-api-key", "xai-api-key", "vertex-api-key", "openai-compatibility"] as const;
  const places: readonly RulesAt[] = [
    ...lists.flatMap((list) => config[list].map((entry, index) => ({ path: `${list}[${index}].request-scoped-errors`, rules: entry["request-scoped-errors"] }))),
    ...Object.entries(config["oauth-request-scoped-errors"]).map(([provider, rules]) => ({ path: `oauth-request-scoped-errors.${provider}`, rules })),
  ];
  return places.flatMap(({ path, rules }) => rules.flatMap((rule, index) => rule["match-regexr"].flatMap((text, position) =>
    parseExpression(text) !== undefined ? [] : [{ path: `${path}[${index}].match-regexr[${position}]`, message: "is not a regular expression" }])));
}
