import type { Json, JsonObject } from "../../canonical/index.ts";

/** Only the fields we read or write. OpenAI SDK 6.49 types (read 2026-11). */

export interface WireUsage extends JsonObject {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

export interface WireErrorObject extends JsonObject {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** What every stream event may carry; which of them it does depends on `type`. */
export interface WireEvent {
  readonly type?: string;
  readonly output_index?: number;
  readonly content_index?: number;
  readonly summary_index?: number;
  readonly item_id?: string;
  readonly call_id?: string;
  readonly delta?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly name?: string;
  readonly logprobs?: Json;
  readonly annotation?: Json;
  readonly item?: JsonObject;
  readonly part?: JsonObject;
  readonly response?: JsonObject;
  readonly error?: Json;
  readonly code?: Json;
  readonly message?: Json;
}

export type ItemStatus = "in_progress" | "completed" | "incomplete";
