// Google's Schema proto (`parameters`, `responseSchema`), where a key it does not know is an error: "Unknown name …
// Cannot find field". Fields as in @google/genai 2.32 types (read 2026-11).
import type { Json, JsonObject } from "../canonical/index.ts";
import { cleanTree, fates, type Fate, type Taste } from "./clean-tree.ts";
import { turnIntoHint, type NodeContext, type SchemaLoss } from "./hints.ts";
import { createRefs, inlineRefs } from "./inline-refs.ts";
import { keepFormat, nameItems, splitEnum } from "./json-slot.ts";
import { mergeSchemas } from "./merge.ts";
import { rememberCleaned, type Cleaner } from "./remember-cleaned.ts";
import { toJsonSchema } from "./repair.ts";
import { constToEnum, declareConditionalProperties, flatBranches, foldAllOf, inclusiveIntegerBounds, isNullSchema, mergeQuietly, oneOfToAnyOf, typesOfValues, typesToAnyOf, type Rewrite } from "./rewrites.ts";
import { branchesOf, pick, propertiesOf, typesOf, without } from "./walk.ts";

export interface ProtoSlotOptions {
  /** One branch instead of a union. */
  readonly flattenUnions: boolean;
  /** For backends that refuse an object without properties. */
  readonly placeholderEmptyObject: boolean;
  /** For backends that refuse bounds on lengths and patterns. */
  readonly schemaSafe: boolean;
  /** For backends that refuse every constraint but types, enums and required names. */
  readonly schemaBare?: boolean;
}

const KEYWORDS = fates({
  keep: "type title description nullable enum items minItems maxItems minimum maximum anyOf properties required propertyOrdering format minLength maxLength pattern minProperties maxProperties",
  hint: "not if then else dependentRequired dependentSchemas dependencies additionalProperties patternProperties propertyNames unevaluatedItems unevaluatedProperties additionalItems "
    + "contains minContains maxContains exclusiveMinimum exclusiveMaximum multipleOf uniqueItems default",
  forget: "$schema $id $anchor $comment strict cache_control",
});

const SAFE_KEYWORDS: ReadonlyMap<string, Fate> = new Map([...KEYWORDS, ...fates({ hint: "minLength maxLength pattern minProperties maxProperties" })]);

const BARE_KEYWORDS: ReadonlyMap<string, Fate> = new Map([...SAFE_KEYWORDS, ...fates({ hint: "minItems maxItems minimum maximum format", forget: "title" })]);

/** "only 'enum' and 'date-time' are supported for STRING type" (Gemini Developer API, seen in the field). */
const FORMATS: ReadonlySet<Json> = new Set(["date-time", "int32", "int64", "float", "double", "enum"]);

const knownFormat: Rewrite = (schema, context) => keepFormat(schema, FORMATS, context);

/** Null is not a type here but a property of one. */
const nullToNullable: Rewrite = (schema, context) => {
  const types = typesOf(schema);
  if (!types.includes("null")) return schema;
  const [type, ...others] = types.filter((name) => name !== "null");
  if (type === undefined) {
    turnIntoHint(context, "type", "null");
    return { ...schema, type: "string", nullable: true };
  }
  return { ...schema, type: others.length === 0 ? type : [type, ...others], nullable: true };
};

