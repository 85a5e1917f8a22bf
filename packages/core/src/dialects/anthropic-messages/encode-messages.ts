import type { GenerateRequest, MutableJsonObject, Part, ReasoningPart } from "../../canonical/index.ts";
import { arrangeConversation, type ConversationRules, type SystemBlock, type Turn } from "../../conversation/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { encodeCacheMark, encodePart, reportForeignSeal } from "./encode-blocks.ts";
import { unsupportedMedia } from "./encode-media.ts";
import { DIALECT_ID, VENDOR } from "./wire.ts";

export interface WireConversation {
  readonly system: MutableJsonObject[];
  readonly messages: WireMessage[];
}

export interface WireMessage {
  readonly role: Turn["role"];
  readonly content: MutableJsonObject[];
}

/** A conversation of another dialect, in the order that this one demands. */
export function encodeConversation(request: GenerateRequest, exchange: Exchange): WireConversation {
  const arranged = arrangeConversation(request, exchange, conversationRules(exchange));
  const messages = arranged.turns
    .map((turn): WireMessage => ({ role: turn.role, content: encodeTurn(turn, exchange) }))
    .filter((message) => message.content.length > 0);
  trimLastText(messages);
  return { system: arranged.system.flatMap(encodeSystemBlock), messages };
}

function conversationRules(exchange: Exchange): ConversationRules {
  return {
    midSystem: exchange.capabilities.midSystem === true ? "inplace" : "reminder",
    dropBlankText: true,
    userFirst: true,
    assistantLast: exchange.capabilities.prefill === true ? "allow" : "continue",
    callsLast: true,
    systemOnly: "as-user",
    mediaInSystem: false,
    adapt: (part) => adaptPart(part, exchange),
  };
}

function encodeSystemBlock(block: SystemBlock): MutableJsonObject[] {
  if (block.text.trim() === "") return [];
  return [{ type: "text", text: block.text, ...(block.cache !== undefined && { cache_control: encodeCacheMark(block.cache) }) }];
}

function encodeTurn(turn: Turn, exchange: Exchange): MutableJsonObject[] {
  return turn.parts.map((part) => encodePart(part, exchange)).filter((block) => block !== undefined);
}

/** The API refuses white space at the end of the text that the model shall continue. */
function trimLastText(messages: readonly WireMessage[]): void {
  const last = messages.at(-1);
  const block = last?.role === "assistant" ? last.content.at(-1) : undefined;
  if (block?.type === "text" && typeof block.text === "string") block.text = block.text.trimEnd();
}

/** Parts that this dialect has no word for, before the turns are put in order. */
function adaptPart(part: Part, exchange: Exchange): readonly Part[] | undefined {
  switch (part.kind) {
    case "audio":
    case "video":
      throw unsupportedMedia(part.path, `the model takes no ${part.kind}`);
    case "refusal":
      return [{ kind: "text", text: part.text, ...(part.path !== undefined && { path: part.path }) }];
    case "compaction":
      return adaptCompaction(part);
    case "opaque":
      if (part.dialect === DIALECT_ID) return undefined;
      return part.fallbackText === undefined ? drop(part, exchange) : [{ kind: "text", text: part.fallbackText, ...(part.path !== undefined && { path: part.path }) }];
    case "server-tool-call":
    case "server-tool-result":
      // Its results carry proofs that only the vendor itself can make; the text that came of them stays.
      return part.wire?.dialect === DIALECT_ID ? undefined : drop(part, exchange);
    case "reasoning":
      return part.seal?.vendor === VENDOR || exchange.policy.reasoningAsText ? undefined : dropReasoning(part, exchange);
    default:
      return undefined;
  }
}

function adaptCompaction(part: Extract<Part, { kind: "compaction" }>): readonly Part[] | undefined {
  if (part.vendor === VENDOR) return undefined;
  if (part.text !== undefined) return [{ kind: "text", text: `<conversation-summary>\n${part.text}\n</conversation-summary>` }];
  throw new GatewayError("compaction_not_portable", { source: "client", ...(part.path !== undefined && { path: part.path }) });
}

function drop(part: Part, exchange: Exchange): readonly Part[] {
  exchange.report({ code: "unsupported-part", path: part.path ?? "", action: "dropped", detail: `${part.kind} of another vendor` });
  return [];
}

function dropReasoning(part: ReasoningPart, exchange: Exchange): readonly Part[] {
  reportForeignSeal(part, exchange);
  return [];
}
