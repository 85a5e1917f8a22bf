import type { Loss, Message, Part, TextPart } from "../canonical/index.ts";
import { GatewayError } from "../errors/index.ts";
import type { Exchange } from "../exchange.ts";
import type { ArrangedConversation, ConversationRules, SystemBlock, Turn } from "./arrange.ts";
import { isBlank, pathOf } from "./merge-turns.ts";

/**
 * A coding client reports its build to its own vendor in a system block that starts so and changes with every
 * request: elsewhere it is noise that breaks prompt caches (seen with Claude Code, 2026).
 */
const CLIENT_REPORT_PREFIX = "x-anthropic-billing-header:";

/** Takes the instructions before the first turn out, and gives later ones the place that the target has for them. */
export function placeSystem(messages: readonly Message[], exchange: Exchange, rules: ConversationRules): ArrangedConversation {
  const system: SystemBlock[] = [];
  const turns: Turn[] = [];
  let leading = true;
  messages.forEach((message, index) => {
    if (message.role !== "system") {
      leading = false;
      turns.push(toTurn(message, message.parts));
      return;
    }
    const turn = toTurn(message, instructionParts(message, exchange, rules));
    if (turn.parts.length === 0) return;
    const hoisted = !leading && exchange.policy.systemPlacement === "hoist";
    if ((leading || hoisted) && turn.parts.every(isText)) {
      system.push(...toBlocks(turn, index));
      if (hoisted) exchange.report({ code: "system-hoisted", path: pathOf(turn), action: "moved", detail: "before the conversation" });
    } else {
      turns.push(leading || rules.midSystem === "inplace" ? turn : toReminder(turn, exchange.report.bind(exchange)));
    }
  });
  return { system, turns };
}

/** Text blocks of one system turn; `message` is what they share. */
export function toBlocks(turn: Turn, message: number): SystemBlock[] {
  return turn.parts.filter(isText).map((part) => ({ ...part, origin: turn.origin ?? "system", message }));
}

export function isText(part: Part): part is TextPart {
  return part.kind === "text";
}

function toTurn(message: Message, parts: readonly Part[]): Turn {
  return {
    role: message.role,
    parts,
    ...(message.role === "system" && { origin: message.origin ?? "system" }),
    ...(message.name !== undefined && { name: message.name }),
    ...(message.phase !== undefined && { phase: message.phase }),
  };
}

/** To drop an operator's instruction in silence would be worse than to refuse the request. */
function instructionParts(message: Message, exchange: Exchange, rules: ConversationRules): Part[] {
  return message.parts.flatMap((part): Part[] => {
    const path = part.path ?? message.path ?? "";
    if (isText(part)) {
      if (!part.text.startsWith(CLIENT_REPORT_PREFIX)) return isBlank(part) ? [] : [part];
      exchange.report({ code: "client-report", path, action: "dropped", detail: "a client's message to its own vendor" });
      return [];
    }
    if (rules.mediaInSystem) return [part];
    if (part.kind === "opaque" && part.fallbackText !== undefined) {
      exchange.report({ code: "unsupported-part", path, action: "converted", detail: `${part.type} as text` });
      return [{ kind: "text", text: part.fallbackText, path }];
    }
    throw new GatewayError("unsupported_parameter", { message: `${path}: instructions can only be text here, not ${part.kind}`, path, source: "client" });
  });
}

/** The tag is the one that models of several vendors know from coding clients as a word of the system within a user's turn. */
function toReminder(turn: Turn, report: (loss: Loss) => void): Turn {
  report({ code: "system-reminder", path: pathOf(turn), action: "converted", detail: "user text in <system-reminder>" });
  return {
    role: "user",
    parts: turn.parts.map((part) => (isText(part) ? { ...part, text: `<system-reminder>\n${part.text}\n</system-reminder>` } : part)),
  };
}
