import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import type { Refs } from "./inline-refs.ts";
import { branchesOf, memberOf, propertiesOf, typesOf } from "./walk.ts";

/**
 * All the schemas that have a say about one value: the schema itself, what it refers to, and the branches of its
 * unions and conditions. Each once, so that definitions may lead in circles.
 */
export function viewsOf(schemas: readonly JsonObject[], refs: Refs): readonly JsonObject[] {
  const views = new Set<JsonObject>(schemas);
  for (const view of views) {
    const { $ref: ref } = view;
    const target = typeof ref === "string" ? refs(ref) : undefined;
    if (target !== undefined) views.add(target);
    for (const keyword of ["allOf", "anyOf", "oneOf"]) for (const branch of branchesOf(view, keyword)) views.add(branch);
    for (const keyword of ["then", "else"]) if (isJsonObject(view[keyword])) views.add(view[keyword]);
  }
  return [...views];
}

/** The schemas that speak about one member of an object. */
export function viewsOfMember(views: readonly JsonObject[], name: string): readonly JsonObject[] {
  return views.flatMap((view) => {
    const property = memberOf(propertiesOf(view), name);
    return isJsonObject(property) ? [property] : [];
  });
}

/** The schemas that speak about one element of a list. */
export function viewsOfElement(views: readonly JsonObject[], index: number): readonly JsonObject[] {
  return views.flatMap((view) => {
    const tuple = Array.isArray(view["items"]) ? branchesOf(view, "items") : branchesOf(view, "prefixItems");
    const element = tuple[index] ?? view["items"];
    return isJsonObject(element) ? [element] : [];
  });
}

export function acceptsNull(schema: JsonObject, refs: Refs, open: ReadonlySet<string> = new Set()): boolean {
  const { $ref: ref, enum: values } = schema;
  if (typeof ref === "string") {
    const target = open.has(ref) ? undefined : refs(ref);
    return target !== undefined && acceptsNull(target, refs, new Set([...open, ref]));
  }
  if (schema["const"] !== undefined) return schema["const"] === null;
  if (Array.isArray(values) && !values.includes(null)) return false;
  if (schema["type"] !== undefined && !typesOf(schema).includes("null")) return false;
  return ["anyOf", "oneOf"].every((keyword) => schema[keyword] === undefined || branchesOf(schema, keyword).some((branch) => acceptsNull(branch, refs, open)))
    && branchesOf(schema, "allOf").every((branch) => acceptsNull(branch, refs, open));
}

/** Whether a value can be what the schema's type says; tells the branches of a union apart, roughly. */
export function mayDescribe(schema: JsonObject, value: Json): boolean {
  const types = typesOf(schema);
  if (types.length === 0) return true;
  if (value === null) return types.includes("null");
  if (Array.isArray(value)) return types.includes("array");
  if (typeof value === "number") return types.includes("number") || types.includes("integer");
  return types.includes(typeof value);
}
