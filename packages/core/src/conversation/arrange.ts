import type { GenerateRequest, Loss, Part, TextPart } from "../canonical/index.ts";
import { invalidRequest } from "../errors/index.ts";
import type { Exchange } from "../exchange.ts";
import { settleEnds } from "./ends.ts";
import { mergeTurns } from "./merge-turns.ts";
import { pairResults } from "./pair-results.ts";
import { placeSystem } from "./place-system.ts";
import { restoreSeals } from "./restore-seals.ts";
import { tidyTurns } from "./tidy-turns.ts";

/** What a target dialect demands of a conversation; all of it is data, so that one algorithm serves every target. */
export interface ConversationRules {
  /** System messages after the first turn: in place as a message of their own, or as `<system-reminder>` text of the user. */
  readonly midSystem: "inplace" | "reminder";
  /** Text parts that are empty or only white space are refused. */
  readonly dropBlankText: boolean;
  /** The first turn must be the user's. */
  readonly userFirst: boolean;
  /** What to do when the assistant has the last word: allow it, or let the user say `Continue.`. */
  readonly assistantLast: "allow" | "continue";
  /** Tool calls must be the last parts of an assistant turn, reasoning the first. */
  readonly callsLast: boolean;
  /** A conversation of nothing but instructions: allowed, or the instructions become the user's turn. */
  readonly systemOnly: "allow" | "as-user";
  /** Non-text parts in instructions: allowed, or 400 with the part's path. */
  readonly mediaInSystem: boolean;
  /**
   * Which parts this target has no word for; asked for each part of a user or assistant turn, also inside tool
   * results. Return the replacement parts (empty: drop; the function reports its own loss), or throw
   * `unsupported_parameter` with the part's path, or return `undefined` to keep the part.
   */
  readonly adapt?: (part: Part) => readonly Part[] | undefined;
}

/** A run of one role, ready to be written. A user turn holds the results of the calls before it first, in call order. */
export interface Turn {
  readonly role: "system" | "user" | "assistant";
  readonly parts: readonly Part[];
  readonly origin?: "system" | "developer" | "instructions";
  readonly name?: string;
  readonly phase?: string | null;
}

export interface SystemBlock extends TextPart {
  readonly origin: "system" | "developer" | "instructions";
  /** Index of the source message; blocks of one message share it. */
  readonly message: number;
}

export interface ArrangedConversation {
  /** Instructions before the first turn, in order. With `mediaInSystem` the non-text ones stay in a leading system turn. */
  readonly system: readonly SystemBlock[];
  readonly turns: readonly Turn[];
}

/**
 * Brings a decoded conversation into the order that every vendor accepts: roles merged, each call followed by exactly
 * one result in call order, nothing between them, no blank text, legal ends. Call ids and tool names stay the
 * caller's; the encoder maps them while writing. Every repair is reported.
 *
 * Seals are restored before `rules.adapt` is asked, so that it sees which reasoning may go upstream.
 *
 * @throws GatewayError `invalid_request` for a conversation without content and, under a strict policy, for broken
 * pairing of calls and results; `unsupported_parameter` for media in instructions where they cannot be
 */
export function arrangeConversation(request: GenerateRequest, exchange: Exchange, rules: ConversationRules): ArrangedConversation {
  if (request.messages.length === 0) throw invalidRequest("", "the conversation has no messages");
  const report = (loss: Loss): void => exchange.report(loss);
  const { system, turns } = placeSystem(request.messages, exchange, rules);
  const paired = pairResults(mergeTurns(turns, report), exchange);
  const sealed = restoreSeals(paired, exchange);
  return settleEnds({ system, turns: tidyTurns(sealed, rules, report) }, rules, report);
}
