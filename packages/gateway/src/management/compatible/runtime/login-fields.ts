import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { OfficeError } from "../../office.ts";

/** One change of a login's file. `undefined` takes the field away. */
export interface FieldEdit {
  readonly path: readonly string[];
  readonly value: Json | undefined;
}

/** Spellings of the configuration, for fields that files write with underscores. */
const KEBAB_FIELDS: ReadonlySet<string> = new Set([
  "proxy-url", "excluded-models", "model-aliases", "request-scoped-errors", "request-retry", "disable-cooling", "refresh-interval-seconds", "refresh-interval",
]);

/** Names that would reach into the program instead of the file. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** @throws OfficeError 400 */
export function fieldEdits(fields: Readonly<Record<string, Json>>): readonly FieldEdit[] {
  const edits = Object.entries(fields).map(([key, value]): FieldEdit => {
    const path = key.split(".").map((part, place) => (place === 0 && KEBAB_FIELDS.has(part) ? part.replaceAll("-", "_") : part));
    if (path.some((part) => part.trim() === "" || FORBIDDEN.has(part))) throw new OfficeError(400, { error: `invalid field: ${key}`, path: key });
    return { path, value: checkedValue(path.join("."), value) };
  });
  if (edits.length === 0) throw new OfficeError(400, "no fields to update");
  return edits;
}

function checkedValue(name: string, value: Json): Json | undefined {
  if (value === null) return undefined;
  if (name !== "weight" && name !== "request_retry" && name !== "priority") return value;
  if (!Number.isInteger(value)) throw new OfficeError(400, { error: `${name} must be an integer`, path: name });
  return name === "request_retry" && Number(value) < 0 ? undefined : value;
}

export function editedLogin(content: JsonObject, edits: readonly FieldEdit[]): JsonObject {
  return edits.reduce((login, { path, value }) => {
    const [only] = path;
    return path.length === 1 && only === "headers" && isJsonObject(value) ? withHeaders(login, value) : withValue(login, path, value);
  }, content);
}

/** Headers are merged; a blank one goes. */
function withHeaders(login: JsonObject, changes: JsonObject): JsonObject {
  const before = isJsonObject(login.headers) ? login.headers : {};
  const after = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null && value !== "");
  return withValue(login, ["headers"], after.length === 0 ? undefined : Object.fromEntries(after));
}

function withValue(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [first = "", ...rest] = path;
  const inner = object[first];
  if (rest.length > 0) return { ...object, [first]: withValue(isJsonObject(inner) ? inner : {}, rest, value) };
  if (value !== undefined) return { ...object, [first]: value };
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== first));
}
