import { parseArguments, type JsonObject, type Part, type Seal, type ToolCallPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { decodeBlock, type BlockContext } from "./decode-blocks.ts";
import { propertyNames } from "./property-names.ts";
import { isResultCall } from "./result-tool.ts";
import { DIALECT_ID, VENDOR } from "./wire.ts";

/** Blocks of an upstream's answer: every seal is the vendor's own, every name and id is mapped back to the caller's. */
export function replyContext(exchange: Exchange, model: string): BlockContext {
  return {
    openSeal: (value, form) => (value === "" ? undefined : replySeal(value, form, model)),
    callId: (wireId) => exchange.callIds.fromWire(wireId),
    toolName: (wireName) => exchange.names.fromWire(wireName),
  };
}

export function replySeal(value: string, form: Seal["form"], model: string): Seal {
  return { vendor: VENDOR, form, value, ...(model !== "" && { model }), bindsTo: "self" };
}

export function decodeReplyBlock(block: JsonObject, context: BlockContext, exchange: Exchange): Part {
  const part = decodeBlock(block, "", context);
  if (part.kind !== "tool-call") return part;
  if (isResultCall(part.name, exchange)) return { kind: "text", text: part.argumentsText };
  return asDeclared(part, exchange);
}

/** A call as the caller declared the tool: free text taken out of its object, arguments under their own names. */
export function asDeclared(call: ToolCallPart, exchange: Exchange): ToolCallPart {
  if (isCustomTool(call, exchange)) {
    const { arguments: _arguments, wire: _wire, ...rest } = call;
    return { ...rest, variant: "custom", argumentsText: customInput(call.argumentsText) };
  }
  const renamed = exchange.request.dialect === DIALECT_ID ? undefined : propertyNames(exchange, call.name, call.namespace);
  if (renamed === undefined || call.arguments === undefined) return call;
  const original = renamed.fromWire(call.arguments);
  return { ...call, arguments: original, argumentsText: JSON.stringify(original) };
}

export function isCustomTool(call: Pick<ToolCallPart, "name" | "namespace">, exchange: Exchange): boolean {
  return exchange.request.tools.some((tool) => tool.kind === "custom" && tool.name === call.name && tool.namespace === call.namespace);
}

/** The text that a custom tool shall get; whatever else the model wrote is passed on as it is. */
export function customInput(argumentsText: string): string {
  const input = parseArguments(argumentsText)?.input;
  return typeof input === "string" ? input : argumentsText;
}
