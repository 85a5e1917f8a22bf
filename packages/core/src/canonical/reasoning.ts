export type Effort = "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** How much the model shall think, in the caller's own terms; converted for the model at encode time. */
export interface ReasoningRequest {
  /** `default`: the caller said nothing about whether to think, only (perhaps) how hard. */
  readonly mode: "default" | "off" | "auto" | "effort" | "budget" | "between-tools";
  /** May accompany `auto` (adaptive thinking with an effort). */
  readonly effort?: Effort;
  /**
   * With `auto` and no effort: the effort that the caller's vendor documents for this case (`high` for adaptive thinking).
   * Said only to other dialects' models that know nothing but levels.
   */
  readonly defaultEffort?: Effort;
  /** Tokens. */
  readonly budget?: number;
  /** Whether and how the client wants to see thoughts; absent: it did not say. */
  readonly visibility?: "none" | "auto" | "concise" | "detailed" | "summarized" | "omitted" | "updates";
  readonly from: "body" | "suffix" | "override";
}
