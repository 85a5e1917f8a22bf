import { parseArguments, type Json, type JsonObject, type Part, type Seal, type ToolCallPart, type ToolResultPart } from "../../canonical/index.ts";
import type { Turn } from "../../conversation/index.ts";
import type { Exchange } from "../../exchange.ts";
import { encodeMedia } from "./encode-media.ts";
import { argumentNames } from "./tool-shapes.ts";
import { present } from "../../wire/present.ts";
import { asJson, VENDOR, type WireContent, type WirePart } from "./wire.ts";

/** Writes arranged turns as contents: user and model, never empty, results in the order of their calls. */
export function encodeTurns(turns: readonly Turn[], exchange: Exchange): readonly WireContent[] {
  const names = new Map<string, string>();
  const contents: WireContent[] = [];
  for (const turn of turns) {
    for (const part of turn.parts) if (part.kind === "tool-call") names.set(part.callId, wireName(part, exchange));
    const parts = turn.role === "assistant" ? encodeModelParts(turn.parts, exchange) : encodeUserParts(turn.parts, names, exchange);
    if (parts.length === 0) continue;
    const role = turn.role === "assistant" ? "model" : "user";
    const last = contents.at(-1);
    // A turn that vanished may leave two of one role side by side.
    if (last?.role === role) contents[contents.length - 1] = { role, parts: [...last.parts, ...parts] };
    else contents.push({ role, parts });
  }
  return contents;
}

function wireName(part: ToolCallPart, exchange: Exchange): string {
  return exchange.names.toWire(part.name, part.namespace);
}

/** Signatures stay on the part that carried them. */
export function encodeModelParts(parts: readonly Part[], exchange: Exchange): readonly WirePart[] {
  return parts.flatMap((part) => encodeModelPart(part, "seal" in part && part.seal?.vendor === VENDOR ? part.seal : undefined, exchange));
}

function encodeModelPart(part: Part, seal: Seal | undefined, exchange: Exchange): readonly WirePart[] {
  switch (part.kind) {
    case "text":
      if (seal?.bindsTo === "previous") return [{ text: part.text }, { text: "", thoughtSignature: seal.value }];
      return [present<WirePart>({ text: part.text, thoughtSignature: seal?.value })];
    case "reasoning":
      if (seal === undefined) return [];
      return [part.text === "" ? { text: "", thoughtSignature: seal.value } : { text: part.text, thought: true, thoughtSignature: seal.value }];
    case "tool-call":
      return [encodeCall(part, seal, exchange)];
    default:
      return encodePlainPart(part, exchange);
  }
}

function encodeCall(part: ToolCallPart, seal: Seal | undefined, exchange: Exchange): WirePart {
  const args = callArguments(part, exchange);
  const functionCall = present({ id: wireId(part.callId, exchange), name: wireName(part, exchange), args });
  return present<WirePart>({ functionCall, thoughtSignature: seal?.value });
}

/** Compatible servers of older make refuse ids; order and names pair calls and results there. */
function wireId(callId: string, exchange: Exchange): string | undefined {
  return exchange.capabilities.firstParty === false ? undefined : exchange.callIds.toWire(callId);
}

function callArguments(part: ToolCallPart, exchange: Exchange): JsonObject {
  if (part.variant === "custom") return { input: part.argumentsText };
  const args = part.arguments ?? parseArguments(part.argumentsText) ?? nestedArguments(part.argumentsText);
  if (args === undefined) {
    exchange.report({ code: "invalid-arguments", path: part.path ?? "", action: "converted", detail: "the arguments are no JSON object; they went as text under _raw" });
    return { _raw: part.argumentsText };
  }
  return argumentNames(exchange, part.name, part.namespace)?.toWire(args) ?? args;
}

/** Some models write the object as a JSON string. */
function nestedArguments(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? parseArguments(value) : undefined;
  } catch {
    return undefined;
  }
}

function encodeUserParts(parts: readonly Part[], names: ReadonlyMap<string, string>, exchange: Exchange): readonly WirePart[] {
  const results: WirePart[] = [];
  const attachments: WirePart[] = [];
  const others: WirePart[] = [];
  for (const part of parts) {
    if (part.kind !== "tool-result") others.push(...encodePlainPart(part, exchange));
    else {
      const media = part.content.flatMap((inner) => (isMedia(inner) ? [encodeMedia(inner, exchange)] : []));
      const inside = exchange.capabilities.functionResponseParts !== false;
      results.push(encodeResult(part, resultName(part, names, exchange), inside ? media : [], exchange));
      if (!inside) attachments.push(...media);
    }
  }
  return [...results, ...attachments, ...others];
}

/** Never empty: the call's name, what came with the result, what was remembered, at last the id. */
function resultName(part: ToolResultPart, names: ReadonlyMap<string, string>, exchange: Exchange): string {
  return names.get(part.callId) ?? exchange.names.toWire(part.name ?? exchange.sealer.recall(part.callId)?.name ?? part.callId);
}

 
function encodeResult(part: ToolResultPart, name: string, media: readonly WirePart[], exchange: Exchange): WirePart {
  // A text inside `parts` is refused: documents of plain text belong to the output.
  const files = media.filter((wire) => wire.text === undefined);
  const output = [resultText(part), ...media.map((wire) => wire.text ?? "")].filter((text) => text !== "").join("\n");
  const response = part.object ?? { [part.isError === true ? "error" : "output"]: output };
  return { functionResponse: present({ id: wireId(part.callId, exchange), name, response, ...(files.length > 0 && { parts: files }) }) };
}

function resultText(part: ToolResultPart): string {
  return part.content.flatMap((inner) => (inner.kind === "text" ? [inner.text] : [])).join("\n");
}

function isMedia(part: Part): part is Extract<Part, { kind: "image" | "audio" | "video" | "file" }> {
  return part.kind === "image" || part.kind === "audio" || part.kind === "video" || part.kind === "file";
}

/** A part that neither calls nor answers a call. */
export function encodePlainPart(part: Part, exchange: Exchange): readonly WirePart[] {
  if (isMedia(part)) return [encodeMedia(part, exchange)];
  return part.kind === "text" ? [{ text: part.text }] : [];
}

export function contentsJson(contents: readonly WireContent[]): readonly Json[] {
  return contents.map(asJson);
}
