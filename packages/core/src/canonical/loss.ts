/**
 * What a translation dropped, changed or invented. Nothing may be lost without one: it shows in the debug header,
 * in the log and in the conformance case.
 */
export interface Loss {
  /** A short stable word for the situation, e.g. `unsupported-parameter`, `orphan-tool-result`. */
  readonly code: string;
  /** Where, in the caller's own spelling where that is known: `messages[2].content[0]`. */
  readonly path: string;
  readonly action: "dropped" | "converted" | "synthesised" | "repaired" | "moved";
  readonly detail?: string;
}
