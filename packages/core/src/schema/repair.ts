// What callers send as a schema, made into well-formed JSON Schema: half of it comes from generators for other targets.
import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { refuseDepth } from "./refuse-depth.ts";
import { branchesOf, mapMembers, propertiesOf, requiredOf, SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_SLOTS, without } from "./walk.ts";

/**
 * Repairs what callers send as a schema into JSON Schema; also reads Google's own Schema form (upper-case types,
 * `nullable`). A root that does not say what it is becomes an object; one that says `array` stays one, since a schema
 * for answers may.
 * @throws GatewayError `invalid_request` for one that is nested too deeply
 */
export function toJsonSchema(schema: Json | undefined): JsonObject {
  refuseDepth(schema);
  return nameRoot(isJsonObject(schema) ? repairSchema(schema) : {});
}

/** A root about which nothing is known is an object. */
export function nameRoot(root: JsonObject): JsonObject {
  if (Object.keys(root).some((keyword) => SAYS_WHAT_IT_IS.has(keyword))) return root;
  return { type: "object", properties: {}, ...root };
}

const SAYS_WHAT_IT_IS: ReadonlySet<string> = new Set(["type", "$ref", "$dynamicRef", "enum", "const", "allOf", "anyOf", "oneOf", "not", "if"]);

const TYPES: ReadonlySet<string> = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);

/** Stay outside when the rest of a schema moves into a branch. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  "title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly",
  "$schema", "$id", "$anchor", "$comment", "$defs", "definitions",
]);

/** `true` and `false` mean something of their own here, and no target minds them. */
const KEEPS_BOOLEANS: ReadonlySet<string> = new Set(["items", "additionalItems", "additionalProperties", "unevaluatedItems", "unevaluatedProperties"]);

type Reader = (value: Json) => Json | undefined;

const readText: Reader = (value) => (typeof value === "string" ? value : undefined);
const readFlag: Reader = (value) => (typeof value === "boolean" ? value : undefined);
/** Google writes int64 values as strings. */
const readNumber: Reader = (value) => (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : typeof value === "number" ? value : undefined);
const readNames: Reader = (value) => {
  const names = Array.isArray(value) ? [...new Set(value.filter((name: Json) => typeof name === "string"))] : [];
  return names.length > 0 ? names : undefined;
};
const readValues: Reader = (value) => (Array.isArray(value) && value.length > 0 ? value : undefined);

/** What a keyword may hold; anything else is dropped. Keywords not named here pass. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ...["$ref", "description", "title", "format", "pattern"].map((keyword) => [keyword, readText] as const),
  ...["minimum", "maximum", "multipleOf", "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties", "minContains", "maxContains"].map((keyword) => [keyword, readNumber] as const),
  ...["exclusiveMinimum", "exclusiveMaximum"].map((keyword) => [keyword, (value: Json) => readFlag(value) ?? readNumber(value)] as const),
  ...["uniqueItems", "nullable"].map((keyword) => [keyword, readFlag] as const),
  ...["required", "propertyOrdering"].map((keyword) => [keyword, readNames] as const),
  ["enum", readValues],
  ["type", readType],
]);

export function repairSchema(schema: JsonObject): JsonObject {
  const node = looksLikeProperties(schema) ? { type: "object", properties: schema } : schema;
  const read = mapMembers(node, (value, key) => readKeyword(key, value));
  const repaired = liftNullable(addObjectType(settleRequired(read, node)));
  // What hid a map of properties may just have been dropped.
  return node === schema && looksLikeProperties(repaired) ? repairSchema(repaired) : repaired;
}

/** A map from names to schemas where a schema should be: someone forgot `type` and `properties`. */
function looksLikeProperties(schema: JsonObject): boolean {
  const members = Object.entries(schema);
  return members.length > 0 && members.every(([name, value]) => !isKnownKeyword(name, value) && isJsonObject(value) && Object.entries(value).some(([key, inner]) => isKnownKeyword(key, inner)));
}

