import type { Json, JsonObject } from "../canonical/index.ts";
import { turnIntoHint, withHints, type NodeContext, type SchemaLoss } from "./hints.ts";
import type { Rewrite } from "./rewrites.ts";
import { inOrder, mapMembers, mapSubschemas, propertiesOf, requiredOf, without } from "./walk.ts";

/** What becomes of a keyword: kept, said in the description, dropped with a loss, or dropped because it constrains nothing. */
export type Fate = "keep" | "hint" | "drop" | "forget";

/** A target's taste in schemas. */
export interface Taste {
  /** Done in this order, before the keywords are looked at. */
  readonly rewrites: readonly Rewrite[];
  /** Keywords that are not in the table are dropped; those that stay are written in its order. */
  readonly keywords: ReadonlyMap<string, Fate>;
  /** Done last, when the schemas inside are clean. */
  readonly finish?: (schema: JsonObject) => JsonObject;
}

/** Table of fates from lists of words. */
export function fates(words: Partial<Record<Fate, string>>): ReadonlyMap<string, Fate> {
  return new Map((Object.entries(words) as [Fate, string][]).flatMap(([fate, list]) => list.split(" ").map((word) => [word, fate] as const)));
}

/** Cleans a schema and every schema inside it. */
export function cleanTree(schema: JsonObject, taste: Taste, { path, onLoss }: { readonly path: string; readonly onLoss: SchemaLoss }): JsonObject {
  const context: NodeContext = { path, hints: [], onLoss };
  const rewritten = taste.rewrites.reduce((node, rewrite) => rewrite(node, context), schema);
  const kept = applyFates(rewritten, taste.keywords, context);
  const cleaned = mapSubschemas(kept, path, (child, at) => cleanTree(child, taste, { path: at, onLoss }));
  const described = dropUnknownNames(withHints(cleaned, context.hints));
  return inOrder(taste.finish ? taste.finish(described) : described, taste.keywords.keys());
}

export function applyFates(schema: JsonObject, table: ReadonlyMap<string, Fate>, context: NodeContext): JsonObject {
  return mapMembers(schema, (value, keyword) => {
    const fate = fateOf(keyword, value, table);
    if (fate === "keep") return value;
    if (fate === "hint") turnIntoHint(context, keyword, value);
    if (fate === "drop") context.onLoss(keyword, context.path);
    return undefined;
  });
}

function fateOf(keyword: string, value: Json, table: ReadonlyMap<string, Fate>): Fate {
  const fate = table.get(keyword) ?? (keyword.startsWith("x-") ? "forget" : "drop");
  return fate === "hint" && keyword === "uniqueItems" && value === false ? "forget" : fate;
}

/** After removals: names of properties that are not there any more. */
export function dropUnknownNames(schema: JsonObject): JsonObject {
  const properties = propertiesOf(schema);
  return ["required", "propertyOrdering"].reduce((node, keyword) => {
    if (node[keyword] === undefined) return node;
    const names = requiredOf({ required: node[keyword] }).filter((name) => Object.hasOwn(properties, name));
    return names.length > 0 ? { ...node, [keyword]: names } : without(node, keyword);
  }, schema);
}
