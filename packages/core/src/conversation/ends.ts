import type { Loss } from "../canonical/index.ts";
import { invalidRequest } from "../errors/index.ts";
import type { ArrangedConversation, ConversationRules, SystemBlock, Turn } from "./arrange.ts";
import { pathOf } from "./merge-turns.ts";
import { isText, toBlocks } from "./place-system.ts";

const USER_BEFORE_ASSISTANT = "(conversation continues)";
const USER_AFTER_ASSISTANT = "Continue.";

type Report = (loss: Loss) => void;

/** Gives a conversation a beginning and an end that the target accepts. Says nothing of its own where that is not needed. */
export function settleEnds(conversation: ArrangedConversation, rules: ConversationRules, report: Report): ArrangedConversation {
  const { system, turns } = withoutLeadingSystem(conversation);
  if (turns.length === 0) return { system: rules.systemOnly === "allow" ? system : [], turns: systemAlone(system, rules, report) };
  return { system, turns: settleLast(settleFirst(turns, rules, report), rules, report) };
}

/** Turns before a system turn may have turned out empty; then it is no longer in the middle. */
function withoutLeadingSystem({ system, turns }: ArrangedConversation): ArrangedConversation {
  const count = turns.findIndex((turn) => turn.role !== "system" || !turn.parts.every(isText));
  const leading = turns.slice(0, count < 0 ? turns.length : count);
  if (leading.length === 0) return { system, turns };
  const nextMessage = Math.max(-1, ...system.map((block) => block.message)) + 1;
  return { system: [...system, ...leading.flatMap((turn, index) => toBlocks(turn, nextMessage + index))], turns: turns.slice(leading.length) };
}

function systemAlone(system: readonly SystemBlock[], rules: ConversationRules, report: Report): Turn[] {
  const [first] = system;
  if (first === undefined) throw invalidRequest("", "the conversation has no content");
  if (rules.systemOnly === "allow") return [];
  report({ code: "system-only", path: first.path ?? "", action: "moved", detail: "the instructions are the user's turn" });
  return [{ role: "user", parts: system.map(({ origin: _origin, message: _message, ...text }) => text) }];
}

function settleFirst(turns: readonly Turn[], rules: ConversationRules, report: Report): readonly Turn[] {
  const index = turns.findIndex((turn) => turn.role !== "system");
  const first = turns[index];
  if (!rules.userFirst || first?.role !== "assistant") return turns;
  report({ code: "assistant-first", path: pathOf(first), action: "synthesised", detail: `a user turn before it: ${USER_BEFORE_ASSISTANT}` });
  return turns.toSpliced(index, 0, says(USER_BEFORE_ASSISTANT));
}

function settleLast(turns: readonly Turn[], rules: ConversationRules, report: Report): readonly Turn[] {
  const last = turns.at(-1);
  if (last?.role !== "assistant") return turns;
  if (rules.assistantLast === "continue") {
    report({ code: "assistant-last", path: pathOf(last), action: "synthesised", detail: `a user turn after it: ${USER_AFTER_ASSISTANT}` });
    return [...turns, says(USER_AFTER_ASSISTANT)];
  }
  return rules.dropBlankText ? [...turns.slice(0, -1), withoutTrailingSpace(last, report)] : turns;
}

/** A target that refuses blank text refuses white space at the end of what the model shall continue, too (seen in the field). */
function withoutTrailingSpace(turn: Turn, report: Report): Turn {
  const last = turn.parts.at(-1);
  if (last?.kind !== "text" || last.text === last.text.trimEnd()) return turn;
  report({ code: "trailing-space", path: last.path ?? "", action: "repaired" });
  return { ...turn, parts: [...turn.parts.slice(0, -1), { ...last, text: last.text.trimEnd() }] };
}

function says(text: string): Turn {
  return { role: "user", parts: [{ kind: "text", text }] };
}
