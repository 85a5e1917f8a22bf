// What Anthropic's structured outputs accept, after the official helper (lib/transform-json-schema of @anthropic-ai/sdk
// 1.11, read 2026-11): the rest moves into the description, in the helper's own spelling.
import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import type { SchemaLoss } from "./hints.ts";
import { createRefs, inlineRefs, isRecursive, refsMayStay, renameDefinitions } from "./inline-refs.ts";
import { rememberCleaned, type Cleaner } from "./remember-cleaned.ts";
import { toJsonSchema } from "./repair.ts";
import { typesToAnyOf } from "./rewrites.ts";
import { inOrder, mapMembers, mapSubschemas, pick, without } from "./walk.ts";

const FORMATS: ReadonlySet<Json> = new Set(["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"]);

/** Constrain nothing, or only repeat what is forced anyway. */
const FORGOTTEN = ["$schema", "$id", "$comment", "propertyOrdering", "strict", "cache_control"];

const ALWAYS: ReadonlySet<string> = new Set(["$defs", "title", "description"]);

/** One of these says what the value is; the first that is there decides, and the others move into the description. */
const KINDS = ["$ref", "enum", "const", "anyOf", "oneOf", "allOf", "type"];

const ORDER = [...KINDS, "title", "description", "properties", "required", "additionalProperties", "items", "minItems", "format", "$defs"];

const KEYWORDS_OF_TYPE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["object", new Set(["type", "properties", "required", "additionalProperties"])],
  ["array", new Set(["type", "items", "minItems"])],
  ["string", new Set(["type", "format"])],
]);

/** The narrow set that structured outputs accept; the rest moves into descriptions. `undefined` when it cannot be done (recursion). */
export const cleanStructuredOutput: Cleaner<JsonObject | undefined> = rememberCleaned((schema, onLoss) => {
  const root = toJsonSchema(schema);
  const refs = createRefs(schema);
  if (isRecursive(root, refs)) {
    onLoss("$ref", "");
    return undefined;
  }
  const obstacles: string[] = [];
  const resolved = refsMayStay(root, refs) ? renameDefinitions(root) : inlineRefs(root, refs, onLoss);
  const cleaned = narrow(resolved, "", { onLoss, obstruct: (path) => void obstacles.push(path) });
  for (const path of obstacles) onLoss("type", path);
  return obstacles.length > 0 ? undefined : cleaned;
});

interface Narrowing {
  readonly onLoss: SchemaLoss;
  readonly obstruct: (path: string) => void;
}

function narrow(schema: JsonObject, path: string, narrowing: Narrowing): JsonObject {
  const node = Array.isArray(schema["type"]) ? splitTypes(schema, path, narrowing) : schema;
  const kind = KINDS.find((keyword) => isUsable(keyword, node[keyword]));
  // A schema for anything at all: the service wants to know what it is.
  if (kind === undefined) narrowing.obstruct(path);
  const kept = mapMembers(node, (value, keyword) => (ALWAYS.has(keyword) || belongs(keyword, kind, node) && isUsable(keyword, value) ? value : undefined));
  const closed = kind === "type" && node["type"] === "object" ? closeObject(kept) : renameUnion(kept);
  const moved = without(node, ...Object.keys(kept), ...FORGOTTEN, ...(kind === "type" ? ["additionalProperties"] : ["type"]));
  for (const keyword of Object.keys(moved)) narrowing.onLoss(keyword, path);
  if (isJsonObject(node["additionalProperties"]) || node["additionalProperties"] === true) narrowing.onLoss("additionalProperties", path);
  return inOrder(describe(mapSubschemas(closed, path, (child, at) => narrow(child, at, narrowing)), moved), ORDER);
}

function splitTypes(schema: JsonObject, path: string, { onLoss }: Narrowing): JsonObject {
  const context = { path, hints: [], onLoss };
  const types = schema["type"] as readonly Json[];
  if (types.filter((type) => type !== "null").length > 1) return typesToAnyOf(schema, context);
  if (schema["anyOf"] !== undefined || schema["enum"] !== undefined || schema["const"] !== undefined) return without(schema, "type");
  const inside = without(schema, ...ALWAYS, ...FORGOTTEN, "default", "examples");
  const [type] = types.filter((name) => name !== "null");
  return { ...pick(schema, new Set([...ALWAYS, "default", "examples"])), anyOf: [{ ...inside, type: type ?? "null" }, { type: "null" }] };
}

function belongs(keyword: string, kind: string | undefined, node: JsonObject): boolean {
  if (kind !== "type") return keyword === kind;
  const type = typeof node["type"] === "string" ? node["type"] : "";
  return KEYWORDS_OF_TYPE.get(type)?.has(keyword) ?? keyword === "type";
}

function isUsable(keyword: string, value: Json | undefined): boolean {
  if (value === undefined) return false;
  if (keyword === "enum") return Array.isArray(value) && value.every(isPrimitive);
  if (keyword === "const") return isPrimitive(value);
  if (keyword === "format") return FORMATS.has(value);
  if (keyword === "minItems") return value === 0 || value === 1;
  return keyword !== "items" || isJsonObject(value);
}

function isPrimitive(value: Json): boolean {
  return typeof value !== "object" || value === null;
}

function closeObject(schema: JsonObject): JsonObject {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"].filter((name: Json) => typeof name === "string" && Object.hasOwn(properties, name)) : [];
  return { ...without(schema, "required"), properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

function renameUnion(schema: JsonObject): JsonObject {
  const { oneOf, ...rest } = schema;
  return oneOf === undefined ? schema : { ...rest, anyOf: oneOf };
}

function describe(schema: JsonObject, moved: JsonObject): JsonObject {
  const members = Object.entries(moved);
  if (members.length === 0) return schema;
  const before = typeof schema["description"] === "string" && schema["description"] !== "" ? `${schema["description"]}\n\n` : "";
  return { ...schema, description: `${before}{${members.map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`).join(", ")}}` };
}
