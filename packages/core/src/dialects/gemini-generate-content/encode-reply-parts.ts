import { isJsonObject, parseArguments, type JsonObject, type Part, type ReasoningPart, type Seal, type ToolCallPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { wireNodes } from "./join-runs.ts";
import { present } from "../../wire/present.ts";
import { asJson, VENDOR, type WirePart } from "./wire.ts";

/** Whether this client asked to see thoughts; they are hidden otherwise. */
export function showsThoughts(exchange: Exchange): boolean {
  const visibility = exchange.request.reasoning?.visibility;
  return visibility !== undefined && visibility !== "none" && visibility !== "omitted";
}

/** A part of an answer as this client gets it; what Google itself said is repeated word for word. */
export function encodeReplyPart(part: Part, exchange: Exchange): readonly JsonObject[] {
  const nodes = wireNodes(part).filter(isJsonObject);
  if (nodes.length > 0) return part.kind === "tool-call" ? nodes.map((node) => withCallersName(node, part)) : nodes;
  return encodeNewPart(part, exchange).map(asJson);
}

/** The upstream may know the tool by another name, and its arguments too. */
function withCallersName(node: JsonObject, part: ToolCallPart): JsonObject {
  const call = node.functionCall;
  if (!isJsonObject(call)) return node;
  const args = part.arguments ?? call.args;
  return call.name === part.name && JSON.stringify(call.args ?? {}) === part.argumentsText ? node : { ...node, functionCall: { ...call, name: part.name, ...(args !== undefined && { args }) } };
}

function encodeNewPart(part: Part, exchange: Exchange): readonly WirePart[] {
  switch (part.kind) {
    case "text":
      if (part.seal?.bindsTo === "previous") return [{ text: part.text }, sealedBlank(part.seal, exchange)];
      return [present<WirePart>({ text: part.text, thoughtSignature: closeSeal(part.seal, exchange) })];
    case "refusal":
      return [{ text: part.text }];
    case "reasoning":
      if (part.text !== "" && showsThoughts(exchange)) return [present<WirePart>({ text: part.text, thought: true, thoughtSignature: closeSeal(part.seal, exchange) })];
      return part.seal === undefined ? [] : [sealedBlank(part.seal, exchange)];
    case "tool-call":
      return [encodeReplyCall(part, exchange)];
    case "image":
    case "audio":
    case "video":
    case "file":
      return encodeReplyMedia(part, exchange);
    default:
      exchange.report({ code: "unsupported-part", path: `candidates.${part.kind}`, action: "dropped", detail: "family" in part ? part.family : part.kind });
      return [];
  }
}

/** The carrier that Google itself uses: no text, only the signature. */
export function sealedBlank(seal: Seal, exchange: Exchange): WirePart {
  return present<WirePart>({ text: "", thoughtSignature: closeSeal(seal, exchange) });
}

export function closeSeal(seal: Seal | undefined, exchange: Exchange): string | undefined {
  return seal === undefined ? undefined : exchange.sealer.close(seal, VENDOR);
}

export function encodeReplyCall(part: ToolCallPart, exchange: Exchange): WirePart {
  const functionCall = { id: part.callId, name: part.name, args: replyArguments(part, exchange) };
  return present<WirePart>({ functionCall, thoughtSignature: closeSeal(part.seal, exchange) });
}

/** Arguments are an object here; text that is none still reaches the client. */
function replyArguments(part: ToolCallPart, exchange: Exchange): JsonObject {
  if (part.variant === "custom") return { input: part.argumentsText };
  const args = part.arguments ?? parseArguments(part.argumentsText);
  if (args !== undefined) return args;
  exchange.report({ code: "invalid-arguments", path: part.name, action: "converted", detail: "the arguments are no JSON object; they went as text under _raw" });
  return { _raw: part.argumentsText };
}

function encodeReplyMedia(part: Extract<Part, { kind: "image" | "audio" | "video" | "file" }>, exchange: Exchange): readonly WirePart[] {
  const { source } = part;
  switch (source?.type) {
    case "base64":
      return [{ inlineData: { mimeType: source.mimeType, data: source.data } }];
    case "url":
      return [{ fileData: present({ mimeType: source.mimeType, fileUri: source.url }) }];
    case "text":
      return [{ text: source.text }];
    default:
      exchange.report({ code: "unsupported-part", path: `candidates.${part.kind}`, action: "dropped", detail: "kept by its vendor" });
      return [];
  }
}

/** Thoughts and seals that a client may not bring back are remembered under the id of the call that they led to. */
export class SealNotes {
  #thoughts: ReasoningPart[] = [];
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  add(part: Part): void {
    if (part.kind === "reasoning") this.#thoughts.push(withoutWire(part));
    else if (part.kind === "tool-call") this.#remember(part);
  }

  #remember(part: ToolCallPart): void {
    const thoughts = this.#thoughts;
    const reasoningText = thoughts.map(({ text }) => text).join("");
    this.#exchange.sealer.remember(part.callId, {
      seals: [...thoughts.flatMap(({ seal }) => seal ?? []), ...(part.seal === undefined ? [] : [{ ...part.seal, bindKind: "tool-call" as const }])],
      name: part.name,
      ...(reasoningText !== "" && { reasoningText }),
      ...(thoughts.length > 1 && { reasoning: thoughts }),
    });
    this.#thoughts = [];
  }
}

/** The memory outlives the answer: it shall not hold on to its source. */
function withoutWire(part: ReasoningPart): ReasoningPart {
  const { wire: _wire, path: _path, ...rest } = part;
  return rest;
}
