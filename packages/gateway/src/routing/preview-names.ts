import type { Failure } from "../credentials/cooldown.ts";
import type { HealthBook } from "../credentials/health-book.ts";
import type { Candidate } from "./candidate.ts";
import type { PlanState } from "./plan-state.ts";
import { seatId, type Seat } from "./seats.ts";

/** After a 429 the other names of the model come next, on the same seat; any other failure ends that. */
export function notePreviews(state: PlanState, { credential, model }: Pick<Candidate, "credential" | "model">, { error }: Failure): void {
  if (error.status !== 429) {
    state.previews = undefined;
    return;
  }
  const seat = state.route.seat(seatId(credential.id, model));
  if (seat !== undefined && seat.ways.previews.length > 0) state.previews = { seat, names: seat.ways.previews };
}

/** The next name that does not pause itself; it is taken out of those that are left. */
export function nextPreview({ state, book }: { readonly state: PlanState; readonly book: HealthBook }, now: number): { readonly seat: Seat; readonly name: string } | undefined {
  for (let left = state.previews; left !== undefined; left = state.previews) {
    const { seat, names: [name, ...others] } = left;
    state.previews = others.length === 0 ? undefined : { seat, names: others };
    if (name !== undefined && Math.max(book.find(seat.credential.id, name)?.blockedUntilAt ?? 0, seat.health.whole.coolUntilAt) <= now) return { seat, name };
  }
  return undefined;
}
