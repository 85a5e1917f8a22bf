import type { Json, JsonObject } from "../canonical/index.ts";

/**
 * Cleaning of JSON Schemas for targets that refuse keywords. Every function works on a copy, visits only places where
 * a schema may stand, is deterministic to the byte, and turns what it removes into a hint in the description.
 * `onLoss` hears of each removed constraint (`keyword`, path inside the schema).
 */
export type SchemaLoss = (keyword: string, path: string) => void;

/** Repairs what callers send as a schema into JSON Schema with an object root; also reads Google's own Schema form (upper-case types, `nullable`). */
export function toJsonSchema(_schema: Json | undefined): JsonObject {
  throw new Error("not written yet");
}

/** Tools without strict mode: object root without unions, `properties` present, no `$schema`. */
export function cleanPlain(_schema: Json | undefined, _onLoss: SchemaLoss): JsonObject {
  throw new Error("not written yet");
}

/** Strict mode: closed objects, all required, former optionals nullable. `strict` is false when it cannot be done. */
export function cleanStrict(_schema: Json | undefined, _options: { readonly plain: boolean }, _onLoss: SchemaLoss): { readonly schema: JsonObject; readonly strict: boolean } {
  throw new Error("not written yet");
}

/** Takes out the nulls that a strict schema forced onto optional members. */
export function stripForcedNulls(_argumentsObject: JsonObject, _original: Json | undefined): JsonObject {
  throw new Error("not written yet");
}

/** An object root without root unions; everything else passes (JSON Schema 2020-12). */
export function cleanObjectRoot(_schema: Json | undefined, _onLoss: SchemaLoss): JsonObject {
  throw new Error("not written yet");
}

/** The narrow set that structured outputs accept; the rest moves into descriptions. `undefined` when it cannot be done (recursion). */
export function cleanStructuredOutput(_schema: Json | undefined, _onLoss: SchemaLoss): JsonObject | undefined {
  throw new Error("not written yet");
}

/** The JSON Schema subset of `parametersJsonSchema` / `responseJsonSchema`. */
export function cleanJsonSlot(_schema: Json | undefined, _onLoss: SchemaLoss): JsonObject {
  throw new Error("not written yet");
}

/** Google's Schema proto, where an unknown key is an error. */
export function cleanProtoSlot(_schema: Json | undefined, _options: { readonly flattenUnions: boolean; readonly placeholderEmptyObject: boolean; readonly schemaSafe: boolean }, _onLoss: SchemaLoss): JsonObject {
  throw new Error("not written yet");
}

/** What a target allows as a property name. */
export interface PropertyNameRules {
  readonly char: RegExp;
  readonly firstChar: RegExp;
  readonly maxLength: number;
}

/** A schema whose property names are legal at the target, and the way there and back for arguments. */
export interface RenamedSchema {
  readonly schema: JsonObject;
  /** False when every name was legal: then the two functions return what they are given. */
  readonly renamed: boolean;
  toWire(value: JsonObject): JsonObject;
  fromWire(value: JsonObject): JsonObject;
}

export function renameProperties(_schema: JsonObject, _rules: PropertyNameRules): RenamedSchema {
  throw new Error("not written yet");
}
