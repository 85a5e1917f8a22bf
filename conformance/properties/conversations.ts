// Random conversations in words of no dialect, as wild as those that clients send, and their forms in each dialect.
import type { Json, JsonObject } from "@dragoman/core";

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonObject;
}

export type Step =
  | { readonly kind: "system"; readonly text: string }
  | { readonly kind: "user"; readonly text: string; readonly image: boolean }
  | { readonly kind: "assistant"; readonly text: string; readonly calls: readonly Call[] }
  | { readonly kind: "result"; readonly call: Call; readonly text: string; readonly failed: boolean };

export interface Settings {
  readonly temperature?: number;
  readonly topP?: number;
  readonly limit?: number;
  readonly stops?: readonly string[];
  readonly choice?: "auto" | "none" | "required";
  readonly effort?: "low" | "medium" | "high";
}

export interface Conversation {
  readonly instructions: readonly string[];
  readonly steps: readonly Step[];
  readonly tools: readonly string[];
  readonly settings: Settings;
}

export type Random = () => number;

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

export function shuffled<T>(random: Random, values: readonly T[]): readonly T[] {
  return values.map((value) => [random(), value] as const).sort(([a], [b]) => a - b).map(([, value]) => value);
}

const TEXTS = ["Hello", "What is the weather?", "  ", "", "Łódź 🙂", "line\nline", "{\"a\":1}", "</tag> \"quoted\""];
const TOOLS = ["get_weather", "search", "Read", "mcp__3f2c8a1e-5b7d-4c9f-8e21-aa00bb11cc22__slack_search_public_messages", "apply.patch", "a b"];
const VALUES: readonly Json[] = [1, "x", true, null, [1, 2], { deep: { format: "y" } }];

/** `tidy`: every call has its result, in order, and nothing is blank; else as messy as history gets. */
export function randomConversation(random: Random, tidy: boolean): Conversation {
  const tools = shuffled(random, TOOLS).slice(0, Math.floor(random() * 4));
  const text = (): string => (tidy ? pick(random, ["Hello", "Łódź 🙂", "line\nline"]) : pick(random, TEXTS));
  const steps: Step[] = [];
  let count = 0;
  for (let turn = 0; turn < 1 + random() * 5; turn++) {
    if (tidy || chance(random, 0.9)) steps.push({ kind: "user", text: text(), image: chance(random, 0.15) });
    if (!tidy && chance(random, 0.1)) steps.push({ kind: "system", text: "Be brief." });
    if (tidy ? tools.length === 0 : chance(random, 0.2)) {
      steps.push({ kind: "assistant", text: text(), calls: [] });
      continue;
    }
    const calls = Array.from({ length: 1 + Math.floor(random() * 3) }, (): Call => ({ id: `call_${++count}`, name: pick(random, tools.length === 0 ? TOOLS : tools), arguments: { a: pick(random, VALUES) } }));
    steps.push({ kind: "assistant", text: chance(random, 0.5) ? text() : "", calls }, ...resultsOf(random, calls, tidy));
  }
  if (tidy || chance(random, 0.7)) steps.push({ kind: "user", text: "Go on.", image: false });
  return { instructions: chance(random, 0.5) ? ["You are terse.", "Never lie."].slice(0, 1 + Math.floor(random() * 2)) : [], steps, tools, settings: randomSettings(random, tools.length > 0) };
}

/** Results in any order, twice, not at all, with words between, or for calls that nobody made. */
function resultsOf(random: Random, calls: readonly Call[], tidy: boolean): readonly Step[] {
  const results: Step[] = calls.map((call) => ({ kind: "result", call, text: tidy ? "fine" : pick(random, TEXTS), failed: chance(random, 0.2) }));
  if (tidy) return results;
  const kept = shuffled(random, results).filter(() => chance(random, 0.85));
  const [first] = kept;
  if (first !== undefined && chance(random, 0.15)) kept.push(first);
  if (chance(random, 0.1)) kept.push({ kind: "result", call: { id: "call_nobody", name: "search", arguments: {} }, text: "?", failed: false });
  return chance(random, 0.15) ? [{ kind: "user", text: "wait", image: false }, ...kept] : kept;
}

function randomSettings(random: Random, hasTools: boolean): Settings {
  return {
    ...(chance(random, 0.3) && { temperature: Math.round(random() * 20) / 10 }),
    ...(chance(random, 0.2) && { topP: 0.9 }),
    ...(chance(random, 0.4) && { limit: 64 + Math.floor(random() * 4000) }),
    ...(chance(random, 0.3) && { stops: ["END", "STOP", "a", "b", "c", "d"].slice(0, 1 + Math.floor(random() * 6)) }),
    ...(hasTools && chance(random, 0.4) && { choice: pick(random, ["auto", "none", "required"] as const) }),
    ...(chance(random, 0.3) && { effort: pick(random, ["low", "medium", "high"] as const) }),
  };
}
