import type { NameRules } from "./tool-names.ts";

/** Call ids ↔ ids that are legal at the upstream, for one request. Deterministic: no state between requests is needed. */
export interface CallIds {
  toWire(callId: string): string;
  /** The caller's id for one that the upstream uses. Unknown ids come back unchanged. */
  fromWire(wireId: string): string;
}

export function createCallIds(_rules: NameRules): CallIds {
  throw new Error("not written yet");
}
