import { anthropicMessages } from "./anthropic-messages.ts";
import type { Client } from "./client.ts";
import { gemini } from "./gemini.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";

export * from "./client.ts";

/** The official SDKs, one for each dialect. */
export const CLIENTS: readonly Client[] = [openaiChat, openaiResponses, anthropicMessages, gemini];
