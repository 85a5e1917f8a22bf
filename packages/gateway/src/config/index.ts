import { type Config, configSchema } from "./schema/index.ts";

export { type Config, configSchema };
export type { ClaudeEntry, CompatibleEntry, ErrorRule, KeyEntry, ModelEntry } from "./schema/provider-entry.ts";
export { parseDuration } from "./duration.ts";

/** What holds when nobody has configured anything. */
export const DEFAULT_CONFIG: Config = configSchema.parse({});
