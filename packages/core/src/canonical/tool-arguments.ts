import { isJsonObject, type JsonObject } from "./json.ts";
import { parseJson } from "./parse-json.ts";

/** Parses a tool call's argument text; `undefined` when it is not a JSON object. No text at all is an empty object. */
export function parseArguments(text: string): JsonObject | undefined {
  if (text.trim() === "") return {};
  try {
    const value: unknown = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the text is a whole JSON value, so that a streamed call that stands at this point may be finished. */
export function isWholeJson(text: string): boolean {
  const last = text.trimEnd().at(-1);
  if (last !== "}" && last !== "]" && last !== '"') return false;
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}
