/**
 * Cleaning of JSON Schemas for targets that refuse keywords. Every function works on a copy, visits only places where
 * a schema may stand, is deterministic to the byte, and turns what it removes into a hint in the description.
 * `onLoss` hears of each removed constraint (`keyword`, path inside the schema). What the cleaners return is frozen.
 */
export { stripForcedNulls } from "./forced-nulls.ts";
export type { SchemaLoss } from "./hints.ts";
export { cleanJsonSlot } from "./json-slot.ts";
export { cleanObjectRoot } from "./object-root.ts";
export { cleanPlain } from "./plain.ts";
export { cleanProtoSlot, type ProtoSlotOptions } from "./proto-slot.ts";
export type { Cleaner } from "./remember-cleaned.ts";
export { renameProperties, type PropertyNameRules, type RenamedSchema } from "./rename-properties.ts";
export { toJsonSchema } from "./repair.ts";
export { cleanStrict, type StrictOptions, type StrictSchema } from "./strict.ts";
export { cleanStructuredOutput } from "./structured-output.ts";