function isKnownKeyword(key: string, value: Json | undefined): boolean {
  if (SCHEMA_MAPS.has(key) || SCHEMA_SLOTS.has(key) || SCHEMA_LISTS.has(key)) return true;
  const reader = READERS.get(key);
  return reader === undefined ? DATA_KEYWORDS.has(key) : value !== undefined && reader(value) !== undefined;
}

const DATA_KEYWORDS: ReadonlySet<string> = new Set(["const", "default", "dependentRequired"]);

function readKeyword(key: string, value: Json): Json | undefined {
  if (SCHEMA_MAPS.has(key)) return readSchemaMap(key, value);
  if (SCHEMA_LISTS.has(key) && Array.isArray(value)) return readSchemaList(key, value);
  if (SCHEMA_SLOTS.has(key)) return typeof value === "boolean" && KEEPS_BOOLEANS.has(key) ? value : readSlot(value);
  if (SCHEMA_LISTS.has(key)) return undefined;
  const reader = READERS.get(key);
  return reader === undefined ? value : reader(value);
}

/** PHP writes an empty map as `[]`. */
function readSchemaMap(key: string, value: Json): JsonObject | undefined {
  if (Array.isArray(value)) return value.length === 0 ? {} : undefined;
  if (!isJsonObject(value)) return undefined;
  return mapMembers(value, (child) => (key === "dependencies" && Array.isArray(child) ? child : readSchema(child)));
}

function readSchemaList(key: string, value: readonly Json[]): Json | undefined {
  const schemas = value.map(readSchema).filter((schema) => schema !== undefined);
  return schemas.length > 0 ? schemas : key === "items" ? {} : undefined;
}

function readSlot(value: Json): JsonObject | undefined {
  return value === true || isJsonObject(value) || typeof value === "string" ? readSchema(value) : undefined;
}

/** `true` allows anything, `false` nothing: that branch goes. A bare type name is meant as a schema. */
function readSchema(value: Json): JsonObject | undefined {
  if (value === false) return undefined;
  if (typeof value === "string") return readType(value) === undefined ? {} : { type: readType(value) };
  return isJsonObject(value) ? repairSchema(value) : {};
}

/** Lower case; an unknown type (`any`, `TYPE_UNSPECIFIED`) is none. */
function readType(value: Json): Json | undefined {
  const names = (Array.isArray(value) ? value : [value]).filter((name: Json) => typeof name === "string").map((name) => name.toLowerCase());
  const known = [...new Set(names)].filter((name) => TYPES.has(name));
  return known.length > 1 ? known : known[0];
}

/** `required: true` on a property is the parent's business; a property that may not be cannot be required either. */
function settleRequired(schema: JsonObject, source: JsonObject): JsonObject {
  const sources = Object.entries(propertiesOf(source));
  const promoted = sources.filter(([, property]) => isJsonObject(property) && property["required"] === true).map(([name]) => name);
  const forbidden = new Set(sources.filter(([, property]) => property === false).map(([name]) => name));
  const before = requiredOf(schema);
  const after = [...new Set([...before, ...promoted])].filter((name) => !forbidden.has(name));
  if (after.length === before.length && promoted.every((name) => before.includes(name))) return schema;
  return after.length > 0 ? { ...schema, required: after } : without(schema, "required");
}

function addObjectType(schema: JsonObject): JsonObject {
  return schema["type"] === undefined && isJsonObject(schema["properties"]) ? { type: "object", ...schema } : schema;
}

/** OpenAPI's `nullable`, in the words of JSON Schema: one of two. */
function liftNullable(schema: JsonObject): JsonObject {
  const { nullable, ...rest } = schema;
  if (nullable === undefined) return schema;
  const constraints = without(rest, ...ANNOTATIONS);
  if (nullable === false || Object.keys(constraints).length === 0) return rest;
  const outside = mapMembers(rest, (value, key) => (ANNOTATIONS.has(key) ? value : undefined));
  const isUnion = Object.keys(constraints).length === 1 && constraints["anyOf"] !== undefined;
  const branches = isUnion ? branchesOf(constraints, "anyOf") : [looksLikeProperties(constraints) ? repairSchema(constraints) : constraints];
  return { ...outside, anyOf: branches.some((branch) => branch["type"] === "null") ? branches : [...branches, { type: "null" }] };
}
