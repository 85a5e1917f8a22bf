// What OpenAI demands of a schema with `strict: true`
// (platform.openai.com/docs/guides/structured-outputs and lib/transform of the openai SDK 6.49, read 2026-11).
import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { applyFates, fates, type Fate } from "./clean-tree.ts";
import { turnIntoHint, withHints, type NodeContext, type SchemaLoss } from "./hints.ts";
import { createRefs, renameDefinitions, resolveRoot, type Refs } from "./inline-refs.ts";
import { mergeAllOf, mergeSchemas } from "./merge.ts";
import { cleanPlain } from "./plain.ts";
import { rememberCleaned, type Cleaner } from "./remember-cleaned.ts";
import { toJsonSchema } from "./repair.ts";
import { oneOfToAnyOf, typesOfValues } from "./rewrites.ts";
import { acceptsNull } from "./views.ts";
import { branchesOf, inOrder, mapMembers, mapSubschemas, propertiesOf, requiredOf, typesOf, without } from "./walk.ts";

export interface StrictOptions {
  /** For servers that know only the bare structure: bounds, patterns and formats become hints. */
  readonly plain: boolean;
}

const KEYWORDS = fates({
  keep: "type title description enum const properties required additionalProperties items anyOf $ref $defs pattern format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems minLength maxLength",
  hint: "uniqueItems minProperties maxProperties contentEncoding contentMediaType contentSchema default",
  forget: "$schema $id $comment propertyOrdering strict cache_control",
});

const PLAIN_KEYWORDS: ReadonlyMap<string, Fate> = new Map([
  ...KEYWORDS,
  ...fates({ hint: "pattern format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems minLength maxLength" }),
]);

/** Without these the schema would mean something else, and strict mode has no word for them. */
const IMPOSSIBLE = [
  "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef", "contains", "dependentRequired", "dependentSchemas", "dependencies", "if", "then", "else",
  "maxContains", "minContains", "not", "oneOf", "patternProperties", "prefixItems", "additionalItems", "propertyNames", "unevaluatedItems", "unevaluatedProperties",
];

const FORMATS: ReadonlySet<Json> = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);

/** Definitions put in place of references, in one schema: those that name each other twice would grow without bound. */
const MAX_PLACEMENTS = 500;

interface Attempt {
  readonly refs: Refs;
  readonly keywords: ReadonlyMap<string, Fate>;
  /** Definitions being put in place of a reference; ends circles. */
  readonly open: ReadonlySet<string>;
  readonly budget: { placements: number };
  readonly losses: [keyword: string, path: string][];
  readonly obstacles: [keyword: string, path: string][];
}

/** A schema, and whether it can be sent with `strict: true`. */
export interface StrictSchema {
  readonly schema: JsonObject;
  readonly strict: boolean;
}

/** Strict mode: closed objects, all required, former optionals nullable. `strict` is false when it cannot be done. */
export function cleanStrict(schema: Json | undefined, options: StrictOptions, onLoss: SchemaLoss): StrictSchema {
  return (options.plain ? cleanBare : cleanFull)(schema, onLoss);
}

const cleanFull: Cleaner<StrictSchema> = rememberCleaned((schema, onLoss) => attemptStrict(schema, KEYWORDS, onLoss));
const cleanBare: Cleaner<StrictSchema> = rememberCleaned((schema, onLoss) => attemptStrict(schema, PLAIN_KEYWORDS, onLoss));

function attemptStrict(schema: Json | undefined, keywords: ReadonlyMap<string, Fate>, onLoss: SchemaLoss): StrictSchema {
  const sourceRefs = createRefs(schema);
  const root = renameDefinitions(resolveRoot(toJsonSchema(schema), sourceRefs));
  const ownRefs = createRefs(root);
  const refs: Refs = (ref) => ownRefs(ref) ?? sourceRefs(ref);
  const attempt: Attempt = { refs, keywords, open: new Set(), budget: { placements: MAX_PLACEMENTS }, losses: [], obstacles: [] };
  const closable = root["properties"] === undefined && root["type"] === "object" ? { ...root, properties: {} } : root;
  const cleaned = strictSchema(closable, "", attempt);
  if (cleaned["type"] !== "object") attempt.obstacles.push([cleaned["anyOf"] === undefined ? "type" : "anyOf", ""]);
  const failed = attempt.obstacles.length > 0;
  for (const [keyword, path] of failed ? attempt.obstacles : attempt.losses) onLoss(keyword, path);
  return failed ? { schema: cleanPlain(schema, onLoss), strict: false } : { schema: cleaned, strict: true };
}

