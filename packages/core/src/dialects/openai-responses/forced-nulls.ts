import { isJsonObject, parseArguments, type FunctionTool, type Json } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { stripForcedNulls } from "../../schema/index.ts";
import { DIALECT } from "./dialect-id.ts";

/** Whether any object in the schema has members that may be left out. */
function hasOptional(schema: Json | undefined): boolean {
  if (Array.isArray(schema)) return (schema as readonly Json[]).some(hasOptional);
  if (!isJsonObject(schema)) return false;
  if (isJsonObject(schema.properties)) {
    const required = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
    if (Object.keys(schema.properties).some((name) => !required.includes(name))) return true;
  }
  return Object.values(schema).some((value) => typeof value === "object" && hasOptional(value));
}

export type MendArguments = (argumentsText: string) => string;

/**
 * A strict schema has no optional members, so the encoder made them nullable. The caller never asked for the nulls.
 * `undefined` for a tool whose arguments pass as they are and may be streamed.
 */
export function nullStripper(name: string, exchange: Exchange): MendArguments | undefined {
  if (exchange.request.dialect === DIALECT) return undefined;
  const tool = exchange.request.tools.find((candidate): candidate is FunctionTool => candidate.kind === "function" && candidate.name === name);
  if (tool?.strict !== true || !hasOptional(tool.schema)) return undefined;
  return (text) => {
    const args = parseArguments(text);
    return args === undefined ? text : JSON.stringify(stripForcedNulls(args, tool.schema));
  };
}
