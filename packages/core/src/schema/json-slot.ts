// The JSON Schema subset that Gemini documents for `parametersJsonSchema` and `responseJsonSchema`
// (comments in @google/genai 2.32 types, read 2026-11).
import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { cleanTree, fates, type Taste } from "./clean-tree.ts";
import { turnIntoHint, type NodeContext } from "./hints.ts";
import { createRefs, inlineRefs, refsMayStay, renameDefinitions } from "./inline-refs.ts";
import { ANNOTATIONS, nameRoot, toJsonSchema } from "./repair.ts";
import { constToEnum, declareConditionalProperties, foldAllOf, inclusiveIntegerBounds, isNullSchema, oneOfToAnyOf, tupleToPrefixItems, typesOfValues, typesToAnyOf, type Rewrite } from "./rewrites.ts";
import { rememberCleaned, type Cleaner } from "./remember-cleaned.ts";
import { inOrder, mapMembers, typesOf, without } from "./walk.ts";

const FORMATS: ReadonlySet<Json> = new Set(["date-time", "date", "time", "int32", "int64", "float", "double", "enum"]);

const KEYWORDS = fates({
  keep: "type title description enum items prefixItems minItems maxItems minimum maximum anyOf properties additionalProperties required propertyOrdering format $ref $defs",
  hint: "not if then else dependentRequired dependentSchemas dependencies patternProperties propertyNames unevaluatedItems unevaluatedProperties additionalItems contains minContains maxContains "
    + "exclusiveMinimum exclusiveMaximum multipleOf uniqueItems minLength maxLength pattern minProperties maxProperties default",
  forget: "$schema $id $anchor $comment strict cache_control",
});

/** A list without a word about its elements is refused ("items: missing field", seen in the field). */
export function nameItems(schema: JsonObject): JsonObject {
  const { items } = schema;
  if (!typesOf(schema).includes("array")) return schema;
  const saysNothing = !isJsonObject(items) || Object.keys(items).length === 0;
  if (saysNothing && schema["prefixItems"] === undefined) return { ...schema, items: { type: "string" } }
  return typeof items === "boolean" ? without(schema, "items") : schema;
};

/** An empty string in an enumeration is refused ("enum[0]: cannot be empty", seen in the field); null has a type of its own. */
export function splitEnum(schema: JsonObject, context: NodeContext): { readonly schema: JsonObject; readonly values: readonly Json[]; readonly nullable: boolean } {
  const values = Array.isArray(schema["enum"]) ? schema["enum"] : [];
  if (values.includes("")) turnIntoHint(context, "enum", values);
  return { schema: without(schema, "enum"), values: values.filter((value: Json) => value !== null && value !== ""), nullable: values.includes(null) };
}

const plainEnum: Rewrite = (schema, context) => {
  if (schema["enum"] === undefined || isNullSchema(schema)) return schema["enum"] === undefined ? schema : { ...without(schema, "enum"), type: "null" };
  const { schema: rest, values, nullable } = splitEnum(schema, context);
  const [type, ...others] = typesOfValues(values);
  if (type === undefined) return rest;
  const single = others.length === 0 && type !== "object" && type !== "array" ? { ...rest, type: typesOf(rest).includes("null") && !nullable ? [type, "null"] : type } : rest;
  if (type !== "string" && type !== "number" && type !== "integer" || others.length > 0) {
    turnIntoHint(context, "enum", values);
    return nullable && single !== rest ? withNull(single) : single;
  }
  return nullable ? withNull({ ...single, enum: values }) : { ...single, enum: values };
};

function withNull(schema: JsonObject): JsonObject {
  const outside = mapMembers(schema, (value, key) => (ANNOTATIONS.has(key) ? value : undefined));
  return { ...outside, anyOf: [without(schema, ...ANNOTATIONS), { type: "null" }] };
}

const knownFormat: Rewrite = (schema, context) => keepFormat(schema, FORMATS, context);

export function keepFormat(schema: JsonObject, formats: ReadonlySet<Json>, context: NodeContext): JsonObject {
  const { format, ...rest } = schema;
  if (format === undefined || formats.has(format)) return schema;
  turnIntoHint(context, "format", format);
  return rest;
}

const TASTE: Taste = {
  rewrites: [foldAllOf, declareConditionalProperties, constToEnum, oneOfToAnyOf, tupleToPrefixItems, typesToAnyOf, plainEnum, inclusiveIntegerBounds, knownFormat],
  keywords: KEYWORDS,
  finish: nameItems,
};

/**
 * The JSON Schema subset of `parametersJsonSchema` / `responseJsonSchema`. A root union stays one; parameters, which
 * must be an object, go through `cleanObjectRoot` first.
 */
export const cleanJsonSlot: Cleaner<JsonObject> = rememberCleaned((schema, onLoss) => {
  const root = toJsonSchema(schema);
  const refs = createRefs(schema);
  const resolved = refsMayStay(root, refs) ? renameDefinitions(root) : inlineRefs(root, refs, onLoss);
  return inOrder(nameRoot(cleanTree(resolved, TASTE, { path: "", onLoss })), KEYWORDS.keys());
});
