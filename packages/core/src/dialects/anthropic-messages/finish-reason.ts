import { isJsonObject, type Finish, type FinishReason, type JsonObject } from "../../canonical/index.ts";
import type { ClientTraits } from "../../capabilities.ts";
import { present } from "../../wire/present.ts";
import { text } from "./loose-values.ts";

const DECODE: Readonly<Record<string, FinishReason>> = {
  end_turn: "end",
  stop_sequence: "stop-sequence",
  max_tokens: "max-tokens",
  model_context_window_exceeded: "context-window",
  tool_use: "tool-use",
  pause_turn: "pause",
  refusal: "refusal",
  compaction: "compaction",
  // Compatible servers, seen in the field.
  sensitive: "content-filter",
  content_filtered: "content-filter",
};

const ENCODE: Readonly<Record<FinishReason, string>> = {
  end: "end_turn",
  "stop-sequence": "stop_sequence",
  "max-tokens": "max_tokens",
  "context-window": "model_context_window_exceeded",
  "tool-use": "tool_use",
  pause: "pause_turn",
  refusal: "refusal",
  "content-filter": "refusal",
  recitation: "refusal",
  "malformed-tool-call": "end_turn",
  compaction: "compaction",
  cancelled: "end_turn",
  other: "end_turn",
};

/** Reads `stop_reason`, `stop_sequence` and `stop_details`, which stand together in messages and in `message_delta.delta`. */
export function decodeFinish(holder: JsonObject): Finish {
  const native = text(holder.stop_reason);
  const details = isJsonObject(holder.stop_details) ? holder.stop_details : undefined;
  return present<Finish>({
    reason: (native === undefined ? undefined : DECODE[native]) ?? "other",
    native,
    sequence: text(holder.stop_sequence),
    category: text(details?.category),
    explanation: text(details?.explanation),
  });
}

export interface WireFinish {
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
  readonly stop_details: JsonObject | null;
}

/** @param refusal text of a refusal part, when the answer had one: then it is a refusal whatever the vendor called it. */
export function encodeFinish(finish: Finish, client: ClientTraits, refusal?: string): WireFinish {
  const stopReason = refusal !== undefined ? "refusal" : encodeReason(finish, client);
  const explanation = finish.explanation ?? refusal;
  const tellsMore = stopReason === "refusal" && (explanation !== undefined || finish.category !== undefined);
  return {
    stop_reason: stopReason,
    stop_sequence: stopReason === "stop_sequence" ? (finish.sequence ?? null) : null,
    stop_details: tellsMore ? { type: "refusal", category: finish.category ?? null, explanation: explanation ?? null } : null,
  };
}

function encodeReason(finish: Finish, client: ClientTraits): string {
  if (finish.reason === "content-filter") return client.contentFilterAs ?? ENCODE["content-filter"];
  // The SDK's users read the sequence beside the reason; without it the plain end is the truer word.
  if (finish.reason === "stop-sequence" && finish.sequence === undefined) return ENCODE.end;
  return ENCODE[finish.reason];
}
