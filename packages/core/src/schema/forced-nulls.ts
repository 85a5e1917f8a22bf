import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { createRefs, type Refs } from "./inline-refs.ts";
import { toJsonSchema } from "./repair.ts";
import { acceptsNull, mayDescribe, viewsOf, viewsOfElement, viewsOfMember } from "./views.ts";
import { mapMembers, requiredOf } from "./walk.ts";

/** Takes out the nulls that a strict schema forced onto optional members. */
export function stripForcedNulls(argumentsObject: JsonObject, original: Json | undefined): JsonObject {
  return stripMembers(argumentsObject, [toJsonSchema(original)], createRefs(original));
}

function stripMembers(value: JsonObject, schemas: readonly JsonObject[], refs: Refs): JsonObject {
  const views = viewsOf(schemas, refs).filter((view) => mayDescribe(view, value));
  return mapMembers(value, (member, name) => (member === null && isForced(name, views, refs) ? undefined : stripValue(member, viewsOfMember(views, name), refs)));
}

function stripValue(value: Json, schemas: readonly JsonObject[], refs: Refs): Json {
  if (schemas.length === 0) return value;
  if (isJsonObject(value)) return stripMembers(value, schemas, refs);
  if (!Array.isArray(value)) return value;
  const views = viewsOf(schemas, refs);
  return value.map((element: Json, index) => stripValue(element, viewsOfElement(views, index), refs));
}

/** The caller's own schema knows the member, does not require it, and would not take null for it. */
function isForced(name: string, views: readonly JsonObject[], refs: Refs): boolean {
  const properties = viewsOfMember(views, name);
  return properties.length > 0 && !views.some((view) => requiredOf(view).includes(name)) && !properties.some((property) => acceptsNull(property, refs));
}
