import type { Effort, ReasoningRequest } from "@dragoman/core";

/** One way to read a model name: as another name and a wish about reasoning. */
export interface NameReading {
  readonly base: string;
  readonly reasoning: ReasoningRequest;
}

const EFFORTS: ReadonlySet<string> = new Set<Effort>(["minimal", "low", "medium", "high", "xhigh", "max"]);

/** Budget of the bare ending `-thinking`, in tokens. */
const THINKING_BUDGET = 16_384;

/** Names with an effort at their end, whole names only: `gpt-5.1-codex-max` ends in a word that is no effort. */
const EFFORT_NAMES: Readonly<Record<string, readonly (Effort | "none")[]>> = {
  "gpt-5": ["minimal", "low", "medium", "high"],
  "gpt-5-codex": ["low", "medium", "high"],
  "gpt-5-codex-mini": ["medium", "high"],
  "gpt-5.1": ["none", "low", "medium", "high"],
  "gpt-5.1-codex": ["low", "medium", "high"],
  "gpt-5.1-codex-mini": ["medium", "high"],
  "gpt-5.1-codex-max": ["low", "medium", "high", "xhigh"],
};

const BY_EFFORT_NAME: ReadonlyMap<string, NameReading> = new Map(Object.entries(EFFORT_NAMES).flatMap(([base, efforts]) =>
  efforts.map((effort): [string, NameReading] => [`${base}-${effort}`, { base, reasoning: ofWord(effort) }])));

interface Ending {
  readonly match: RegExp;
  reasoning(digits: string): ReasoningRequest;
}

/** Longer endings before those that they contain. */
const ENDINGS: readonly Ending[] = [
  { match: /^(.+)-thinking-(\d+)\D*$/, reasoning: (digits) => ofBudget(Number(digits)) },
  { match: /^(.+)-thinking-low$/, reasoning: () => ofBudget(1024) },
  { match: /^(.+)-thinking-medium$/, reasoning: () => ofBudget(8192) },
  { match: /^(.+)-thinking-high$/, reasoning: () => ofBudget(24_576) },
  { match: /^(.+)-thinking$/, reasoning: () => ofBudget(THINKING_BUDGET) },
  { match: /^(.+)-nothinking$/, reasoning: () => ({ mode: "off", visibility: "none", from: "suffix" }) },
  { match: /^(.+)-reasoning$/, reasoning: () => ({ mode: "auto", visibility: "auto", from: "suffix" }) },
];

/**
 * What a name may mean when no model bears it as it is: `model(high)`, `model(8192)`, `gpt-5-high`, `model-thinking`.
 * Whoever asks takes the first reading whose base is a model.
 */
export function readModelName(name: string): NameReading[] {
  const readings: NameReading[] = [];
  const inParentheses = readParentheses(name);
  if (inParentheses !== undefined) readings.push(inParentheses);
  const effortName = BY_EFFORT_NAME.get(name);
  if (effortName !== undefined) readings.push(effortName);
  for (const { match, reasoning } of ENDINGS) {
    const [, base, digits = ""] = match.exec(name) ?? [];
    if (base !== undefined) readings.push({ base, reasoning: reasoning(digits) });
  }
  return readings;
}

function readParentheses(name: string): NameReading | undefined {
  const open = name.lastIndexOf("(");
  if (open <= 0 || !name.endsWith(")")) return undefined;
  const reasoning = parseReasoning(name.slice(open + 1, -1));
  return reasoning === undefined ? undefined : { base: name.slice(0, open), reasoning };
}

/** `none`, `auto`, `-1`, a level, or a budget in tokens; in any case of letters. */
function parseReasoning(text: string): ReasoningRequest | undefined {
  const word = text.toLowerCase();
  if (word === "auto" || word === "-1") return { mode: "auto", from: "suffix" };
  if (word === "none" || EFFORTS.has(word)) return ofWord(word as Effort | "none");
  return /^\d{1,9}$/.test(word) ? ofBudget(Number(word)) : undefined;
}

function ofWord(word: Effort | "none"): ReasoningRequest {
  return word === "none" ? { mode: "off", from: "suffix" } : { mode: "effort", effort: word, from: "suffix" };
}

function ofBudget(budget: number): ReasoningRequest {
  return budget === 0 ? { mode: "off", from: "suffix" } : { mode: "budget", budget, from: "suffix" };
}
