import { Rotation, type Strategy } from "../credentials/rotation.ts";
import type { Lane } from "../credentials/lane.ts";
import type { ModelTarget, RouteQuestion } from "./switchboard.ts";
import type { Seat, Way, Ways } from "./seats.ts";

/** What of a question decides who is asked first. */
export type Audience = Pick<RouteQuestion, "dialect" | "hasTools">;

/** Seats in groups, the better ones first: by priority, then by whether they speak the client's dialect. */
export type Ladder = readonly Rotation<Seat>[];

/** A model name and everybody who can answer to it. */
export class Route {
  readonly name: string;
  readonly seats: readonly Seat[];
  /** Further rounds: the largest number that any seat allows. */
  readonly maxRounds: number;
  /** All seats take part in equally many rounds. */
  readonly evenRounds: boolean;
  readonly #strategy: Strategy;
  readonly #kinds: readonly Ways[];
  #targets: readonly ModelTarget[] | undefined;
  #byId: ReadonlyMap<string, Seat> | undefined;
  readonly #ladders = new Map<string, Ladder>();
  /** By audience; there are few. */
  readonly #ladderOf = new Map<string, Ladder>();

  constructor(name: string, seats: readonly Seat[], strategy: Strategy) {
    this.name = name;
    this.seats = seats;
    this.#strategy = strategy;
    this.#kinds = [...new Map(seats.map((seat) => [seat.ways.kind, seat.ways])).values()];
    this.maxRounds = seats.reduce((most, seat) => Math.max(most, seat.retries), 0);
    this.evenRounds = seats.every((seat) => seat.retries === this.maxRounds);
  }

  /** Providers and models behind the name, each pair once. */
  get targets(): readonly ModelTarget[] {
    return (this.#targets ??= targetsOf(this.seats));
  }

  seat(id: string): Seat | undefined {
    this.#byId ??= new Map(this.seats.map((seat) => [seat.id, seat]));
    return this.#byId.get(id);
  }

  /** Audiences that rank all seats alike share a ladder, and with it the place in the rotation. */
  ladderFor(audience: Audience): Ladder {
    const asked = `${audience.dialect}${audience.hasTools === true ? "+" : ""}`;
    let ladder = this.#ladderOf.get(asked);
    if (ladder === undefined) {
      ladder = this.#findLadder(audience);
      this.#ladderOf.set(asked, ladder);
    }
    return ladder;
  }

  #findLadder(audience: Audience): Ladder {
    const ranks = new Map(this.#kinds.map((ways) => [ways.kind, rank(ways, audience)]));
    const lowest = Math.min(...ranks.values());
    const key = this.#kinds.map((ways) => (ranks.get(ways.kind) ?? 0) - lowest).join(",");
    let ladder = this.#ladders.get(key);
    if (ladder === undefined) {
      ladder = this.#build(ranks);
      this.#ladders.set(key, ladder);
    }
    return ladder;
  }

  dispose(): void {
    for (const ladder of this.#ladders.values()) for (const rotation of ladder) rotation.dispose();
    this.#ladders.clear();
    this.#ladderOf.clear();
  }

  #build(ranks: ReadonlyMap<string, number>): Ladder {
    const groups = new Map<string, { readonly priority: number; readonly rank: number; readonly seats: Seat[] }>();
    for (const seat of this.seats) {
      const { priority } = seat.credential;
      const seatRank = ranks.get(seat.ways.kind) ?? 0;
      const key = `${priority}/${seatRank}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { priority, rank: seatRank, seats: [seat] });
      else group.seats.push(seat);
    }
    return [...groups.values()]
      .sort((a, b) => b.priority - a.priority || a.rank - b.rank)
      .map((group) => new Rotation(group.seats, this.#strategy));
  }
}

/** Lanes of a ladder, for questions about time. */
export function lanesOf(ladder: Ladder): Lane<Seat>[] {
  return ladder.flatMap((rotation) => rotation.lanes);
}

/** 0: speaks the client's dialect; 1: another one; 2: only one that it had better not take. */
function rank(ways: Ways, audience: Audience): number {
  const way = bestWay(ways, audience);
  if (way === undefined || isAvoided(way, audience)) return 2;
  return way.dialect === audience.dialect ? 0 : 1;
}

/** The way through a seat that suits the client best. */
export function bestWay({ list }: Ways, audience: Audience): Way | undefined {
  const open = list.filter((way) => !isAvoided(way, audience));
  return open.find((way) => way.dialect === audience.dialect) ?? open[0] ?? list[0];
}

function isAvoided(way: Way, audience: Audience): boolean {
  return audience.hasTools === true && way.avoidWithTools;
}

function targetsOf(seats: readonly Seat[]): readonly ModelTarget[] {
  const targets = new Map<string, ModelTarget>();
  for (const ways of new Set(seats.map((seat) => seat.ways))) {
    for (const { candidate: { upstream, model } } of ways.list) targets.set(`${upstream.name}\n${upstream.provider.id}\n${model}`, { provider: upstream.provider.id, upstream: upstream.name, model });
  }
  return [...targets.values()];
}
