import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { withHints, type SchemaLoss } from "./hints.ts";
import { repairSchema } from "./repair.ts";
import { branchesOf, everySchema, mapMembers, mapSubschemas, memberOf, without } from "./walk.ts";

/** The schema that a `$ref` points to, repaired; `undefined` when it points outside or to nothing. */
export type Refs = (ref: string) => JsonObject | undefined;

/** Pointers are followed in the schema as the caller sent it: repairs may have moved things. */
export function createRefs(source: Json | undefined): Refs {
  const known = new Map<string, JsonObject | undefined>();
  return (ref) => {
    if (!known.has(ref)) {
      const target = followPointer(source, ref);
      known.set(ref, isJsonObject(target) ? repairSchema(target) : target === true ? {} : undefined);
    }
    return known.get(ref);
  };
}

function followPointer(source: Json | undefined, ref: string): Json | undefined {
  if (ref !== "#" && !ref.startsWith("#/")) return undefined;
  let target = source;
  for (const segment of ref.split("/").slice(1)) {
    const name = decodeSegment(segment);
    if (Array.isArray(target)) target = target[Number(name)];
    else target = isJsonObject(target) ? memberOf(target, name) : undefined;
  }
  return target;
}

/** One step of a JSON Pointer in a URI fragment (RFC 6901 §6). */
export function decodeSegment(segment: string): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // A stray percent sign stands for itself.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A few short definitions that name each other twice grow without bound; what is larger than this stays a name. */
const MAX_INLINED_SCHEMAS = 10_000;

interface Inlining {
  readonly refs: Refs;
  readonly onLoss: SchemaLoss;
  inlined: number;
}

/** Puts every definition where it is used. Keywords beside a `$ref` win over those of its target. */
export function inlineRefs(root: JsonObject, refs: Refs, onLoss: SchemaLoss): JsonObject {
  return inlineSchema(root, { refs, onLoss, inlined: 0 }, { path: "", open: ["#"] });
}

function inlineSchema(schema: JsonObject, state: Inlining, { path, open }: { readonly path: string; readonly open: readonly string[] }): JsonObject {
  const { $ref: ref } = schema;
  const rest = without(schema, "$ref", "$defs", "definitions");
  if (open.length > 1) state.inlined += 1;
  if (typeof ref !== "string") return mapSubschemas(rest, path, (child, at) => inlineSchema(child, state, { path: at, open }));
  const target = state.refs(ref);
  if (target === undefined) {
    state.onLoss("$ref", path);
    return withHints(inlineSchema(rest, state, { path, open }), [`$ref: ${ref}`]);
  }
  if (open.includes(ref) || state.inlined > MAX_INLINED_SCHEMAS) {
    state.onLoss("$ref", path);
    return nameOnly(ref, target, rest);
  }
  return inlineSchema({ ...target, ...rest }, state, { path, open: [...open, ref] });
}

function nameOnly(ref: string, target: JsonObject, beside: JsonObject): JsonObject {
  const type = typeof target["type"] === "string" ? target["type"] : "object";
  const description = beside["description"];
  return withHints({ type, ...(description !== undefined && { description }) }, [`See: ${nameOf(ref)}`]);
}

function nameOf(ref: string): string {
  const name = decodeSegment(ref.slice(ref.lastIndexOf("/") + 1));
  return name === "#" ? "the whole schema" : name;
}

/** A schema that is only a reference gets its target's keywords; definitions stay. */
export function resolveRoot(root: JsonObject, refs: Refs): JsonObject {
  return resolve(root, refs, new Set()).schema;
}

/** The same for the branches of its `allOf`, and of theirs. */
export function resolveAllOf(root: JsonObject, refs: Refs, open: ReadonlySet<string> = new Set()): JsonObject {
  const { schema, seen } = resolve(root, refs, open);
  if (schema["allOf"] === undefined) return schema;
  return { ...schema, allOf: branchesOf(schema, "allOf").map((branch) => resolveAllOf(branch, refs, seen)) };
}

/** Follows references until one was followed before: that one says nothing new. */
function resolve(root: JsonObject, refs: Refs, open: ReadonlySet<string>): { readonly schema: JsonObject; readonly seen: ReadonlySet<string> } {
  const seen = new Set(open);
  let schema = root;
  for (let ref = schema["$ref"]; typeof ref === "string" && !seen.has(ref); ref = schema["$ref"]) {
    seen.add(ref);
    schema = { ...refs(ref), ...without(schema, "$ref") };
  }
  return { schema: without(schema, "$ref"), seen };
}

const DEFINITION_REF = /^#\/(?:\$defs|definitions)\/[^/]+$/;

/** Whether the root's definitions can stay where they are, under `$defs`: plain references only, and none in a circle. */
export function refsMayStay(root: JsonObject, refs: Refs): boolean {
  for (const schema of everySchema(root)) {
    const { $ref: ref } = schema;
    if (ref !== undefined && !(typeof ref === "string" && isPlainRef(schema, ref) && refs(ref) !== undefined)) return false;
    if (schema["allOf"] !== undefined && [...everySchema({ allOf: schema["allOf"] })].some((inner) => inner["$ref"] !== undefined)) return false;
    if (schema !== root && (schema["$defs"] !== undefined || schema["definitions"] !== undefined)) return false;
  }
  return !isRecursive(root, refs);
}

function isPlainRef(schema: JsonObject, ref: string): boolean {
  return Object.keys(schema).length === 1 && DEFINITION_REF.test(ref);
}

/** Whether some schema contains itself. */
export function isRecursive(root: JsonObject, refs: Refs): boolean {
  const done = new Set<string>();
  const leadsBack = (schema: JsonObject, open: ReadonlySet<string>): boolean => {
    for (const { $ref: ref } of everySchema(schema)) {
      if (typeof ref !== "string" || done.has(ref)) continue;
      const target = refs(ref);
      if (open.has(ref) || (target !== undefined && leadsBack(target, new Set([...open, ref])))) return true;
      done.add(ref);
    }
    return false;
  };
  return leadsBack(root, new Set(["#"]));
}

/** The older word `definitions` becomes `$defs`, in the pointers too. */
export function renameDefinitions(root: JsonObject): JsonObject {
  const { definitions } = root;
  if (!isJsonObject(definitions)) return root;
  const $defs = { ...definitions, ...(isJsonObject(root["$defs"]) && root["$defs"]) };
  return pointToDefs({ ...without(root, "definitions"), $defs });
}

function pointToDefs(schema: JsonObject): JsonObject {
  const pointed = mapMembers(schema, (value, key) => (key === "$ref" && typeof value === "string" ? value.replace(/^#\/definitions\//, "#/$defs/") : value));
  return mapSubschemas(pointed, "", pointToDefs);
}
