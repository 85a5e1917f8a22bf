export type FinishReason =
  | "end" | "stop-sequence" | "max-tokens" | "context-window" | "tool-use" | "pause" | "refusal" | "content-filter"
  | "recitation" | "malformed-tool-call" | "compaction" | "cancelled" | "other";

export interface Finish {
  readonly reason: FinishReason;
  /** The vendor's own word. */
  readonly native?: string;
  /** Which stop sequence matched, where the dialect says. */
  readonly sequence?: string;
  readonly category?: string;
  readonly explanation?: string;
}

/**
 * Brings a decoded finish into line with what was said: calls were made, so the model waits for results, whatever
 * the vendor called it; no calls, so nothing is waited for. A length stop stays a length stop.
 */
export function reconcileFinish(finish: Finish, hasToolCalls: boolean): Finish {
  if (hasToolCalls && (finish.reason === "end" || finish.reason === "other" || finish.reason === "stop-sequence")) {
    return { ...finish, reason: "tool-use" };
  }
  if (!hasToolCalls && finish.reason === "tool-use") return { ...finish, reason: "end" };
  return finish;
}
