import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { invalidRequest } from "../errors/index.ts";

/**
 * Reads what a client sent, with the path of the fault in every complaint. `path` is the path of the object itself,
 * `""` for the body. Absent and `null` are the same to the optional readers.
 */
export function readObject(value: unknown, path: string): JsonObject {
  if (!isJsonObject(value)) throw invalidRequest(path, `expected an object, got ${nameOf(value)}`);
  return value;
}

export function readArray(value: unknown, path: string): readonly Json[] {
  if (!Array.isArray(value)) throw invalidRequest(path, `expected a list, got ${nameOf(value)}`);
  return value as readonly Json[];
}

export function readString(value: unknown, path: string): string {
  if (typeof value !== "string") throw invalidRequest(path, `expected a string, got ${nameOf(value)}`);
  return value;
}

export function optionalString(object: JsonObject, key: string, path: string): string | undefined {
  const value = object[key];
  return value === undefined || value === null ? undefined : readString(value, join(path, key));
}

export function optionalNumber(object: JsonObject, key: string, path: string): number | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw invalidRequest(join(path, key), `expected a number, got ${nameOf(value)}`);
  return value;
}

/** A whole number, not below `minimum`. */
export function optionalInteger(object: JsonObject, key: string, path: string, minimum = 0): number | undefined {
  const value = optionalNumber(object, key, path);
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || value < minimum) throw invalidRequest(join(path, key), `expected a whole number of at least ${minimum}, got ${value}`);
  return value;
}

export function optionalBoolean(object: JsonObject, key: string, path: string): boolean | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw invalidRequest(join(path, key), `expected true or false, got ${nameOf(value)}`);
  return value;
}

export function optionalObject(object: JsonObject, key: string, path: string): JsonObject | undefined {
  const value = object[key];
  return value === undefined || value === null ? undefined : readObject(value, join(path, key));
}

export function optionalArray(object: JsonObject, key: string, path: string): readonly Json[] | undefined {
  const value = object[key];
  return value === undefined || value === null ? undefined : readArray(value, join(path, key));
}

export function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function nameOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
