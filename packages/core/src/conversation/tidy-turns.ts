import type { Loss, Part } from "../canonical/index.ts";
import type { ConversationRules, Turn } from "./arrange.ts";
import { isBlank, mergeTurns, pathOf } from "./merge-turns.ts";

/** Gives each turn the parts that the target has words for, in the order it demands; a turn without any is taken out. */
export function tidyTurns(turns: readonly Turn[], rules: ConversationRules, report: (loss: Loss) => void): Turn[] {
  const tidy = turns.map((turn) => (turn.role === "system" ? turn : tidyTurn(turn, rules, report)));
  return mergeTurns(tidy.filter((turn) => turn.parts.length > 0), report);
}

function tidyTurn(turn: Turn, rules: ConversationRules, report: (loss: Loss) => void): Turn {
  const adapted = turn.parts.flatMap((part) => adapt(part, rules));
  if (adapted.length > 0 && adapted.every(isBlank)) {
    report({ code: "blank-message", path: pathOf(turn), action: "dropped" });
    return { ...turn, parts: [] };
  }
  const parts = adapted.filter((part) => !(isBlank(part) && (rules.dropBlankText || isEmptyText(part))));
  return { ...turn, parts: turn.role === "assistant" && rules.callsLast ? reasoningFirstCallsLast(parts, report) : parts };
}

/** A result stays a result even when nothing in it is left. */
function adapt(part: Part, rules: ConversationRules): readonly Part[] {
  const replaced = rules.adapt?.(part);
  if (replaced !== undefined) return replaced;
  if (part.kind !== "tool-result") return [part];
  const content = part.content.flatMap((inner) => rules.adapt?.(inner) ?? [inner]).filter((inner) => !isBlank(inner) || (!rules.dropBlankText && !isEmptyText(inner)));
  return [content.length === part.content.length && content.every((inner, index) => inner === part.content[index]) ? part : { ...part, content }];
}

function isEmptyText(part: Part): boolean {
  return part.kind === "text" && part.text === "";
}

/**
 * Text after a call in the same turn separates it from its result for several backends (seen in the field). Thoughts
 * between texts stay there, as the model had them, if only the turn begins with a thought.
 */
function reasoningFirstCallsLast(parts: readonly Part[], report: (loss: Loss) => void): readonly Part[] {
  const calls = parts.filter((part) => part.kind === "tool-call");
  const others = parts.filter((part) => part.kind !== "tool-call");
  const beginsWithReasoning = others[0]?.kind === "reasoning";
  const ordered = beginsWithReasoning ? others : [...others.filter((part) => part.kind === "reasoning"), ...others.filter((part) => part.kind !== "reasoning")];
  const sorted = [...ordered, ...calls];
  const moved = sorted.find((part, index) => part !== parts[index]);
  if (moved === undefined) return parts;
  report({ code: "parts-reordered", path: moved.path ?? "", action: "moved", detail: "reasoning first, calls last" });
  return sorted;
}
