import type { Tone } from "../../ui/badge.tsx";

/** Colours of how attempts end. */
export const OUTCOME_TONES: Readonly<Record<"succeeded" | "failed" | "cancelled", Tone>> = { succeeded: "success", failed: "danger", cancelled: "warning" };
