import { describe, expect, test } from "bun:test";
import type { Message, Part, ToolResultPart } from "../canonical/index.ts";
import type { ConversationRules, Turn } from "./arrange.ts";
import { ALL_RULES, arrange, assistant, call, developer, result, seal, system, text, thought, user, type Outcome } from "./testing.ts";

/** mulberry32: small, seeded, good enough to shuffle with. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = random(at + 1);
    [copy[at], copy[other]] = [copy[other]!, copy[at]!];
  }
  return copy;
}

const NAMES = ["read", "write", "run"];

/** A client's history in some disorder: parallel calls, results out of order, doubled, missing, belated, nobody's. */
function randomLoop(seed: number): Message[] {
  const random = randomOf(seed);
  const messages: Message[] = random(4) === 0 ? [] : [user("start")];
  if (random(3) === 0) messages.unshift(system("S"), developer("D"));
  let belated: ToolResultPart[] = [];
  for (let turn = 0; turn < 1 + random(6); turn++) {
    const calls = Array.from({ length: random(4) }, (_, index) => call(callId(random, turn, index), NAMES[random(NAMES.length)]!));
    const parts: Part[] = [...(random(2) ? [thought(`t${turn}`, random(2) ? seal(random(2) ? "vendor" : "stranger", `s${turn}`) : undefined)] : []), ...(random(2) ? [text(random(5) ? `say ${turn}` : " ")] : []), ...calls];
    if (random(4) === 0) parts.reverse();
    if (random(3) === 0) messages.push(...parts.map((part) => assistant(part)));
    else messages.push(assistant(...parts));
    let results = calls.filter(() => random(6) > 0).map((part, index) => result(random(12) ? part.callId : `strange${turn}_${index}`, `r${turn}_${index}`, { name: part.name }));
    if (random(5) === 0 && results[0] !== undefined) results.push({ ...results[0], content: [text("again")] });
    if (random(6) === 0) results.push(result(`nobody${turn}`, "lost"));
    results = shuffled(results, random);
    const late = results.filter(() => random(8) === 0);
    messages.push(...answers([...results.filter((part) => !late.includes(part)), ...belated], random));
    belated = late;
  }
  messages.push(...answers(belated, random));
  return messages;
}

/** Ids that are unique, or counted anew in each turn, or absent. */
function callId(random: Random, turn: number, index: number): string {
  return [`c${turn}_${index}`, `c${turn}_${index}`, `c${turn}_${index}`, `call_${index}`, "c", ""][random(6)]!;
}

function answers(results: readonly ToolResultPart[], random: Random): Message[] {
  const material: Part[] = [...results];
  if (random(2)) material.splice(random(material.length + 1), 0, text("meanwhile"));
  const messages = random(2) ? [user(...material)] : material.map((part) => user(part));
  if (random(5) === 0) messages.splice(random(messages.length + 1), 0, developer("mind"));
  return messages;
}

const resultsOf = (turn: Turn | undefined): ToolResultPart[] => (turn?.parts ?? []).filter((part) => part.kind === "tool-result");

