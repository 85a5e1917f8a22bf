import type { FailureKind } from "@dragoman/core";
import type { HealthBook } from "../credentials/health-book.ts";
import { SeatHold } from "../credentials/seat-hold.ts";
import type { RotationTurn } from "../credentials/rotation.ts";
import type { SeatView } from "../hooks/hooks.ts";
import type { Affinity } from "./affinity.ts";
import type { Candidate } from "./candidate.ts";
import type { PlanState } from "./plan-state.ts";
import { nextPreview } from "./preview-names.ts";
import { bestWay, lanesOf } from "./route.ts";
import type { Seat } from "./seats.ts";
import { viewsOfSeats } from "./seat-views.ts";
import type { Choice, PausingSeat, RouteQuestion, Selection } from "./switchboard.ts";

export interface SelectionContext {
  readonly state: PlanState;
  readonly question: RouteQuestion;
  readonly book: HealthBook;
  readonly affinity: Affinity | undefined;
  now(): number;
}

/** One round over the seats of a route: first where the conversation sat before, then by rank and strategy. */
export class SeatSelection implements Selection {
  readonly #context: SelectionContext;
  readonly #ladder: ReturnType<SelectionContext["state"]["route"]["ladderFor"]>;
  readonly #turns: readonly RotationTurn<Seat>[];
  readonly #tried = new Set<Seat>();
  readonly #keys: readonly string[];
  #choice: Choice | undefined;
  /** Once somebody else has had a say: the seats that are left, in their order. */
  #kept: readonly Seat[] | undefined;
  #views: ReadonlyMap<SeatView, Seat> | undefined;

  constructor(context: SelectionContext) {
    this.#context = context;
    const { state, question } = context;
    this.#ladder = state.route.ladderFor(question);
    this.#turns = this.#ladder.map((rotation) => rotation.turn());
    this.#keys = context.affinity === undefined ? [] : affinityKeys(state.route.name, question);
  }

