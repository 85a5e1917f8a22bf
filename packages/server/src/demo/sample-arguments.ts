import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

/** Arguments that satisfy a tool's schema, as plain as can be: the first of an enum, the least number, a word. */
export function argumentsFor(schema: Json | undefined): JsonObject {
  const value = sample(schema, "value", 0);
  return isJsonObject(value) ? value : {};
}

/** Deeper schemas than this are cut; a demo needs no more. */
const MAX_DEPTH = 6;

function sample(schema: Json | undefined, name: string, depth: number): Json {
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return {};
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0] as Json;
  const branch: Json | undefined = [schema.anyOf, schema.oneOf].filter((list) => Array.isArray(list)).map((list) => (list as readonly Json[])[0])[0];
  if (branch !== undefined) return sample(branch, name, depth + 1);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "string":
      return `demo ${name}`;
    case "number":
    case "integer":
      return typeof schema.minimum === "number" ? schema.minimum : 1;
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return [sample(schema.items, name, depth + 1)];
    default:
      return sampleObject(schema, depth);
  }
}

function sampleObject(schema: JsonObject, depth: number): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required: readonly Json[] = Array.isArray(schema.required) ? schema.required : Object.keys(properties);
  return Object.fromEntries(required.filter((name) => typeof name === "string").map((name) => [name, sample(properties[name], name, depth + 1)]));
}
