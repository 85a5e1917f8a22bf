import { anthropicMessages } from "./anthropic-messages/index.ts";
import type { Dialect } from "./dialect.ts";
import { openaiChat, openaiCompletions } from "./openai-chat/index.ts";
import { openaiResponses } from "./openai-responses/index.ts";

/** Every dialect of the house; one line each. */
export const DIALECTS: readonly Dialect[] = [
  anthropicMessages,
  openaiChat,
  openaiCompletions,
  openaiResponses,
];
