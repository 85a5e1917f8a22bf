import { anthropicMessages } from "./anthropic-messages/index.ts";
import type { Dialect } from "./dialect.ts";
import { geminiCodeAssist, geminiGenerateContent } from "./gemini-generate-content/index.ts";
import { openaiChat, openaiCompletions } from "./openai-chat/index.ts";
import { openaiResponses } from "./openai-responses/index.ts";

/** Every dialect of the house; one line each. */
export const DIALECTS: readonly Dialect[] = [
  anthropicMessages,
  geminiGenerateContent,
  geminiCodeAssist,
  openaiChat,
  openaiCompletions,
  openaiResponses,
];
