import type { Decision } from "../observe/decision.ts";
import type { Candidate } from "../routing/candidate.ts";
import type { Selection } from "../routing/switchboard.ts";
import { endsRequest } from "../upstream/classify.ts";
import type { FailedAttempt } from "./attempt.ts";
import type { Call } from "./call.ts";

// What routing decided is written down only while somebody watches.

/** Of a pool with many that pause, so many are named. */
const NAMED_PAUSES = 10;

/** Who is not asked because he pauses. */
export function notePausing({ story, engine }: Call, selection: Selection): void {
  if (story.decisions === undefined || selection.pausing === undefined) return;
  for (const seat of selection.pausing(NAMED_PAUSES)) story.decisions.push({ at: engine.ports.clock.now(), kind: "passed-over", ...seat });
}

type Chosen = { -readonly [Member in keyof Extract<Decision, { kind: "chosen" }>]: Extract<Decision, { kind: "chosen" }>[Member] };

/** Who is asked, and why. */
export function noteChoice({ story, engine }: Call, { upstream, credential, model }: Candidate, { choice }: Selection): void {
  if (story.decisions === undefined) return;
  const chosen: Chosen = { at: engine.ports.clock.now(), kind: "chosen", attempt: story.attempts + 1, provider: upstream.name, credential: credential.label, model, dialect: upstream.dialect.id };
  // A spread would cost more than all the rest of this.
  if (choice !== undefined) chosen.choice = choice;
  story.decisions.push(chosen);
}

/** How it went wrong, and whether that is the end. */
export function noteFailure({ story, engine }: Call, { outcome, error }: FailedAttempt): void {
  story.decisions?.push({ at: engine.ports.clock.now(), kind: "failed", attempt: story.attempts, failure: outcome.kind, status: error.status, message: error.message, ends: endsRequest(outcome) });
}
