import { GatewayError, type FailureKind } from "@dragoman/core";
import type { PlanState } from "./plan-state.ts";
import { lanesOf } from "./route.ts";
import type { Seat } from "./seats.ts";

/** Failures after which waiting helps. */
const PASSING: ReadonlySet<FailureKind> = new Set<FailureKind>(["rate-limited", "quota-exhausted", "overloaded", "unavailable"]);

/** Somebody is told to come back after this time when all are busy: replies take seconds. */
const BUSY_RETRY_MS = 1000;

/** The dialect plays no part in when a seat is free: any ladder holds them all. */
const ANYBODY = { dialect: "" };

/** Milliseconds until a seat may be used in the coming round; `undefined` when there is none. */
export function waitMs(state: PlanState, now: number): number | undefined {
  if (state.stopped) return undefined;
  const coming = state.round + 1;
  if (!state.route.evenRounds) return soonest(state.route.seats.filter((seat) => seat.retries >= coming), now);
  if (coming > 0 && state.route.maxRounds < coming) return undefined;
  return soonest(firstDue(state, now), now);
}

/** Of each lane the seat that is free first. */
function firstDue(state: PlanState, now: number): Seat[] {
  return lanesOf(state.route.ladderFor(ANYBODY)).flatMap((lane) => {
    lane.wake(now);
    const ready = lane.readyAt(0);
    return (ready >= 0 ? lane.seat(ready) : lane.nextDue) ?? [];
  });
}

function soonest(seats: readonly Seat[], now: number): number | undefined {
  if (seats.length === 0) return undefined;
  return seats.reduce((least, seat) => Math.min(least, Math.max(0, seat.health.blockedUntilAt - now)), Number.POSITIVE_INFINITY);
}

/** Seats whose credentials are as busy as they may be. */
function isBusy(state: PlanState): boolean {
  return !state.stopped && lanesOf(state.route.ladderFor(ANYBODY)).some(({ fullCount }) => fullCount > 0);
}

/**
 * Waits until a seat of the plan may have room, or ends its pause.
 * @returns whether that was within the time; `undefined` when nobody is busy
 * @throws GatewayError `client_closed`
 */
export function waitForRoom(state: PlanState, now: number, { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal }): Promise<boolean> | undefined {
  if (!isBusy(state) || limitMs <= 0) return undefined;
  const lanes = lanesOf(state.route.ladderFor(ANYBODY));
  const pauseMs = soonest(firstDue(state, now), now) ?? Number.POSITIVE_INFINITY;
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
      for (const forget of forgets) forget();
      settle();
    };
    const freed = end(() => resolve(true));
    const leave = end(() => reject(new GatewayError("client_closed", { source: "client" })));
    const timer = setTimeout(end(() => resolve(pauseMs <= limitMs)), Math.min(limitMs, pauseMs));
    const forgets = lanes.map((lane) => lane.whenFreed(freed));
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
}

/** Why nobody can be asked. */
export function unavailableError(state: PlanState, model: string, now: number): GatewayError {
  const { route } = state;
  const providers = [...new Set(route.seats.flatMap((seat) => seat.ways.list[0]?.candidate.upstream.name ?? []))].sort();
  const [next] = firstDue(state, now).sort((a, b) => a.health.blockedUntilAt - b.health.blockedUntilAt);
  const waitMs = next === undefined ? 0 : next.health.blockedUntilAt - now;
  const reason = next?.health.blocking.reason;
  if (waitMs > 0 && reason !== undefined && PASSING.has(reason)) {
    const via = providers.length === 1 ? ` via provider ${providers[0]}` : "";
    return new GatewayError("model_cooldown", { message: `All credentials for model ${model} are cooling down${via}`, retryAfterMs: Math.max(1000, waitMs) });
  }
  if (isBusy(state)) return new GatewayError("model_cooldown", { message: `All accounts for model ${model} are busy with as many requests as they may take`, retryAfterMs: BUSY_RETRY_MS });
  const why = route.seats.length === 0 ? "no credential" : "no usable credential";
  return new GatewayError("no_credential", { message: `${why} (providers=${providers.join(",")}, model=${model})` });
}
