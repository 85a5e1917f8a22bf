import type { Json, JsonObject } from "../canonical/index.ts";

/** Hears of each removed constraint: the keyword, and the path of the schema that had it. */
export type SchemaLoss = (keyword: string, path: string) => void;

/** One schema while it is being cleaned. */
export interface NodeContext {
  readonly path: string;
  readonly hints: string[];
  readonly onLoss: SchemaLoss;
}

/** Characters; a whole schema may become a hint. */
const MAX_HINT_LENGTH = 200;

/** What can no longer be enforced is said to the model instead. */
export function turnIntoHint(context: NodeContext, keyword: string, value: Json): void {
  context.hints.push(hintFor(keyword, value));
  context.onLoss(keyword, context.path);
}

export function withHints(schema: JsonObject, hints: readonly string[]): JsonObject {
  const description = typeof schema["description"] === "string" ? schema["description"] : "";
  const fresh = [...new Set(hints)].filter((hint) => !description.includes(hint));
  if (fresh.length === 0) return schema;
  const hint = fresh.join("; ");
  return { ...schema, description: description === "" ? hint : `${description} (${hint})` };
}

function hintFor(keyword: string, value: Json): string {
  if (keyword === "enum" && Array.isArray(value)) return shorten(`Allowed: ${value.map(spell).join(", ")}`);
  return shorten(`${keyword}: ${spell(value)}`);
}

function spell(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function shorten(hint: string): string {
  return hint.length <= MAX_HINT_LENGTH ? hint : `${hint.slice(0, MAX_HINT_LENGTH)}…`;
}
