import { isJsonObject, parseArguments, type CustomTool, type FunctionTool, type Json, type JsonObject, type ToolCallPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { cleanStrict, stripForcedNulls } from "../../schema/index.ts";
import { CHAT } from "./identity.ts";

/** Servers other than OpenAI's know function tools only, unless somebody said otherwise. */
export function customAsFunction(exchange: Exchange): boolean {
  return !(exchange.capabilities.customTools ?? exchange.capabilities.firstParty !== false);
}

/** Custom tools take free text; as a function they take it in this one argument. */
const INPUT_SCHEMA: JsonObject = { type: "object", properties: { input: { type: "string" } }, required: ["input"] };

export function customToolAsFunction(tool: CustomTool): { readonly description: string; readonly parameters: JsonObject } {
  const grammar = tool.grammar === undefined ? "" : `\n\nThe input must follow this ${tool.grammar.syntax} grammar:\n${tool.grammar.definition}`;
  return { description: `${tool.description ?? ""}${grammar}`.trim(), parameters: INPUT_SCHEMA };
}

export function wrapInput(input: string): string {
  return JSON.stringify({ input });
}

/** The free text of a wrapped call; text that is not wrapped is the input itself. */
export function unwrapInput(text: string): string {
  const input = parseArguments(text)?.input;
  return typeof input === "string" ? input : text;
}

/** How a call that the upstream made is told to the caller. */
export interface CallShape {
  readonly name: string;
  readonly namespace?: string;
  readonly variant: ToolCallPart["variant"];
  /** Needs the whole argument text, so the call cannot be streamed on piece by piece. */
  readonly rewrite?: (text: string) => string;
}

/** Reads the upstream's tool names back, and undoes what declaring the tools did to their arguments. */
export function createCallShapes(exchange: Exchange): (wireName: string, custom: boolean) => CallShape {
  const known = new Map<string, CallShape>();
  return (wireName, custom) => {
    const key = custom ? `custom ${wireName}` : wireName;
    let shape = known.get(key);
    if (shape === undefined) {
      shape = shapeOf(wireName, custom, exchange);
      known.set(key, shape);
    }
    return shape;
  };
}

function shapeOf(wireName: string, custom: boolean, exchange: Exchange): CallShape {
  const named = exchange.names.fromWire(wireName);
  const tool = exchange.request.tools.find((tool) => tool.kind !== "server" && tool.name === named.name && tool.namespace === named.namespace);
  if (custom) return { ...named, variant: "custom" };
  if (tool?.kind === "custom") return { ...named, variant: "custom", rewrite: unwrapInput };
  if (tool?.kind === "function" && hasForcedNulls(tool, exchange)) return { ...named, variant: "function", rewrite: (text) => withoutForcedNulls(text, tool) };
  return { ...named, variant: "function" };
}

/** Strict tools must list every property, so what was optional comes back as null. */
function hasForcedNulls(tool: FunctionTool, exchange: Exchange): boolean {
  if (tool.strict !== true || exchange.request.dialect === CHAT || exchange.capabilities.strictTools === false) return false;
  return hasOptional(tool.schema) && cleanStrict(tool.schema, { plain: exchange.capabilities.strictPlain === true }, () => undefined).strict;
}

function hasOptional(schema: Json | undefined): boolean {
  if (Array.isArray(schema)) return (schema as readonly Json[]).some(hasOptional);
  if (!isJsonObject(schema)) return false;
  const required = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
  if (isJsonObject(schema.properties) && Object.keys(schema.properties).some((name) => !required.includes(name))) return true;
  return Object.values(schema).some(hasOptional);
}

function withoutForcedNulls(text: string, tool: FunctionTool): string {
  const parsed = parseArguments(text);
  return parsed === undefined ? text : JSON.stringify(stripForcedNulls(parsed, tool.schema));
}