const stringEnum: Rewrite = (schema, context) => {
  if (schema["enum"] === undefined) return schema;
  const { schema: rest, values, nullable } = splitEnum(schema, context);
  const types = typesOfValues(values);
  const marked = nullable ? { ...rest, nullable: true } : rest;
  const [type] = types;
  if (type === undefined) return nullable && values.length === 0 ? { ...marked, type: "string" } : marked;
  if (types.length > 1 || !["string", "number", "integer"].includes(type)) {
    turnIntoHint(context, "enum", values);
    return type === "boolean" && types.length === 1 ? { ...marked, type } : marked;
  }
  if (type !== "string") turnIntoHint(context, "type", type);
  return { ...without(marked, "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), type: "string", enum: values.map(String) };
};

/** `items` is one schema here: that of the first element of an old tuple, or any of a newer one. */
const tupleToItems: Rewrite = (schema, context) => {
  const { items, prefixItems } = schema;
  if (Array.isArray(items)) {
    turnIntoHint(context, "items", items);
    return { ...schema, items: branchesOf(schema, "items")[0] ?? {} };
  }
  if (prefixItems === undefined) return schema;
  turnIntoHint(context, "prefixItems", prefixItems);
  const elements = distinct(branchesOf(schema, "prefixItems"));
  return { ...without(schema, "prefixItems"), items: elements.length === 1 ? (elements[0] ?? {}) : { anyOf: elements } };
};

function distinct(schemas: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
}

/** May stand beside a union; older backends refuse anything else there. */
const BESIDE_UNION: ReadonlySet<string> = new Set(["title", "description", "nullable", "anyOf"]);

/** Characters, over the whole schema. Moving what stands beside a union into each branch copies it; nested, that grows without bound. */
const MAX_COPIED_LENGTH = 100_000;

interface Copies {
  length: number;
}

function settleUnion(schema: JsonObject, context: NodeContext, copies: Copies): JsonObject {
  if (schema["anyOf"] === undefined) return schema;
  const onConflict = (keyword: string, value: Json): void => turnIntoHint(context, keyword, value);
  const branches = flatBranches(schema, onConflict);
  const real = distinct(branches.filter((branch) => !isNullSchema(branch)));
  const rest: JsonObject = { ...without(schema, "anyOf"), ...(real.length < branches.length && branches.some(isNullSchema) && { nullable: true }) };
  const [only, ...others] = real;
  if (only === undefined) return { ...rest, type: rest["type"] ?? "string" };
  if (others.length === 0) return settleUnion(oneOfToAnyOf(mergeSchemas(rest, only, onConflict), context), context, copies);
  const beside = without(rest, ...BESIDE_UNION);
  if (Object.keys(beside).length === 0) return { ...rest, anyOf: real };
  copies.length += JSON.stringify(beside).length * others.length;
  if (copies.length > MAX_COPIED_LENGTH) {
    turnIntoHint(context, "anyOf", schema["anyOf"]);
    return rest;
  }
  return { ...pick(rest, BESIDE_UNION), anyOf: real.map((branch) => mergeQuietly(branch, beside)) };
}

/** Moving things may bring up new constants, types and unions, until there is one type or one union. */
function settleTypes(schema: JsonObject, context: NodeContext, copies: Copies): JsonObject {
  const settled = settleUnion(oneOfToAnyOf(constToEnum(schema, context), context), context, copies);
  const split = typesToAnyOf(settled, context);
  return split === settled ? nullToNullable(settled, context) : settleTypes(split, context, copies);
}

/** Most telling first. */
const STRENGTH = ["object", "array", "string", "number", "integer", "boolean"];

function flattenUnion(schema: JsonObject, context: NodeContext, copies: Copies): JsonObject {
  const { anyOf, ...rest } = schema;
  const branches = branchesOf(schema, "anyOf");
  if (anyOf === undefined) return schema;
  const strength = (branch: JsonObject): number => STRENGTH.indexOf(typeName(branch));
  const known = branches.filter((branch) => strength(branch) >= 0);
  const strongest = known.toSorted((left, right) => strength(left) - strength(right))[0] ?? branches[0] ?? {};
  context.onLoss("anyOf", context.path);
  context.hints.push(`Accepts: ${[...new Set(branches.map(typeName))].join(" / ")}`);
  return flattenUnion(settleTypes(mergeQuietly(rest, strongest), context, copies), context, copies);
}

function typeName(schema: JsonObject): string {
  return typesOf(schema).find((type) => type !== "null") ?? inferType(schema) ?? "any";
}

function inferType(schema: JsonObject): string | undefined {
  if (schema["properties"] !== undefined || schema["additionalProperties"] !== undefined || schema["required"] !== undefined) return "object";
  if (schema["items"] !== undefined) return "array";
  if (Array.isArray(schema["enum"])) return "string";
  if (["minLength", "maxLength", "pattern", "format"].some((keyword) => schema[keyword] !== undefined)) return "string";
  return ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"].some((keyword) => schema[keyword] !== undefined) ? "number" : undefined;
}

/** "schema didn't specify the schema type field" (Vertex AI, seen in the field). */
const nameType: Rewrite = (schema, context) => {
  if (schema["type"] !== undefined || schema["anyOf"] !== undefined) return schema;
  const type = inferType(schema);
  if (type !== undefined) return { type, ...schema };
  context.onLoss("type", context.path);
  context.hints.push("Any JSON value");
  return { type: "string", ...schema };
};

const fillEmptyObject: Rewrite = (schema) => {
  if (schema["type"] !== "object" || Object.keys(propertiesOf(schema)).length > 0) return schema;
  return { ...schema, properties: { _: { type: "string", description: "Leave empty" } } };
};

/** Cleaned, branches may have become alike, or nullable: that belongs to the union. */
function tidyUnion(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  if (anyOf === undefined) return schema;
  const nullable = [rest, ...branchesOf(schema, "anyOf")].some((branch) => branch["nullable"] === true);
  const branches = branchesOf(schema, "anyOf").map((branch) => without(branch, "nullable"));
  const [only, ...others] = distinct(flatBranches({ anyOf: branches }, () => undefined));
  const marked: JsonObject = { ...rest, ...(nullable && { nullable }) };
  return others.length > 0 ? { ...marked, anyOf: [...(only ? [only] : []), ...others] } : mergeQuietly(marked, only ?? {});
}

/** Google's Schema proto, where an unknown key is an error. Parameters, which must be an object, go through `cleanObjectRoot` first. */
export function cleanProtoSlot(schema: Json | undefined, options: ProtoSlotOptions, onLoss: SchemaLoss): JsonObject {
  const index = Number(options.flattenUnions) + 2 * Number(options.placeholderEmptyObject) + 4 * Number(options.schemaSafe) + 8 * Number(options.schemaBare === true);
  return (CLEANERS[index] ?? cleanerFor(options))(schema, onLoss);
}

function cleanerFor(options: ProtoSlotOptions): Cleaner<JsonObject> {
  return rememberCleaned((schema, onLoss) => cleanTree(inlineRefs(toJsonSchema(schema), createRefs(schema), onLoss), tasteFor(options), { path: "", onLoss }));
}

const CLEANERS = Array.from({ length: 16 }, (_, bits) => cleanerFor({ flattenUnions: (bits & 1) > 0, placeholderEmptyObject: (bits & 2) > 0, schemaSafe: (bits & 4) > 0, schemaBare: (bits & 8) > 0 }));

function tasteFor({ flattenUnions, placeholderEmptyObject, schemaSafe, schemaBare }: ProtoSlotOptions): Taste {
  const copies: Copies = { length: 0 };
  const settle: Rewrite = (node, context) => settleTypes(node, context, copies);
  const flatten: Rewrite = (node, context) => flattenUnion(node, context, copies);
  return {
    rewrites: [
      foldAllOf, declareConditionalProperties, settle,
      ...(flattenUnions ? [flatten] : []),
      stringEnum, tupleToItems, nameType, nameItems, inclusiveIntegerBounds, knownFormat,
      ...(placeholderEmptyObject ? [fillEmptyObject] : []),
    ],
    keywords: schemaBare === true ? BARE_KEYWORDS : schemaSafe ? SAFE_KEYWORDS : KEYWORDS,
    finish: tidyUnion,
  };
}

