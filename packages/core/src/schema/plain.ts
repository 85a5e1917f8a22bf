import type { JsonObject } from "../canonical/index.ts";
import { turnIntoHint, withHints, type NodeContext } from "./hints.ts";
import { objectRoot } from "./object-root.ts";
import { rememberCleaned, type Cleaner } from "./remember-cleaned.ts";
import { mapSubschemas, without } from "./walk.ts";

/** Refused at the top level of function parameters, besides unions. */
const REFUSED_AT_ROOT = ["enum", "const", "not"];

/** Tools without strict mode: object root without unions, `properties` present, no `$schema`. */
export const cleanPlain: Cleaner<JsonObject> = rememberCleaned((schema, onLoss) => {
  const root = objectRoot(schema, onLoss);
  const context: NodeContext = { path: "", hints: [], onLoss };
  for (const keyword of REFUSED_AT_ROOT) {
    const value = root[keyword];
    if (value !== undefined) turnIntoHint(context, keyword, value);
  }
  return addProperties(withHints(without(root, "$schema", ...REFUSED_AT_ROOT), context.hints));
});

/** "object schema missing properties" (OpenAI, seen in the field); nested ones too. */
function addProperties(schema: JsonObject): JsonObject {
  const named = schema["type"] === "object" && schema["properties"] === undefined ? { ...schema, properties: {} } : schema;
  return mapSubschemas(named, "", addProperties);
}
