// Items of an answer → canonical parts.
import { isJsonObject, parseArguments, type Json, type JsonObject, type Part, type ToolCallPart, type Wire } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { clientToolOfCall } from "./client-tools.ts";
import { decodeOutputText } from "./content-parts.ts";
import { DIALECT, ownWire, VENDOR } from "./dialect-id.ts";
import { nullStripper } from "./forced-nulls.ts";
import { decodeReasoningItem, nativeSeal } from "./reasoning-item.ts";
import { decodeServerItem } from "./server-items.ts";

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** What a message item says about itself; every part of it carries this, so that the item can be put together again. */
export function messageHead(item: JsonObject): Wire {
  return ownWire({ type: "message", ...(typeof item.id === "string" && { id: item.id }), role: "assistant", ...(item.phase !== undefined && { phase: item.phase }) });
}

export function decodeMessagePart(content: JsonObject, wire: Wire): Part {
  return content.type === "refusal" ? { kind: "refusal", text: text(content.refusal), wire } : { ...decodeOutputText(content), wire };
}

function callName(item: JsonObject, exchange: Exchange): { readonly name: string; readonly namespace?: string } {
  const name = text(item.name);
  if (typeof item.namespace === "string" && item.namespace !== "") return { name, namespace: item.namespace };
  return exchange.request.dialect === DIALECT || name === "" ? { name } : exchange.names.fromWire(name);
}

export function wireCallId(item: JsonObject): string {
  return text(item.call_id) || text(item.id);
}

/** Identity of a call, in the caller's names, without its arguments. */
export function callSkeleton(item: JsonObject, exchange: Exchange): ToolCallPart {
  const id = wireCallId(item);
  return {
    kind: "tool-call",
    callId: id === "" || exchange.request.dialect === DIALECT ? id : exchange.callIds.fromWire(id),
    ...(text(item.id) !== "" && { itemId: text(item.id) }),
    ...callName(item, exchange),
    variant: item.type === "custom_tool_call" ? "custom" : "function",
    argumentsText: "",
    complete: true,
    ...(item.caller !== undefined && item.caller !== null && { caller: item.caller }),
  };
}

export function callText(item: JsonObject): string {
  const value = item.type === "custom_tool_call" ? item.input : item.arguments;
  return typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
}

function decodeCall(item: JsonObject, exchange: Exchange): Part {
  const part = callSkeleton(item, exchange);
  const mend = part.variant === "function" ? nullStripper(part.name, exchange) : undefined;
  const argumentsText = mend === undefined ? callText(item) : mend(callText(item));
  const parsed = part.variant === "function" ? parseArguments(argumentsText) : undefined;
  return { ...part, argumentsText, ...(parsed !== undefined && { arguments: parsed }), complete: item.status !== "incomplete" && (part.variant === "custom" || parsed !== undefined) };
}

function decodeImage(item: JsonObject): readonly Part[] {
  if (text(item.result) === "") return [];
  const mimeType = typeof item.output_format === "string" ? `image/${item.output_format}` : "image/png";
  return [{ kind: "image", source: { type: "base64", mimeType, data: text(item.result) }, wire: ownWire(item) }];
}

function decodeClientCall(item: JsonObject, exchange: Exchange): Part | undefined {
  const tool = clientToolOfCall(text(item.type));
  if (tool === undefined) return undefined;
  const args = tool.argumentsOf(item);
  return { ...callSkeleton(item, exchange), name: tool.name, argumentsText: JSON.stringify(args), arguments: args, wire: ownWire(item) };
}

function decodeOther(item: JsonObject, exchange: Exchange): readonly Part[] {
  const called = decodeClientCall(item, exchange);
  if (called !== undefined) return [called];
  return decodeServerItem(item) ?? [{ kind: "opaque", dialect: DIALECT, type: text(item.type), value: item, wire: ownWire(item) }];
}

type ItemDecoder = (item: JsonObject, exchange: Exchange) => readonly Part[];

const DECODERS: ReadonlyMap<string, ItemDecoder> = new Map(Object.entries<ItemDecoder>({
  message: (item) => {
    const wire = messageHead(item);
    const content = Array.isArray(item.content) ? (item.content as readonly Json[]).filter(isJsonObject) : [];
    return content.map((part) => decodeMessagePart(part, wire)).filter((part) => (part.kind !== "text" && part.kind !== "refusal") || part.text !== "");
  },
  reasoning: (item, exchange) => {
    const part = decodeReasoningItem(item, nativeSeal(item, exchange.upstreamVendor, exchange.upstreamModel));
    return part.text === "" && part.seal === undefined ? [] : [part];
  },
  function_call: (item, exchange) => [decodeCall(item, exchange)],
  custom_tool_call: (item, exchange) => [decodeCall(item, exchange)],
  image_generation_call: decodeImage,
  compaction: (item) => [{ kind: "compaction", vendor: VENDOR, ...(typeof item.id === "string" && { id: item.id }), encrypted: text(item.encrypted_content), wire: ownWire(item) }],
}));

export function decodeOutputItem(item: JsonObject, exchange: Exchange): readonly Part[] {
  const decode = DECODERS.get(text(item.type)) ?? decodeOther;
  return decode(item, exchange);
}

/** Fields with canonical words, or that follow from them. */
const KNOWN = new Set(["id", "object", "model", "created_at", "output", "usage", "service_tier", "status", "error", "incomplete_details"]);

/** The rest of a response object, of use only to a caller of this dialect. */
export function decodeResidue(response: JsonObject, exchange: Exchange): JsonObject | undefined {
  if (exchange.request.dialect !== DIALECT) return undefined;
  const rest = Object.fromEntries(Object.entries(response).filter(([key]) => !KNOWN.has(key)));
  return Object.keys(rest).length === 0 ? undefined : rest;
}
