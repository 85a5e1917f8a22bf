import { DueHeap } from "./due-heap.ts";
import type { HealthWatcher, ModelHealth } from "./health-book.ts";
import { ReadySet } from "./ready-set.ts";

export interface LaneSeat {
  readonly health: ModelHealth;
}

/**
 * Seats of equal standing in a fixed order: the usable ones in a set that finds the next of them, the others in a heap
 * by the time they are due. What a choice costs does not depend on how many there are of either.
 */
export class Lane<S extends LaneSeat> implements HealthWatcher {
  readonly #seats: readonly S[];
  readonly #ready: ReadySet;
  readonly #parked = new DueHeap();
  /** When each parked seat shall be looked at again, as the heap has it; 0 for none. */
  readonly #lookAt: Float64Array;
  /** 1 for each seat whose credential takes no more for now. */
  readonly #full: Uint8Array;
  #fullCount = 0;
  /** Those who wait for room, in the order in which they came. */
  readonly #waiting = new Set<() => void>();
  #cursor = 0;

  constructor(seats: readonly S[]) {
    this.#seats = seats;
    this.#ready = new ReadySet(seats.length);
    this.#lookAt = new Float64Array(seats.length);
    this.#full = new Uint8Array(seats.length);
    seats.forEach((seat, member) => {
      seat.health.watchers.push({ watcher: this, member });
      this.healthChanged(member);
    });
  }

  /** Usable seats, as far as is known without looking at the time. */
  get readyCount(): number {
    return this.#ready.size;
  }

  /** Lets go of the seats' health, so that a route made for once leaves nothing behind. */
  dispose(): void {
    for (const { health } of this.#seats) {
      const at = health.watchers.findIndex(({ watcher }) => watcher === this);
      if (at >= 0) health.watchers.splice(at, 1);
    }
  }

  /** Seats whose credential takes no more requests for now. */
  get fullCount(): number {
    return this.#fullCount;
  }

  /** Calls back once, when a seat may have room. @returns forgets it */
  whenFreed(resume: () => void): () => void {
    this.#waiting.add(resume);
    return () => void this.#waiting.delete(resume);
  }

  healthChanged(member: number): void {
    const health = this.#seats[member]?.health;
    const isFull = health?.isFull === true;
    this.#markFull(member, isFull);
    // Looked at again when it has room.
    if (isFull) this.#ready.delete(member);
    else this.#place(member, health?.blockedUntilAt ?? 0);
    if (!isFull) this.#wakeOne();
  }

  #place(member: number, until: number): void {
    if (until === 0) {
      this.#ready.add(member);
      return;
    }
    this.#ready.delete(member);
    const lookAt = this.#lookAt[member] ?? 0;
    if (lookAt !== 0 && lookAt <= until) return;
    this.#lookAt[member] = until;
    this.#parked.push(member, until);
  }

  #markFull(member: number, isFull: boolean): void {
    const mark = isFull ? 1 : 0;
    this.#fullCount += mark - (this.#full[member] ?? 0);
    this.#full[member] = mark;
  }

  #wakeOne(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first);
    first();
  }

  /** Brings back the seats whose time has come. */
  wake(now: number): void {
    for (let due = this.#parked.peek(); due !== undefined && due.at <= now; due = this.#parked.peek()) {
      this.#parked.pop();
      if (this.#lookAt[due.member] !== due.at) continue;
      this.#lookAt[due.member] = 0;
      if (this.#full[due.member] === 1) continue;
      const until = this.#seats[due.member]?.health.blockedUntilAt ?? 0;
      if (until <= now) this.#ready.add(due.member);
      else this.#place(due.member, until);
    }
  }

  /** The parked seat that is due first. */
  get nextDue(): S | undefined {
    for (let due = this.#parked.peek(); due !== undefined; due = this.#parked.peek()) {
      const seat = this.#seats[due.member];
      const isFull = this.#full[due.member] === 1;
      if (!isFull && this.#lookAt[due.member] === due.at && seat?.health.blockedUntilAt === due.at) return seat;
      this.#parked.pop();
      if (this.#lookAt[due.member] !== due.at) continue;
      this.#lookAt[due.member] = 0;
      if (!isFull) this.#place(due.member, seat?.health.blockedUntilAt ?? 0);
    }
    return undefined;
  }

  /** Seats that wait for their time, at most so many, in no order. */
  parked(limit: number): S[] {
    const found: S[] = [];
    for (const { at, member } of this.#parked.entries()) {
      const seat = this.#seats[member];
      if (found.length >= limit) break;
      if (seat !== undefined && this.#lookAt[member] === at) found.push(seat);
    }
    return found;
  }

  /** Usable or not, for the few questions that concern all. */
  get seats(): readonly S[] {
    return this.#seats;
  }

  /** One way through the usable seats, each at most once. `inOrder`: from the first one, not from where the last one began. */
  turn(inOrder: boolean): LaneTurn<S> {
    return new LaneTurn(this, inOrder);
  }

  /** For `LaneTurn`: the usable seat at or after a place, going round. */
  readyAt(place: number): number {
    const found = this.#ready.nextFrom(place);
    return found >= 0 || place === 0 ? found : this.#ready.nextFrom(0);
  }

  seat(member: number): S | undefined {
    return this.#seats[member];
  }

  get cursor(): number {
    return this.#cursor;
  }

  set cursor(place: number) {
    this.#cursor = place >= this.#seats.length ? 0 : place;
  }
}

/** See `Lane.turn`. */
export class LaneTurn<S extends LaneSeat> {
  readonly #lane: Lane<S>;
  readonly #inOrder: boolean;
  #first = -1;
  /** How far from the first seat this turn has come; the lane's length when it is through. */
  #distance = -1;

  constructor(lane: Lane<S>, inOrder: boolean) {
    this.#lane = lane;
    this.#inOrder = inOrder;
  }

  get exhausted(): boolean {
    return this.#distance >= this.#lane.seats.length;
  }

  next(now: number): S | undefined {
    if (this.exhausted) return undefined;
    this.#lane.wake(now);
    const member = this.#first < 0 ? this.#begin() : this.#goOn();
    if (member >= 0) return this.#lane.seat(member);
    if (this.#first >= 0) this.#distance = this.#lane.seats.length;
    return undefined;
  }

  #begin(): number {
    const member = this.#lane.readyAt(this.#inOrder ? 0 : this.#lane.cursor);
    if (member < 0) return -1;
    this.#first = member;
    this.#distance = 0;
    if (!this.#inOrder) this.#lane.cursor = member + 1;
    return member;
  }

  #goOn(): number {
    const count = this.#lane.seats.length;
    const from = (this.#first + this.#distance + 1) % count;
    if (from === this.#first) return -1;
    const member = this.#lane.readyAt(from);
    if (member < 0) return -1;
    const distance = (member - this.#first + count) % count;
    if (distance <= this.#distance) return -1;
    this.#distance = distance;
    return member;
  }
}
