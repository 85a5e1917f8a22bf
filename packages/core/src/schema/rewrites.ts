// Steps that say the same with fewer kinds of keywords. Each takes one schema, without going into those inside it.
import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { turnIntoHint, type NodeContext } from "./hints.ts";
import { mergeAllOf, mergeSchemas } from "./merge.ts";
import { branchesOf, mapMembers, pick, propertiesOf, typesOf, without } from "./walk.ts";

export type Rewrite = (schema: JsonObject, context: NodeContext) => JsonObject;

export const foldAllOf: Rewrite = (schema, context) => mergeAllOf(schema, (keyword, value) => turnIntoHint(context, keyword, value));

/** Properties that only some values may have: declared as optional, so that the model knows them. */
export const declareConditionalProperties: Rewrite = (schema) => {
  const conditional = [schema["then"], schema["else"]].filter((branch) => isJsonObject(branch)).map(propertiesOf);
  if (conditional.length === 0 || !typesOf(schema).includes("object")) return schema;
  return { ...schema, properties: [propertiesOf(schema), ...conditional].reduce(addMembers) };
};

function addMembers(known: JsonObject, more: JsonObject): JsonObject {
  return { ...known, ...mapMembers(more, (value, name) => (Object.hasOwn(known, name) ? undefined : value)) };
}

/** A constant is an enumeration of one. */
export const constToEnum: Rewrite = (schema, context) => {
  const { const: value, ...rest } = schema;
  if (value === undefined) return schema;
  if (typeof value !== "object" || value === null) return { ...rest, enum: [value] };
  turnIntoHint(context, "const", value);
  return rest;
};

export const oneOfToAnyOf: Rewrite = (schema, context) => {
  const { oneOf, ...rest } = schema;
  if (oneOf === undefined) return schema;
  if (rest["anyOf"] === undefined) return renameMember(schema, "oneOf", "anyOf");
  turnIntoHint(context, "oneOf", oneOf);
  return rest;
};

function renameMember(schema: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key === from ? to : key, value]));
}

/** Older drafts put a tuple under `items`, and the rest under `additionalItems`. */
export const tupleToPrefixItems: Rewrite = (schema) => {
  const { items, additionalItems } = schema;
  if (!Array.isArray(items) || schema["prefixItems"] !== undefined) return schema;
  const renamed = renameMember(without(schema, "additionalItems"), "items", "prefixItems");
  return additionalItems === undefined ? renamed : { ...renamed, items: additionalItems };
};

/** Draft 4 said `exclusiveMinimum: true` beside a `minimum`. */
export const numericExclusiveBounds: Rewrite = (schema) => toNumericBound(toNumericBound(schema, "exclusiveMinimum", "minimum"), "exclusiveMaximum", "maximum");

function toNumericBound(schema: JsonObject, exclusive: string, inclusive: string): JsonObject {
  if (typeof schema[exclusive] !== "boolean") return schema;
  const rest = without(schema, exclusive);
  const bound = rest[inclusive];
  return schema[exclusive] && bound !== undefined ? { ...without(rest, inclusive), [exclusive]: bound } : rest;
}

/** Among whole numbers, above 3 is from 4. */
export const inclusiveIntegerBounds: Rewrite = (schema) => {
  const numeric = numericExclusiveBounds(schema, { path: "", hints: [], onLoss: () => undefined });
  if (!typesOf(numeric).includes("integer") || typesOf(numeric).includes("number")) return numeric;
  const { exclusiveMinimum: above, exclusiveMaximum: below, ...rest } = numeric;
  const { minimum, maximum } = rest;
  return {
    ...rest,
    ...(typeof above === "number" && { minimum: Math.max(Math.floor(above) + 1, typeof minimum === "number" ? minimum : -Infinity) }),
    ...(typeof below === "number" && { maximum: Math.min(Math.ceil(below) - 1, typeof maximum === "number" ? maximum : Infinity) }),
  };
};

/** Keywords that say something about values of one type only. */
const KEYWORDS_OF_TYPE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["object", new Set(["properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties", "propertyOrdering"])],
  ["array", new Set(["items", "prefixItems", "additionalItems", "contains", "minItems", "maxItems", "uniqueItems"])],
  ["string", new Set(["minLength", "maxLength", "pattern", "format"])],
  ["number", new Set(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])],
  ["integer", new Set(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])],
]);

const TYPED_KEYWORDS: readonly string[] = [...KEYWORDS_OF_TYPE.values()].flatMap((keywords) => [...keywords]);

/** Several types other than null become a union of one branch for each, with the keywords that concern it. */
export const typesToAnyOf: Rewrite = (schema, context) => {
  const types = typesOf(schema);
  if (types.filter((type) => type !== "null").length < 2) return schema;
  if (schema["anyOf"] !== undefined || schema["enum"] !== undefined) return withoutTyped(schema, context);
  const branches = types.map((type) => ({ type, ...pick(schema, KEYWORDS_OF_TYPE.get(type) ?? new Set()) }));
  return { ...without(schema, "type", ...TYPED_KEYWORDS), anyOf: branches };
};

/** Where values or a union say more than the list of types does, it goes, and with it what only some of them would have. */
function withoutTyped(schema: JsonObject, context: NodeContext): JsonObject {
  return mapMembers(without(schema, "type"), (value, keyword) => {
    if (!TYPED_KEYWORDS.includes(keyword)) return value;
    turnIntoHint(context, keyword, value);
    return undefined;
  });
}

/** The types that the values of an enumeration have, in order of appearance. */
export function typesOfValues(values: readonly Json[]): readonly string[] {
  const types = values.map((value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value === "number" ? (Number.isInteger(value) ? "integer" : "number") : typeof value));
  const distinct = [...new Set(types)];
  return distinct.includes("number") ? distinct.filter((type) => type !== "integer") : distinct;
}

/** Whether a branch of a union accepts null and nothing else. */
export function isNullSchema(schema: JsonObject): boolean {
  const { type, enum: values } = schema;
  return type === "null" || schema["const"] === null || (Array.isArray(values) && values.every((value: Json) => value === null));
}

/** The branches of a union; of unions directly inside it too. */
export function flatBranches(schema: JsonObject, onConflict: (keyword: string, value: Json) => void): readonly JsonObject[] {
  return branchesOf(schema, "anyOf").flatMap((branch) => {
    const merged = mergeAllOf(branch, onConflict);
    const inner = merged["anyOf"] === undefined ? renameMember(merged, "oneOf", "anyOf") : merged;
    const isPureUnion = Object.keys(inner).every((key) => key === "anyOf") && branchesOf(inner, "anyOf").length > 0;
    return isPureUnion ? flatBranches(inner, onConflict) : [merged];
  });
}

export function mergeQuietly(first: JsonObject, second: JsonObject): JsonObject {
  return mergeSchemas(first, second, () => undefined);
}
