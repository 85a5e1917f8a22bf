import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";

/** Items of the assistant that the vendor looks up by their id when they have one. */
const NAMED_BY_ID = new Set(["message", "reasoning", "function_call", "custom_tool_call"]);

/**
 * A body without the reasoning whose `encrypted_content` is doomed; the same object when there is none. The ids of what
 * the reasoning led to go with it: by them the API would miss it (seen in the field).
 */
export function withoutSeals(body: JsonObject, doomed: (value: string) => boolean): JsonObject {
  const { input } = body;
  if (!Array.isArray(input)) return body;
  const items = withoutReasoning(input as readonly Json[], ({ encrypted_content: value }) => typeof value === "string" && doomed(value));
  return items.length === input.length ? body : { ...body, input: items };
}

/** The items without the reasoning that a test condemns, and without the ids of what it led to. */
export function withoutReasoning(items: readonly Json[], condemned: (item: JsonObject) => boolean): readonly Json[] {
  let stripping = false;
  return items.flatMap((item): readonly Json[] => {
    if (!isJsonObject(item)) return [item];
    if (item.type === "reasoning") {
      stripping = condemned(item);
      return stripping ? [] : [item];
    }
    if (!NAMED_BY_ID.has(typeOf(item)) || item.role === "user") stripping = false;
    return [stripping ? withoutId(item) : item];
  });
}

/** The item without the id by which its vendor would look it up. */
export function withoutId(item: JsonObject): JsonObject {
  if (item.id === undefined || !NAMED_BY_ID.has(typeOf(item))) return item;
  const { id: _id, ...rest } = item;
  return rest;
}

function typeOf(item: JsonObject): string {
  return typeof item.type === "string" ? item.type : "message";
}
