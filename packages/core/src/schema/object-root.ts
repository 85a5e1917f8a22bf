import type { Json, JsonObject } from "../canonical/index.ts";
import { turnIntoHint, withHints, type NodeContext, type SchemaLoss } from "./hints.ts";
import { createRefs, resolveAllOf, type Refs } from "./inline-refs.ts";
import { mergeAllOf, mergeSchemas } from "./merge.ts";
import { rememberCleaned, type Cleaner } from "./remember-cleaned.ts";
import { toJsonSchema } from "./repair.ts";
import { numericExclusiveBounds, tupleToPrefixItems } from "./rewrites.ts";
import { branchesOf, mapMembers, mapSubschemas, memberOf, propertiesOf, requiredOf, typesOf, without } from "./walk.ts";

/** An object root without root unions; everything else passes (JSON Schema 2020-12). */
export const cleanObjectRoot: Cleaner<JsonObject> = rememberCleaned((schema, onLoss) => modernise(objectRoot(schema, onLoss)));

/** Tools take an object, and refuse a union in its place: the branches' properties become one set. */
export function objectRoot(schema: Json | undefined, onLoss: SchemaLoss): JsonObject {
  const refs = createRefs(schema);
  const context: NodeContext = { path: "", hints: [], onLoss };
  const onConflict = (keyword: string, value: Json): void => turnIntoHint(context, keyword, value);
  const root = resolveAllOf(toJsonSchema(schema), refs);
  const merged = mergeUnions(mergeAllOf(root, onConflict), { refs, context, depth: 0 });
  if (merged["type"] !== undefined && !typesOf(merged).includes("object")) turnIntoHint(context, "type", merged["type"]);
  return withHints({ ...merged, type: "object", properties: propertiesOf(merged) }, context.hints);
}

interface Unions {
  readonly refs: Refs;
  readonly context: NodeContext;
  readonly depth: number;
}

/** Unions inside unions are as deep as the caller likes; definitions may lead back to themselves. */
const MAX_UNION_DEPTH = 8;

function mergeUnions(schema: JsonObject, unions: Unions): JsonObject {
  return ["anyOf", "oneOf"].reduce((node, keyword) => mergeUnion(node, keyword, unions), schema);
}

function mergeUnion(schema: JsonObject, keyword: string, unions: Unions): JsonObject {
  if (schema[keyword] === undefined) return schema;
  const { context, depth } = unions;
  const rest = without(schema, keyword);
  const branches = depth < MAX_UNION_DEPTH ? objectBranches(schema, keyword, { ...unions, depth: depth + 1 }) : [];
  context.onLoss(keyword, context.path);
  const [first, ...others] = branches;
  if (first === undefined) return rest;
  if (others.length > 0) context.hints.push(`${keyword}: ${branches.map(namesIn).join(" | ")}`);
  return mergeSchemas({ ...rest, type: "object" }, others.reduce(eitherOf, first), (conflicting) => context.onLoss(conflicting, context.path));
}

function namesIn(branch: JsonObject): string {
  const required = requiredOf(branch);
  return `(${(required.length > 0 ? required : Object.keys(propertiesOf(branch))).join(", ")})`;
}

function objectBranches(schema: JsonObject, keyword: string, unions: Unions): readonly JsonObject[] {
  const resolved = branchesOf(schema, keyword).map((branch) => mergeAllOf(resolveAllOf(branch, unions.refs), () => undefined));
  const objects = resolved.map((branch) => mergeUnions(branch, unions));
  return objects.filter((branch) => typesOf(branch).includes("object") || (branch["type"] === undefined && branch["required"] !== undefined));
}

/** What holds for a value of either: all properties, and only what both require. */
function eitherOf(first: JsonObject, second: JsonObject): JsonObject {
  const own = propertiesOf(first);
  const other = propertiesOf(second);
  const shared = mapMembers(own, (property, name) => {
    const alternative = memberOf(other, name);
    return alternative === undefined ? property : eitherProperty(property, alternative);
  });
  const properties = { ...shared, ...mapMembers(other, (property, name) => (Object.hasOwn(own, name) ? undefined : property)) };
  const required = requiredOf(first).filter((name) => requiredOf(second).includes(name));
  return { ...(first["type"] !== undefined && { type: "object" }), properties, ...(required.length > 0 && { required }) };
}

/** The same name with two meanings, as a discriminator has: to keep only the first would forbid the others. */
function eitherProperty(first: Json, second: Json): Json {
  const known = Array.isArray((first as JsonObject)["anyOf"]) && Object.keys(first as JsonObject).length === 1 ? branchesOf(first as JsonObject, "anyOf") : [first];
  const texts = known.map((branch) => JSON.stringify(branch));
  return texts.includes(JSON.stringify(second)) ? first : { anyOf: [...known, second] };
}

/** Forms of older drafts that are invalid in 2020-12. */
function modernise(schema: JsonObject): JsonObject {
  const modern = numericExclusiveBounds(tupleToPrefixItems(schema, NOWHERE), NOWHERE);
  return mapSubschemas(modern, "", modernise);
}

const NOWHERE: NodeContext = { path: "", hints: [], onLoss: () => undefined };
