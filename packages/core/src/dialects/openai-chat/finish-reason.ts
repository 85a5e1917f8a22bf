import type { Finish, FinishReason, Json } from "../../canonical/index.ts";
import type { ChatFinishReason } from "./wire.ts";

/** OpenAI's five words, and those that compatible servers let through from elsewhere. Compared in lower case. */
const DECODED: Readonly<Record<string, FinishReason>> = {
  stop: "end", length: "max-tokens", tool_calls: "tool-use", function_call: "tool-use", content_filter: "content-filter",
  end_turn: "end", eos: "end", eos_token: "end", completed: "end", end: "end",
  stop_sequence: "stop-sequence", tool_use: "tool-use", max_tokens: "max-tokens", max_output_tokens: "max-tokens", model_length: "context-window",
  model_context_window_exceeded: "context-window", refusal: "refusal", pause_turn: "pause",
  safety: "content-filter", blocklist: "content-filter", prohibited_content: "content-filter", spii: "content-filter", sensitive: "content-filter",
  recitation: "recitation", malformed_function_call: "malformed-tool-call",
};

/** `undefined` when nothing was said: absent, null and the empty string are the same. */
export function decodeFinish(value: Json | undefined): Finish | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  return { reason: DECODED[value.toLowerCase()] ?? "other", native: value };
}

const ENCODED: Readonly<Record<FinishReason, ChatFinishReason>> = {
  end: "stop", "stop-sequence": "stop", "tool-use": "tool_calls", "max-tokens": "length", "context-window": "length", pause: "stop", refusal: "content_filter",
  "content-filter": "content_filter", recitation: "content_filter", "malformed-tool-call": "stop", compaction: "stop", cancelled: "stop", other: "stop",
};

/** One of the five words, whatever the reason. A refusal that stands in the message's own field is an ordinary end. */
export function encodeFinish(finish: Finish, said: { readonly refusal: boolean; readonly legacyCall: boolean }): ChatFinishReason {
  if (finish.reason === "refusal" && said.refusal) return "stop";
  if (finish.reason === "tool-use" && said.legacyCall) return "function_call";
  return ENCODED[finish.reason];
}
