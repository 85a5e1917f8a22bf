// What the tests of this room share: short words for conversations, and a short way to look at arranged ones.

import type { GenerateRequest, Loss, Message, Part, ReasoningPart, Seal, TextPart, ToolCallPart, ToolResultPart } from "../canonical/index.ts";
import { DEFAULT_POLICY, type TranslationPolicy } from "../capabilities.ts";
import type { CallMemory, Exchange } from "../exchange.ts";
import { createCallIds, createToolNames, type NameRules } from "../naming/index.ts";
import { createSealer } from "../seals/index.ts";
import { arrangeConversation, type ArrangedConversation, type ConversationRules } from "./arrange.ts";

/** A target that refuses all that any target refuses. */
export const FUSSY: ConversationRules = { midSystem: "reminder", dropBlankText: true, userFirst: true, assistantLast: "continue", callsLast: true, systemOnly: "as-user", mediaInSystem: false };
/** The same with a place for later instructions, and willing to continue what the assistant began. */
export const FUSSY_INPLACE: ConversationRules = { ...FUSSY, midSystem: "inplace", assistantLast: "allow" };
/** A target that takes messages as they come, as long as results follow their calls. */
export const EASY: ConversationRules = { midSystem: "inplace", dropBlankText: false, userFirst: false, assistantLast: "allow", callsLast: true, systemOnly: "allow", mediaInSystem: false };
/** A target of items, which keep their order within a turn. */
export const ITEMS: ConversationRules = { ...EASY, callsLast: false, systemOnly: "as-user", mediaInSystem: true };
export const ALL_RULES: readonly ConversationRules[] = [FUSSY, FUSSY_INPLACE, EASY, ITEMS];

export const NAME_RULES: NameRules = { toolNameChar: /[A-Za-z0-9_-]/, toolNameFirstChar: /[A-Za-z_]/, toolNameMaxLength: 64, callIdChar: /[A-Za-z0-9_-]/, callIdMaxLength: 64 };

export const text = (value: string, path?: string): TextPart => ({ kind: "text", text: value, ...(path !== undefined && { path }) });
export const call = (callId: string, name = "tool", extra: Partial<ToolCallPart> = {}): ToolCallPart => ({ kind: "tool-call", callId, name, variant: "function", argumentsText: "{}", arguments: {}, complete: true, ...extra });
export const result = (callId: string, value = `result of ${callId}`, extra: Partial<ToolResultPart> = {}): ToolResultPart => ({ kind: "tool-result", callId, variant: "function", content: value === "" ? [] : [text(value)], ...extra });
export const seal = (vendor: string, value: string, extra: Partial<Seal> = {}): Seal => ({ vendor, form: "signature", value, bindsTo: "self", ...extra });
export const thought = (value: string, sealed?: Seal): ReasoningPart => ({ kind: "reasoning", text: value, textKind: value === "" ? "none" : "raw", ...(sealed !== undefined && { seal: sealed }) });

export const user = (...parts: readonly (Part | string)[]): Message => ({ role: "user", parts: parts.map(asPart) });
export const assistant = (...parts: readonly (Part | string)[]): Message => ({ role: "assistant", parts: parts.map(asPart) });
export const system = (...parts: readonly (Part | string)[]): Message => ({ role: "system", origin: "system", parts: parts.map(asPart) });
export const developer = (...parts: readonly (Part | string)[]): Message => ({ ...system(...parts), origin: "developer" });

function asPart(part: Part | string): Part {
  return typeof part === "string" ? text(part) : part;
}

export interface Options {
  readonly rules?: ConversationRules;
  readonly policy?: Partial<TranslationPolicy>;
  readonly vendor?: string;
  readonly memories?: Readonly<Record<string, CallMemory>>;
}

export interface Outcome extends ArrangedConversation {
  readonly losses: readonly Loss[];
  readonly exchange: Exchange;
}

export function arrange(messages: readonly Message[], options: Options = {}): Outcome {
  const request: GenerateRequest = { dialect: "a-dialect", model: "m", stream: false, framing: "sse", messages, tools: [], sampling: {}, residue: {} };
  const losses: Loss[] = [];
  const sealer = createSealer({ keys: [new Uint8Array(32).fill(7)], tenant: "t", vendors: [], memory: new Map() });
  for (const [callId, memory] of Object.entries(options.memories ?? {})) sealer.remember(callId, memory);
  const exchange: Exchange = {
    sealer,
    client: {},
    newId: () => {
      throw new Error("arranging must not need chance");
    },
    report: (loss) => void losses.push(loss),
    request,
    upstreamModel: "m",
    replyModel: "m",
    upstreamDialect: "another-dialect",
    upstreamVendor: options.vendor ?? "vendor",
    capabilities: {},
    policy: { ...DEFAULT_POLICY, ...options.policy },
    names: createToolNames([], messages, NAME_RULES),
    callIds: createCallIds(NAME_RULES),
    now: 0,
  };
  return { ...arrangeConversation(request, exchange, options.rules ?? FUSSY), losses, exchange };
}

/** One line a turn: `user: <a=A> text`. Calls are `[a]`, results `<a=A>` (`<a!A>` for errors), thoughts `(…)`, a seal `#value`. */
export function show({ system: blocks, turns }: ArrangedConversation): string[] {
  return [...blocks.map((block) => `${block.origin}! ${block.text}`), ...turns.map((turn) => `${turn.role === "system" ? turn.origin : turn.role}: ${turn.parts.map(showPart).join(" ")}`)];
}

function showPart(part: Part): string {
  switch (part.kind) {
    case "text":
      return part.text + showSeal(part.seal);
    case "reasoning":
      return `(${part.text})${showSeal(part.seal)}`;
    case "tool-call":
      return `[${part.callId}]${showSeal(part.seal)}`;
    case "tool-result":
      return `<${part.callId}${part.isError === true ? "!" : "="}${part.content.map(showPart).join("+")}>`;
    default:
      return `{${part.kind}}`;
  }
}

function showSeal(sealed: Seal | undefined): string {
  return sealed === undefined ? "" : `#${sealed.value}`;
}
