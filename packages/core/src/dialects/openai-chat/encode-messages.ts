import type { GenerateRequest, Json, JsonObject, MutableJsonObject, Part, TextPart, ToolCallPart, ToolResultPart } from "../../canonical/index.ts";
import { arrangeConversation, type ArrangedConversation, type SystemBlock, type Turn } from "../../conversation/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { rememberedReasoning } from "./call-memory.ts";
import { CacheMarks } from "./cache-marks.ts";
import { encodeTexts, encodeUserContent, encodeUserPart, isBareText } from "./encode-parts.ts";
import { CHAT } from "./identity.ts";
import { customAsFunction, wrapInput } from "./tool-shapes.ts";
import type { ChatMessage } from "./wire.ts";

/** Writes the conversation the way OpenAI wants it: each call followed at once by its `tool` message. */
export function encodeMessages(request: GenerateRequest, exchange: Exchange): ChatMessage[] {
  const conversation = arrangeConversation(request, exchange, {
    midSystem: exchange.capabilities.singleSystem === true ? "reminder" : "inplace",
    dropBlankText: false,
    userFirst: false,
    assistantLast: "allow",
    callsLast: true,
    systemOnly: "allow",
    mediaInSystem: false,
    adapt: (part) => adaptPart(part, exchange),
  });
  const writer = new MessageWriter(conversation, exchange);
  return [...writer.system(conversation.system), ...conversation.turns.flatMap((turn, index) => writer.turn(turn, index))];
}

/** One message that has no wire of its own, among others that have. */
export function encodeLoneTurn(turn: Turn, exchange: Exchange): ChatMessage[] {
  return new MessageWriter({ system: [], turns: [turn] }, exchange).turn(turn, 0);
}

/** What this dialect has no word for: server tools' traces, digests, other dialects' own things. */
function adaptPart(part: Part, exchange: Exchange): readonly Part[] | undefined {
  const path = part.path ?? "messages";
  switch (part.kind) {
    case "server-tool-call":
    case "server-tool-result":
      exchange.report({ code: "server-tool-history", path, action: "dropped", detail: part.family });
      return [];
    case "compaction":
      if (part.text === undefined) throw new GatewayError("compaction_not_portable", { path, source: "client" });
      return [{ kind: "text", text: `<conversation-summary>\n${part.text}\n</conversation-summary>`, path }];
    case "opaque":
      if (part.dialect === CHAT) return undefined;
      exchange.report({ code: "unsupported-part", path, action: part.fallbackText === undefined ? "dropped" : "converted", detail: part.type });
      return part.fallbackText === undefined ? [] : [{ kind: "text", text: part.fallbackText, path }];
    default:
      return undefined;
  }
}

/** Texts that say themselves that something went wrong. */
const LOOKS_LIKE_ERROR = /^\W{0,3}(error|exception|traceback|fail|fatal)/i;

class MessageWriter {
  readonly #exchange: Exchange;
  readonly #marks: CacheMarks;
  /** Index of the last turn in which the user said something of their own; the open tool loop comes after it. */
  readonly #lastUserText: number;

  constructor(conversation: ArrangedConversation, exchange: Exchange) {
    this.#exchange = exchange;
    this.#marks = new CacheMarks(conversation, exchange);
    this.#lastUserText = conversation.turns.findLastIndex(({ role, parts }) => role === "user" && parts.some(({ kind }) => kind !== "tool-result"));
  }

