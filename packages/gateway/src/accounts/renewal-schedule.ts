import { DueHeap } from "../credentials/due-heap.ts";

/** Who is due when. What a change costs grows with the logarithm of how many there are. */
export class RenewalSchedule<T extends object> {
  readonly #heap = new DueHeap();
  readonly #memberOf = new Map<T, number>();
  readonly #members: (T | undefined)[] = [];
  /** When each member is due, as it was said last: entries of the heap that say otherwise are old. */
  readonly #atOf: (number | undefined)[] = [];
  readonly #free: number[] = [];

  /** @param at epoch ms; `undefined`: never, it is forgotten */
  set(one: T, at: number | undefined): void {
    const known = this.#memberOf.get(one);
    if (at === undefined) {
      if (known !== undefined) this.#forget(one, known);
      return;
    }
    const member = known ?? this.#enter(one);
    if (this.#atOf[member] === at) return;
    this.#atOf[member] = at;
    this.#heap.push(member, at);
  }

  /** Epoch ms at which the first is due. */
  get nextAt(): number | undefined {
    for (let due = this.#heap.peek(); due !== undefined; due = this.#heap.peek()) {
      if (this.#atOf[due.member] === due.at) return due.at;
      this.#heap.pop();
    }
    return undefined;
  }

  /** Takes out one that is due by now; it has to be entered again. */
  takeDue(now: number): T | undefined {
    const at = this.nextAt;
    if (at === undefined || at > now) return undefined;
    const due = this.#heap.pop();
    const one = due === undefined ? undefined : this.#members[due.member];
    if (one !== undefined && due !== undefined) this.#forget(one, due.member);
    return one;
  }

  #enter(one: T): number {
    const member = this.#free.pop() ?? this.#members.length;
    this.#members[member] = one;
    this.#memberOf.set(one, member);
    return member;
  }

  #forget(one: T, member: number): void {
    this.#memberOf.delete(one);
    this.#members[member] = undefined;
    this.#atOf[member] = undefined;
    this.#free.push(member);
  }
}
