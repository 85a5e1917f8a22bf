import type { SeatView } from "../hooks/hooks.ts";
import { bestWay, type Audience } from "./route.ts";
import type { Seat } from "./seats.ts";

/** Seats as others may see them, without their secrets: `ready` in its order, then those that pause or are busy. */
export function viewsOfSeats(ready: ReadonlySet<Seat>, all: readonly Seat[], audience: Audience & { readonly now: number }): ReadonlyMap<SeatView, Seat> {
  const views = new Map<SeatView, Seat>();
  for (const seat of ready) views.set(viewOf(seat, "ready", audience), seat);
  for (const seat of all) {
    const { isFull, blockedUntilAt } = seat.health;
    // The others have no part in this round.
    if (!ready.has(seat) && (isFull || blockedUntilAt > audience.now)) views.set(viewOf(seat, isFull ? "busy" : "pausing", audience), seat);
  }
  return views;
}

function viewOf({ credential, health, ways }: Seat, state: SeatView["state"], audience: Audience): SeatView {
  const candidate = bestWay(ways, audience)?.candidate;
  const { reason } = health.blocking;
  return {
    credential: credential.index,
    label: credential.label,
    upstream: candidate?.upstream.name ?? "",
    provider: candidate?.upstream.provider.id ?? "",
    model: candidate?.model ?? "",
    dialect: candidate?.upstream.dialect.id ?? "",
    priority: credential.priority,
    weight: credential.weight,
    state,
    ...(state === "pausing" && { until: health.blockedUntilAt, ...(reason !== undefined && { reason }) }),
  };
}
