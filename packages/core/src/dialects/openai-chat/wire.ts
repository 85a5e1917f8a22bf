import type { Json, JsonObject } from "../../canonical/index.ts";

/*
 * The fields of Chat Completions that we read or write, after the types of the OpenAI SDK 6.49 (read 2026-11), with
 * what compatible servers add. Everything that comes from outside is optional and of any type until it was looked at.
 */

export interface ChatToolCall {
  readonly index?: Json;
  readonly id?: Json;
  readonly type?: Json;
  readonly function?: { readonly name?: Json; readonly arguments?: Json } | null;
  readonly custom?: { readonly name?: Json; readonly input?: Json } | null;
  /** Google's convention for thought signatures on its compatible endpoint. */
  readonly extra_content?: Json;
}

/** A streamed delta and a whole message are near enough to be read by the same code. */
export interface ChatDelta {
  readonly role?: Json;
  readonly content?: Json;
  readonly refusal?: Json;
  readonly tool_calls?: Json;
  readonly function_call?: { readonly name?: Json; readonly arguments?: Json } | null;
  readonly annotations?: Json;
  readonly audio?: Json;
  readonly images?: Json;
  readonly reasoning_details?: Json;
  readonly thinking_blocks?: Json;
  readonly reasoning_content?: Json;
  readonly reasoning?: Json;
  readonly thinking?: Json;
}

export interface ChatChoice {
  readonly index?: Json;
  readonly delta?: ChatDelta | null;
  readonly message?: ChatDelta | null;
  readonly finish_reason?: Json;
  readonly logprobs?: { readonly content?: Json; readonly refusal?: Json } | null;
}

/** A chunk of a stream, or a whole `chat.completion`. */
export interface ChatChunk {
  readonly id?: Json;
  readonly created?: Json;
  readonly model?: Json;
  readonly service_tier?: Json;
  readonly choices?: readonly ChatChoice[] | null;
  readonly usage?: Json;
  readonly error?: Json;
}

export type ChatFinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "function_call";

/** What a message looks like when we write it. */
export type ChatMessage = JsonObject & { readonly role: string };