/** What every target demands; the checks know nothing of how it was done. */
function check({ system: blocks, turns }: Outcome, rules: ConversationRules): void {
  const ids = new Set<string>();
  let answered = 0;
  turns.forEach((turn, index) => {
    expect(turn.parts.length).toBeGreaterThan(0);
    if (turn.role !== "system") expect(turn.role).not.toBe(turns[index - 1]?.role ?? "none");
    const kinds = turn.parts.map((part) => part.kind);
    if (turn.role === "user") {
      expect(kinds.lastIndexOf("tool-result")).toBe(kinds.filter((kind) => kind === "tool-result").length - 1);
      return;
    }
    expect(kinds).not.toContain("tool-result");
    const calls = turn.parts.filter((part) => part.kind === "tool-call");
    for (const { callId } of calls) {
      expect(callId).not.toBe("");
      expect(ids.has(callId)).toBe(false);
      ids.add(callId);
    }
    if (calls.length === 0) return;
    const results = resultsOf(turns[index + 1]);
    expect(results.map((part) => [part.callId, part.name ?? ""])).toEqual(calls.map((part) => [part.callId, part.name]));
    answered += results.length;
    if (rules.callsLast) expect(kinds.indexOf("tool-call")).toBe(kinds.length - calls.length);
  });
  expect(turns.reduce((sum, turn) => sum + resultsOf(turn).length, 0)).toBe(answered);
  expect(turns.flatMap(({ parts }) => parts).filter((part) => "seal" in part && part.seal?.vendor === "stranger")).toEqual([]);
  if (rules.dropBlankText) expect(turns.flatMap(({ parts }) => parts).filter((part) => part.kind === "text" && part.text.trim() === "")).toEqual([]);
  if (rules.userFirst) expect(turns[0]?.role).toBe("user");
  if (rules.assistantLast === "continue") expect(turns.at(-1)?.role).not.toBe("assistant");
  if (rules.midSystem === "reminder") expect(turns.map(({ role }) => role)).not.toContain("system");
  expect(turns[0]?.role).not.toBe("system");
  expect(blocks.every((block) => block.text.trim() !== "")).toBe(true);
}

/** Every word that a tool said is still there once, or a note tells what became of it. */
function checkNothingLost(messages: readonly Message[], outcome: Outcome): void {
  const before = messages.flatMap(({ parts }) => parts).filter((part) => part.kind === "tool-result").length;
  const after = outcome.turns.reduce((sum, turn) => sum + resultsOf(turn).length, 0);
  const count = (code: string): number => outcome.losses.filter((loss) => loss.code === code).length;
  expect(after).toBe(before - count("orphan-tool-result") - count("duplicate-tool-result") + count("missing-tool-result"));
}

describe("random tool loops", () => {
  const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

  test("the disorder is real: every repair happens", () => {
    const seen = new Set(seeds.flatMap((seed) => ALL_RULES.flatMap((rules) => outcomeOf(seed, rules)?.losses.map(({ code }) => code) ?? [])));
    for (const code of ["missing-tool-result", "orphan-tool-result", "duplicate-tool-result", "belated-tool-result", "tool-result-id", "duplicate-call-id", "deferred-after-results", "parts-reordered", "system-reminder", "foreign-seal", "assistant-first", "assistant-last"]) expect(seen).toContain(code);
  });

  test.each(ALL_RULES.map((rules, index) => [index, rules] as const))("rule set %i: the pairing holds, nothing is lost without a note", (_index, rules) => {
    for (const seed of seeds) {
      const outcome = outcomeOf(seed, rules);
      if (outcome === undefined) continue;
      check(outcome, rules);
      checkNothingLost(randomLoop(seed), outcome);
    }
  });

  test("the same conversation gives the same turns, twice over", () => {
    for (const seed of seeds) {
      for (const rules of ALL_RULES) {
        const [once, twice] = [outcomeOf(seed, rules), outcomeOf(seed, rules)];
        expect(JSON.stringify([once?.system, once?.turns, once?.losses])).toBe(JSON.stringify([twice?.system, twice?.turns, twice?.losses]));
      }
    }
  });

  test("what was arranged once needs no more repair", () => {
    for (const seed of seeds) {
      for (const rules of ALL_RULES) {
        const once = outcomeOf(seed, rules);
        if (once === undefined) continue;
        const again = arrange([...once.system.map((block) => (block.origin === "developer" ? developer(block) : system(block))), ...once.turns], { rules, policy: { repair: "strict" } });
        expect(again.turns).toEqual([...once.turns]);
      }
    }
  });
});

/** `undefined` for a history of nothing at all, which is refused. */
function outcomeOf(seed: number, rules: ConversationRules): Outcome | undefined {
  const messages = randomLoop(seed);
  const says = messages.some(({ parts }) => parts.some((part) => part.kind !== "text" || part.text.trim() !== ""));
  return says ? arrange(messages, { rules }) : undefined;
}
