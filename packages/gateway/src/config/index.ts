import { type Config, configSchema } from "./schema/index.ts";

export { type Config, configSchema };
export type { ClaudeEntry, CompatibleEntry, ErrorRule, KeyEntry, ModelEntry } from "./schema/provider-entry.ts";
export { type ConfigChange, describeChanges } from "./describe-changes.ts";
export { parseDuration } from "./duration.ts";
export { environmentUpstreams } from "./environment-keys.ts";
export { type Environment, SECRET_PREFIX } from "./expand-environment.ts";
export { parseExpression } from "./expression.ts";
export { expandText, expandTree, migratedTree } from "./file-tree.ts";
export { type ConfigNote, type ConfigProblem, findingText } from "./findings.ts";
export { configJsonSchema } from "./json-schema.ts";
export { type ParsedConfig, parseConfig } from "./parse.ts";
export { configReferencePage } from "./reference-page.ts";
export { type ConfigPath, placeOf } from "./places.ts";
export { redactConfig } from "./redact.ts";

/** What holds when nobody has configured anything. */
export const DEFAULT_CONFIG: Config = configSchema.parse({});
