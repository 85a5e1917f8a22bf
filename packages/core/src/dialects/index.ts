import { anthropicMessages } from "./anthropic-messages/index.ts";
import type { Dialect } from "./dialect.ts";

/** Every dialect of the house; one line each. */
export const DIALECTS: readonly Dialect[] = [
  anthropicMessages,
];