  /** One message for each that the caller sent, or a single one where the server takes no more. */
  system(blocks: readonly SystemBlock[]): ChatMessage[] {
    const groups = new Map<number, SystemBlock[]>();
    for (const block of blocks) {
      const group = this.#exchange.capabilities.singleSystem === true ? 0 : block.message;
      groups.set(group, [...(groups.get(group) ?? []), block]);
    }
    return [...groups.values()].map((group) => this.#systemMessage(group, group[0]?.origin));
  }

  turn(turn: Turn, index: number): ChatMessage[] {
    if (typeof turn.phase === "string") this.#exchange.report({ code: "message-phase", path: turn.parts[0]?.path ?? "messages", action: "dropped", detail: turn.phase });
    switch (turn.role) {
      case "system":
        return [this.#systemMessage(turn.parts.filter((part) => part.kind === "text"), turn.origin)];
      case "user":
        return this.#userTurn(turn);
      case "assistant":
        return [this.#assistantMessage(turn, index)];
    }
  }

  #systemMessage(parts: readonly TextPart[], origin: Turn["origin"]): ChatMessage {
    const { developerRole, firstParty, singleSystem } = this.#exchange.capabilities;
    const role = developerRole ?? (origin === "developer" && firstParty === true) ? "developer" : "system";
    const content = singleSystem === true ? parts.map(({ text }) => text).join("\n\n") : encodeTexts(parts, this.#exchange, { marks: this.#marks, separator: "\n\n" });
    return { role, content };
  }

  /** Results first, each in a message of its own; then what the user said, after the images that results held. */
  #userTurn(turn: Turn): ChatMessage[] {
    const messages: ChatMessage[] = [];
    const attachments: JsonObject[] = [];
    const spoken: Part[] = [];
    for (const part of turn.parts) {
      if (part.kind === "tool-result") messages.push(this.#toolMessage(part, attachments));
      else spoken.push(part);
    }
    if (attachments.length === 0 && spoken.length === 0) return messages;
    const content = spoken.length === 0 ? [] : encodeUserContent(spoken, this.#exchange, this.#marks);
    const name = turn.name === undefined ? {} : { name: turn.name };
    if (attachments.length === 0) return [...messages, { role: "user", content, ...name }];
    const said = typeof content === "string" ? [{ type: "text", text: content }] : (content as readonly JsonObject[]);
    return [...messages, { role: "user", content: [...attachments, ...said], ...name }];
  }

  #toolMessage(result: ToolResultPart, attachments: JsonObject[]): ChatMessage {
    const tool_call_id = this.#exchange.callIds.toWire(result.callId);
    if (this.#exchange.capabilities.toolImages === true && result.content.some(({ kind }) => kind === "image")) {
      return { role: "tool", tool_call_id, content: encodeUserContent(result.content, this.#exchange, this.#marks) };
    }
    const texts: TextPart[] = [];
    const media: JsonObject[] = [];
    for (const part of result.content) {
      if (part.kind === "text") {
        texts.push(part);
        continue;
      }
      const encoded = encodeUserPart(part, this.#exchange);
      if (encoded.length > 0) texts.push({ kind: "text", text: `[${part.kind} attached below]` });
      media.push(...encoded);
    }
    if (media.length > 0) {
      attachments.push({ type: "text", text: `Attachments of tool call ${tool_call_id}:` }, ...media);
      this.#exchange.report({ code: "tool-result-media", path: result.path ?? "messages", action: "moved", detail: "into the user message after the results" });
    }
    return { role: "tool", tool_call_id, content: encodeTexts(this.#withError(texts, result), this.#exchange, { marks: this.#marks, separator: "\n" }) };
  }

  /** The wire has no word for a failed call; without one a failure looks like a success. */
  #withError(texts: readonly TextPart[], result: ToolResultPart): readonly TextPart[] {
    const marked = result.cache === undefined ? texts : texts.map((text, index) => (index === texts.length - 1 ? { ...text, cache: text.cache ?? result.cache } : text));
    const first = marked[0] ?? { kind: "text", text: "" };
    if (result.isError !== true || LOOKS_LIKE_ERROR.test(first.text)) return marked;
    this.#exchange.report({ code: "tool-result-error", path: result.path ?? "messages", action: "converted", detail: "is_error → `Error: ` before the text" });
    return [{ ...first, text: `Error: ${first.text}` }, ...marked.slice(1)];
  }

  #assistantMessage(turn: Turn, index: number): ChatMessage {
    const message: MutableJsonObject & { role: string } = { role: "assistant" };
    const calls = turn.parts.filter((part) => part.kind === "tool-call");
    const said = this.#spokenTexts(turn.parts.filter((part) => part.kind === "text"));
    message.content = said !== undefined ? said : calls.length === 0 || this.#exchange.capabilities.nullContentOk === false ? "" : null;
    const refusal = turn.parts.filter((part) => part.kind === "refusal").map((part) => part.text).join("");
    if (refusal !== "") message.refusal = refusal;
    this.#writeReasoning(message, turn, calls.length > 0 && index > this.#lastUserText);
    if (calls.length > 0) message.tool_calls = calls.map((call) => this.#encodeCall(call));
    this.#writeRest(message, turn);
    if (turn.name !== undefined) message.name = turn.name;
    return message;
  }

  /** One string, unless a part of it is marked. */
  #spokenTexts(texts: readonly TextPart[]): Json | undefined {
    const parts = texts.map((part): JsonObject => ({ type: "text", text: part.text, ...this.#marks.members(part.cache) }));
    return parts.every(isBareText) ? joinTexts(texts) : parts;
  }

  #encodeCall(call: ToolCallPart): JsonObject {
    const id = this.#exchange.callIds.toWire(call.callId);
    const name = this.#exchange.names.toWire(call.name, call.namespace);
    if (call.variant === "function") return { id, type: "function", function: { name, arguments: call.argumentsText === "" ? "{}" : call.argumentsText } };
    if (customAsFunction(this.#exchange)) return { id, type: "function", function: { name, arguments: wrapInput(call.argumentsText) } };
    return { id, type: "custom", custom: { name, input: call.argumentsText } };
  }

  /** Some servers want the thoughts of an open tool loop back as text; OpenAI has no field for them. */
  #writeReasoning(message: MutableJsonObject, turn: Turn, inToolLoop: boolean): void {
    const { reasoningReplay, reasoningField = "reasoning_content", emptyReasoningOk } = this.#exchange.capabilities;
    const parts = turn.parts.filter((part) => part.kind === "reasoning");
    const wanted = reasoningField !== "none" && ((reasoningReplay === "required" && inToolLoop) || (reasoningReplay === "allowed" && parts.length > 0));
    if (!wanted) {
      for (const part of parts) this.#exchange.report({ code: "reasoning-history", path: part.path ?? "messages", action: "dropped", detail: "the upstream takes no reasoning back" });
      return;
    }
    const text = parts.map((part) => part.text).filter((part) => part !== "").join("\n\n") || rememberedReasoning(turn.parts, this.#exchange.sealer);
    if (text !== "" || (emptyReasoningOk === true && reasoningReplay === "required")) message[reasoningField] = text;
    if (parts.some(({ seal }) => seal !== undefined)) this.#exchange.report({ code: "reasoning-seal", path: parts[0]?.path ?? "messages", action: "dropped", detail: "only its text goes upstream" });
  }

  #writeRest(message: MutableJsonObject, turn: Turn): void {
    for (const part of turn.parts) {
      if (part.kind === "audio" && part.id !== undefined) message.audio = { id: part.id };
      else if (part.kind === "image" || part.kind === "audio" || part.kind === "file" || part.kind === "video") {
        this.#exchange.report({ code: "unsupported-part", path: part.path ?? "messages", action: "dropped", detail: `${part.kind} in an assistant's message` });
      }
    }
  }
}

/** Texts of one message belong together as they are; those of several messages are kept apart by a blank line. */
function joinTexts(parts: readonly TextPart[]): string | undefined {
  let text: string | undefined;
  let source: string | undefined;
  for (const part of parts) {
    const from = part.path?.slice(0, part.path.indexOf("]"));
    text = text === undefined ? part.text : `${text}${from === source ? "" : "\n\n"}${part.text}`;
    source = from;
  }
  return text;
}
