import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";

// The only places inside a schema where another schema may stand (JSON Schema 2020-12 and its older drafts). Whatever
// stands elsewhere, in `enum`, `const`, `default` or `examples`, is data, and keys of these maps are names.

/** name → schema. In `dependencies` a list of names may stand instead. */
export const SCHEMA_MAPS: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"]);

/** A list of schemas. `items` is one in older drafts: a tuple. */
export const SCHEMA_LISTS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);

/** One schema. */
export const SCHEMA_SLOTS: ReadonlySet<string> = new Set([
  "items", "additionalItems", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not",
  "unevaluatedItems", "unevaluatedProperties", "contentSchema",
]);

export type SchemaVisit = (schema: JsonObject, path: string) => JsonObject;

/** A copy of the schema with every schema directly inside it replaced by what `visit` makes of it. */
export function mapSubschemas(schema: JsonObject, path: string, visit: SchemaVisit): JsonObject {
  return mapMembers(schema, (value, key) => mapKeyword(key, value, { path: pathTo(path, key), visit }));
}

function mapKeyword(key: string, value: Json, { path, visit }: { readonly path: string; readonly visit: SchemaVisit }): Json {
  const visitSchema = (child: Json, at: string): Json => (isJsonObject(child) ? visit(child, at) : child);
  if (SCHEMA_MAPS.has(key) && isJsonObject(value)) return mapMembers(value, (child, name) => visitSchema(child, pathTo(path, name)));
  if (SCHEMA_LISTS.has(key) && Array.isArray(value)) return value.map((child: Json, index) => visitSchema(child, `${path}[${index}]`));
  return SCHEMA_SLOTS.has(key) ? visitSchema(value, path) : value;
}

/** The schema and all schemas inside it, outermost first. */
export function* everySchema(schema: JsonObject): Generator<JsonObject> {
  const pending = [schema];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    for (const [key, value] of Object.entries(next)) for (const child of schemasIn(key, value)) pending.push(child);
  }
}

function schemasIn(key: string, value: Json | undefined): readonly JsonObject[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return SCHEMA_LISTS.has(key) ? value.filter((child: Json) => isJsonObject(child)) : [];
  if (SCHEMA_MAPS.has(key)) return Object.values(value as JsonObject).filter((child) => isJsonObject(child));
  return SCHEMA_SLOTS.has(key) ? [value as JsonObject] : [];
}

/** Like `Array.map` for members; those that become `undefined` are left out. Safe for a member called `__proto__`. */
export function mapMembers(object: JsonObject, change: (value: Json, key: string) => Json | undefined): JsonObject {
  const members: [string, Json][] = [];
  for (const [key, value] of Object.entries(object)) {
    const changed = value === undefined ? undefined : change(value, key);
    if (changed !== undefined) members.push([key, changed]);
  }
  return Object.fromEntries(members);
}

/** The object's own member: a property may be called `constructor`. */
export function memberOf(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function without(schema: JsonObject, ...keywords: readonly string[]): JsonObject {
  return mapMembers(schema, (value, key) => (keywords.includes(key) ? undefined : value));
}

/** The named keywords only. */
export function pick(schema: JsonObject, keywords: ReadonlySet<string>): JsonObject {
  return mapMembers(schema, (value, key) => (keywords.has(key) ? value : undefined));
}

/** Keywords in a fixed order, so that it does not tell which of them were rewritten. Others follow as they stood. */
export function inOrder(schema: JsonObject, order: Iterable<string>): JsonObject {
  const known = new Map<string, Json | undefined>();
  for (const keyword of order) if (Object.hasOwn(schema, keyword)) known.set(keyword, schema[keyword]);
  return Object.fromEntries([...known, ...Object.entries(schema).filter(([keyword]) => !known.has(keyword))]);
}

export function propertiesOf(schema: JsonObject): JsonObject {
  return isJsonObject(schema["properties"]) ? schema["properties"] : {};
}

/** A list of schemas under a keyword; empty when there is none. */
export function branchesOf(schema: JsonObject, keyword: string): readonly JsonObject[] {
  const branches = schema[keyword];
  return Array.isArray(branches) ? branches.filter((branch: Json) => isJsonObject(branch)) : [];
}

export function typesOf(schema: JsonObject): readonly string[] {
  const { type } = schema;
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type.filter((name: Json) => typeof name === "string") : [];
}

export function requiredOf(schema: JsonObject): readonly string[] {
  const { required } = schema;
  return Array.isArray(required) ? required.filter((name: Json) => typeof name === "string") : [];
}

function pathTo(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
