import { isJsonObject, type Finish, type FinishReason, type JsonObject } from "../../canonical/index.ts";

/** How an answer ended, as the terminal event and its response say it. */
export interface WireEnd {
  readonly status: "completed" | "incomplete" | "failed";
  readonly incompleteReason?: "max_output_tokens" | "content_filter";
}

const COMPLETED: WireEnd = { status: "completed" };
const FILTERED: WireEnd = { status: "incomplete", incompleteReason: "content_filter" };
const TOO_LONG: WireEnd = { status: "incomplete", incompleteReason: "max_output_tokens" };
const FAILED: WireEnd = { status: "failed" };

const ENDS: Readonly<Record<FinishReason, WireEnd>> = {
  end: COMPLETED,
  "stop-sequence": COMPLETED,
  "tool-use": COMPLETED,
  pause: COMPLETED,
  refusal: COMPLETED,
  compaction: COMPLETED,
  other: COMPLETED,
  "max-tokens": TOO_LONG,
  "context-window": TOO_LONG,
  "content-filter": FILTERED,
  recitation: FILTERED,
  "malformed-tool-call": FAILED,
  cancelled: FAILED,
};

export function encodeFinish(reason: FinishReason): WireEnd {
  return ENDS[reason];
}

const INCOMPLETE: ReadonlyMap<string, FinishReason> = new Map(Object.entries<FinishReason>({
  max_output_tokens: "max-tokens",
  max_tokens: "max-tokens",
  content_filter: "content-filter",
}));

/** Reads the end of a response object; calls and refusals are seen in its items, not here. */
export function decodeFinish(response: JsonObject, hasRefusal: boolean): Finish {
  const details = isJsonObject(response.incomplete_details) ? response.incomplete_details : undefined;
  if (response.status === "incomplete" || (details !== undefined && typeof details.reason === "string")) {
    const native = typeof details?.reason === "string" ? details.reason : "incomplete";
    return { reason: INCOMPLETE.get(native) ?? "other", native };
  }
  if (response.status === "cancelled") return { reason: "cancelled", native: "cancelled" };
  return { reason: hasRefusal ? "refusal" : "end", native: "completed" };
}
