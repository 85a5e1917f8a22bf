import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { branchesOf, mapMembers, memberOf, SCHEMA_MAPS, SCHEMA_SLOTS, without } from "./walk.ts";

/** Hears what the second schema says differently and so is lost. */
export type OnConflict = (keyword: string, value: Json) => void;

/** Both say something about the reader, not about the value: the first is enough. */
const WORDS: ReadonlySet<string> = new Set(["title", "description", "default", "examples", "$comment", "$schema", "$id"]);

/** One schema for a value that must satisfy both. Where they contradict each other, the first wins. */
export function mergeSchemas(first: JsonObject, second: JsonObject, onConflict: OnConflict): JsonObject {
  const kept = mapMembers(first, (own, key) => {
    const other = memberOf(second, key);
    return other === undefined ? own : combine(key, [own, other], onConflict);
  });
  return { ...kept, ...mapMembers(second, (value, key) => (Object.hasOwn(kept, key) ? undefined : value)) };
}

function combine(key: string, [own, other]: readonly [Json, Json], onConflict: OnConflict): Json {
  if (JSON.stringify(own) === JSON.stringify(other) || WORDS.has(key)) return own;
  if (key === "required" && Array.isArray(own) && Array.isArray(other)) return [...new Set([...own, ...other])];
  if (key === "allOf" && Array.isArray(own) && Array.isArray(other)) return [...own, ...other];
  if (isJsonObject(own) && isJsonObject(other)) {
    if (SCHEMA_SLOTS.has(key)) return mergeSchemas(own, other, onConflict);
    if (SCHEMA_MAPS.has(key)) return mergeMaps(own, other, onConflict);
  }
  onConflict(key, other);
  return own;
}

function mergeMaps(first: JsonObject, second: JsonObject, onConflict: OnConflict): JsonObject {
  const merged = mapMembers(first, (own, name) => {
    const other = memberOf(second, name);
    return isJsonObject(own) && isJsonObject(other) ? mergeSchemas(own, other, onConflict) : own;
  });
  return { ...merged, ...mapMembers(second, (value, name) => (Object.hasOwn(first, name) ? undefined : value)) };
}

/** Folds the branches of `allOf`, and of theirs, into the schema itself. */
export function mergeAllOf(schema: JsonObject, onConflict: OnConflict): JsonObject {
  if (schema["allOf"] === undefined) return schema;
  return branchesOf(schema, "allOf").reduce<JsonObject>(
    (merged, branch) => mergeSchemas(merged, mergeAllOf(branch, onConflict), onConflict),
    without(schema, "allOf"),
  );
}
