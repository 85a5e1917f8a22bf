import { Lane, type LaneSeat, type LaneTurn } from "./lane.ts";

export type Strategy = "round-robin" | "weighted-round-robin" | "fill-first";

export interface WeightedSeat extends LaneSeat {
  readonly weight: number;
}

interface Share<S extends WeightedSeat> {
  readonly lane: Lane<S>;
  readonly weight: number;
  /** Smooth weighted round-robin: grows by its share at each choice, falls by the total when chosen. */
  current: number;
}

/**
 * Seats of one standing under one strategy. Weighted, seats of equal weight share a lane and the lanes are balanced
 * against each other, so that the work grows with the number of different weights only.
 */
export class Rotation<S extends WeightedSeat> {
  readonly #shares: readonly Share<S>[];
  readonly #inOrder: boolean;

  constructor(seats: readonly S[], strategy: Strategy) {
    this.#inOrder = strategy === "fill-first";
    this.#shares = strategy === "weighted-round-robin" ? sharesOf(seats) : [{ lane: new Lane(seats), weight: 1, current: 0 }];
  }

  get lanes(): readonly Lane<S>[] {
    return this.#shares.map((share) => share.lane);
  }

  turn(): RotationTurn<S> {
    return new RotationTurn(this.#shares, this.#inOrder);
  }

  dispose(): void {
    for (const { lane } of this.#shares) lane.dispose();
  }
}

function sharesOf<S extends WeightedSeat>(seats: readonly S[]): Share<S>[] {
  const byWeight = new Map<number, S[]>();
  for (const seat of seats) {
    if (seat.weight <= 0) continue;
    const same = byWeight.get(seat.weight);
    if (same === undefined) byWeight.set(seat.weight, [seat]);
    else same.push(seat);
  }
  return [...byWeight].map(([weight, same]) => ({ lane: new Lane(same), weight, current: 0 }));
}

interface ShareTurn<S extends WeightedSeat> {
  readonly share: Share<S>;
  readonly turn: LaneTurn<S>;
}

/** One way through a rotation; each usable seat at most once. */
export class RotationTurn<S extends WeightedSeat> {
  readonly #turns: readonly ShareTurn<S>[];

  constructor(shares: readonly Share<S>[], inOrder: boolean) {
    this.#turns = shares.map((share) => ({ share, turn: share.lane.turn(inOrder) }));
  }

  next(now: number): S | undefined {
    const passed = new Set<LaneTurn<S>>();
    for (;;) {
      const chosen = this.#choose(now, passed);
      if (chosen === undefined) return undefined;
      const seat = chosen.next(now);
      if (seat !== undefined) return seat;
      passed.add(chosen);
    }
  }

  #choose(now: number, passed: ReadonlySet<LaneTurn<S>>): LaneTurn<S> | undefined {
    let best: ShareTurn<S> | undefined;
    let total = 0;
    for (const each of this.#turns) {
      const { share, turn } = each;
      if (turn.exhausted || passed.has(turn)) continue;
      share.lane.wake(now);
      if (share.lane.readyCount === 0) continue;
      const part = share.weight * share.lane.readyCount;
      share.current += part;
      total += part;
      if (best === undefined || share.current > best.share.current) best = each;
    }
    if (best !== undefined) best.share.current -= total;
    return best?.turn;
  }
}