  next(): Candidate | undefined {
    const { state, question, book, affinity } = this.#context;
    const now = this.#context.now();
    const preview = nextPreview(this.#context, now);
    if (preview !== undefined || state.stopped) return preview === undefined ? undefined : this.#at(preview.seat, preview.name);
    const seat = this.#choose(now);
    const way = seat === undefined ? undefined : bestWay(seat.ways, question);
    if (seat === undefined || way === undefined) return this.#restingPreview(now);
    this.#tried.add(seat);
    book.probe(seat.health, now);
    if (seat.credential.isLastResort !== true) affinity?.bind(this.#keys, seat.id, now);
    return { ...way.candidate, credential: seat.credential, ...holdOf(seat) };
  }

  /** On a seat, by another name of its model; the reply bears the client's word all the same. */
  #at(seat: Seat, name: string): Candidate | undefined {
    const way = bestWay(seat.ways, this.#context.question);
    this.#tried.add(seat);
    return way === undefined ? undefined : { ...way.candidate, model: name, forceMapping: true, credential: seat.credential, ...holdOf(seat) };
  }

  /** Nobody is free for the model's own name: somebody may be for another one. */
  #restingPreview(now: number): Candidate | undefined {
    const { state, question } = this.#context;
    for (const lane of lanesOf(state.route.ladderFor(question))) {
      for (const seat of lane.parked(RESTING_LOOKED_AT)) {
        if (this.#tried.has(seat) || seat.health.isFull || seat.ways.previews.length === 0 || this.#kept?.includes(seat) === false) continue;
        state.previews = { seat, names: seat.ways.previews };
        const preview = nextPreview(this.#context, now);
        if (preview !== undefined) return this.#at(seat, preview.name);
      }
    }
    return undefined;
  }

  get choice(): Choice | undefined {
    return this.#choice;
  }

  pausing(limit: number): readonly PausingSeat[] {
    const now = this.#context.now();
    const found: PausingSeat[] = [];
    for (const lane of lanesOf(this.#ladder)) {
      if (lane.readyCount === lane.seats.length) continue;
      lane.wake(now);
      for (const seat of lane.parked(limit - found.length)) found.push(pausingSeat(seat));
    }
    return found;
  }

  seats(): readonly SeatView[] {
    const now = this.#context.now();
    const bound = this.#bound(now);
    const ready = new Set<Seat>(bound === undefined ? [] : [bound]);
    for (let seat = this.#byStrategy(now); seat !== undefined; seat = this.#byStrategy(now)) ready.add(seat);
    const views = this.#views = viewsOfSeats(ready, this.#context.state.route.seats, { ...this.#context.question, now });
    return [...views.keys()];
  }

  keep(seats: readonly SeatView[]): void {
    this.#kept = seats.flatMap((view) => this.#views?.get(view) ?? []);
  }

  #choose(now: number): Seat | undefined {
    if (this.#kept !== undefined) return this.#chooseOf(this.#kept, now);
    const bound = this.#bound(now);
    if (bound !== undefined) {
      this.#choice = "conversation";
      return bound;
    }
    const next = this.#byStrategy(now);
    this.#choice = next === undefined ? "last-resort" : "turn";
    return next ?? this.#lastResort(now);
  }

  #chooseOf(kept: readonly Seat[], now: number): Seat | undefined {
    const next = kept.find((seat) => this.#accepts(seat, now));
    this.#choice = next === undefined ? "last-resort" : "turn";
    return next ?? (this.#tried.size > 0 ? undefined : kept.find((seat) => isResting(seat, now) && seat.retries >= this.#context.state.round));
  }

  #bound(now: number): Seat | undefined {
    const id = this.#context.affinity?.find(this.#keys, now);
    const seat = id === undefined ? undefined : this.#context.state.route.seat(id);
    return seat !== undefined && this.#accepts(seat, now) ? seat : undefined;
  }

  #byStrategy(now: number): Seat | undefined {
    for (const turn of this.#turns) {
      for (let seat = turn.next(now); seat !== undefined; seat = turn.next(now)) if (this.#accepts(seat, now)) return seat;
    }
    return undefined;
  }

  /**
   * Nobody is free, but somebody is only resting after trouble that may be over: asking beats refusing. Pauses that a
   * vendor asked for are kept.
   */
  #lastResort(now: number): Seat | undefined {
    if (this.#tried.size > 0) return undefined;
    const { state } = this.#context;
    return lanesOf(this.#ladder)
      .map((lane) => lane.nextDue)
      .find((seat) => seat !== undefined && isResting(seat, now) && seat.retries >= state.round);
  }

  #accepts(seat: Seat, now: number): boolean {
    return !this.#tried.has(seat) && !seat.health.isFull && seat.health.blockedUntilAt <= now && seat.retries >= this.#context.state.round;
  }
}

/** Taken at once, so that those who choose at the same time do not choose it, too. */
function holdOf({ credential, health }: Seat): Pick<Candidate, "hold"> {
  if (credential.account?.maxConcurrency === undefined) return {};
  const hold = new SeatHold(health);
  hold.take();
  return { hold };
}

function pausingSeat({ credential, health, ways }: Seat): PausingSeat {
  const { reason, vendorAsked } = health.blocking;
  return { credential: credential.label, model: ways.list[0]?.candidate.model ?? "", until: health.blockedUntilAt, vendorAsked, ...(reason !== undefined && { reason }) };
}

/** Of those that pause, so many are looked at for another name of the model. */
const RESTING_LOOKED_AT = 8;

const RESTING: ReadonlySet<FailureKind> = new Set<FailureKind>(["overloaded", "unavailable"]);

/** After a failure of the moment that came without a time to wait. */
function isResting({ health }: Seat, now: number): boolean {
  const { reason, vendorAsked } = health.blocking;
  return health.blockedUntilAt > now && reason !== undefined && RESTING.has(reason) && !vendorAsked;
}

/** Conversations of different principals never meet. */
export function affinityKeys(routeName: string, question: RouteQuestion): string[] {
  return question.sessionIds.map((id) => `${question.principal}\n${routeName}\n${id}`);
}