function strictSchema(schema: JsonObject, path: string, attempt: Attempt): JsonObject {
  if (attempt.obstacles.length > 0) return schema;
  const context: NodeContext = { path, hints: [], onLoss: (keyword, at) => void attempt.losses.push([keyword, at]) };
  const obstruct = (keyword: string): void => void attempt.obstacles.push([keyword, path]);
  const { schema: placed, open } = placeReferences(schema, attempt, obstruct);
  const node = keepKnownFormat(inferType(oneOfToAnyOf(placed, context)), context);
  for (const keyword of IMPOSSIBLE) if (node[keyword] !== undefined) obstruct(keyword);
  checkShape(node, obstruct);
  const kept = applyFates(closeObject(node), attempt.keywords, context);
  const cleaned = mapSubschemas(kept, path, (child, at) => strictSchema(child, at, { ...attempt, open }));
  return inOrder(withHints(requireAll(cleaned, requiredOf(node), attempt.refs), context.hints), attempt.keywords.keys());
}

interface Placed {
  readonly schema: JsonObject;
  readonly open: ReadonlySet<string>;
}

/** Folds `allOf`, and puts definitions in place where a reference cannot stay: it may have nothing beside it. */
function placeReferences(schema: JsonObject, attempt: Attempt, obstruct: (keyword: string) => void): Placed {
  const branches = branchesOf(schema, "allOf");
  if (branches.length === 0) return placeReference(schema, attempt, obstruct);
  if (branches.length === 1) return placeReferences(mergeAllOf(schema, obstruct), attempt, obstruct);
  const placed = branches.map((branch) => placeReferences({ description: "", ...branch }, attempt, obstruct));
  // Several branches can be merged when all are plain objects.
  if (!placed.every((branch) => branch.schema["type"] === "object")) obstruct("allOf");
  const merged = placed.reduce((node, branch) => mergeSchemas(node, without(branch.schema, "description"), obstruct), without(schema, "allOf"));
  return { schema: merged, open: new Set(placed.flatMap((branch) => [...branch.open])) };
}

/** In a circle the reference is what matters, and the words beside it give way. */
function placeReference(schema: JsonObject, attempt: Attempt, obstruct: (keyword: string) => void): Placed {
  const { $ref: ref, ...rest } = schema;
  const { open, budget } = attempt;
  if (typeof ref !== "string") return { schema, open };
  const target = attempt.refs(ref);
  const mayStay = target !== undefined && (ref === "#" || /^#\/\$defs\/[^/]+$/.test(ref));
  if (mayStay && (Object.keys(rest).length === 0 || open.has(ref))) return { schema: { $ref: ref }, open };
  budget.placements -= 1;
  if (target === undefined || open.has(ref) || budget.placements < 0) {
    obstruct("$ref");
    return { schema: rest, open };
  }
  return placeReferences({ ...target, ...rest }, { ...attempt, open: new Set([...open, ref]) }, obstruct);
}

/** Every schema must name its type; values tell theirs. */
function inferType(schema: JsonObject): JsonObject {
  if (schema["type"] !== undefined) return schema;
  const values = Array.isArray(schema["enum"]) ? schema["enum"] : schema["const"] === undefined ? [] : [schema["const"]];
  const [type, ...others] = typesOfValues(values);
  return type === undefined ? schema : { type: others.length === 0 ? type : [type, ...others], ...schema };
}

function keepKnownFormat(schema: JsonObject, context: NodeContext): JsonObject {
  const { format, ...rest } = schema;
  if (format === undefined || FORMATS.has(format)) return schema;
  turnIntoHint(context, "format", format);
  return rest;
}

function checkShape(node: JsonObject, obstruct: (keyword: string) => void): void {
  const types = typesOf(node);
  if (types.length === 0 && node["anyOf"] === undefined && node["$ref"] === undefined) obstruct("type");
  if (node["anyOf"] !== undefined && (types.length > 0 || node["properties"] !== undefined)) obstruct("anyOf");
  if (types.includes("array") && !isJsonObject(node["items"])) obstruct("items");
  const open = node["additionalProperties"];
  if (open !== undefined && open !== false) obstruct("additionalProperties");
  // An object about which nothing is known would be closed to everything.
  if (types.includes("object") && node["properties"] === undefined && open !== false) obstruct("properties");
}

function closeObject(node: JsonObject): JsonObject {
  return typesOf(node).includes("object") ? { ...node, properties: propertiesOf(node), additionalProperties: false } : node;
}

function requireAll(schema: JsonObject, before: readonly string[], refs: Refs): JsonObject {
  if (!typesOf(schema).includes("object")) return without(schema, "required");
  const properties = mapMembers(propertiesOf(schema), (property, name) => (isJsonObject(property) && !before.includes(name) ? makeNullable(property, refs) : property));
  return { ...schema, properties, required: Object.keys(properties) };
}

function makeNullable(property: JsonObject, refs: Refs): JsonObject {
  if (acceptsNull(property, refs)) return property;
  const { type, enum: values, const: constant, description, ...rest } = property;
  if (type !== undefined && values === undefined && constant === undefined) return { ...property, type: [...typesOf(property), "null"] };
  if (Array.isArray(rest["anyOf"])) return { ...property, anyOf: [...rest["anyOf"], { type: "null" }] };
  return { ...(description !== undefined && { description }), anyOf: [without(property, "description"), { type: "null" }] };
}
