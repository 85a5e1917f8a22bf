import type { Json, JsonObject } from "../../canonical/index.ts";

/** The member when it is a string. */
export function stringAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

/** The member when it is a number; also one told as text, as Google's JSON does with int64. */
export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  if (typeof value === "number") return value;
  return typeof value === "string" && value !== "" && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

/** The member when it is a list. */
export function listAt(object: JsonObject, key: string): readonly Json[] {
  const value = object[key];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
