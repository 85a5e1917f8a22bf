const SECONDS = 60;

/** How much happened in the last minute: this second and the 59 before it. Costs the same however much it is. */
export class MinuteWindow {
  /** By second of the minute. What happens in the last second gets here when the next one begins: until then one member is touched. */
  readonly #buckets = new Float64Array(SECONDS);
  /** The last second in which something happened, and how much. */
  #head = 0;
  #inHead = 0;
  #sum = 0;

  /** `at` may lie back; what is older than the window is left out. A negative amount takes back. */
  add(amount: number, at: number): void {
    const second = Math.floor(at / 1000);
    this.#advance(second);
    if (second === this.#head) {
      const after = Math.max(0, this.#inHead + amount);
      this.#sum += after - this.#inHead;
      this.#inHead = after;
    } else if (this.#head - second < SECONDS) {
      const before = this.#bucket(second);
      const after = Math.max(0, before + amount);
      this.#buckets[indexOf(second)] = after;
      this.#sum += after - before;
    }
  }

  sum(now: number): number {
    this.#advance(Math.floor(now / 1000));
    return this.#sum;
  }

  /** Milliseconds until no more than `most` is left of what there is now. */
  msUntil(most: number, now: number): number {
    let left = this.sum(now);
    if (most <= 0 && left > 0) return this.#msUntilEmpty(now);
    for (let age = SECONDS - 1; age >= 0 && left > most; age--) {
      const second = this.#head - age;
      left -= this.#bucket(second);
      if (left <= most) return Math.max(1, (second + SECONDS) * 1000 - now);
    }
    return 0;
  }

  /** When the youngest of it is old: looked for from this end, where it mostly is. */
  #msUntilEmpty(now: number): number {
    for (let age = 0; age < SECONDS; age++) {
      const second = this.#head - age;
      if (this.#bucket(second) > 0) return Math.max(1, (second + SECONDS) * 1000 - now);
    }
    return 0;
  }

  #bucket(second: number): number {
    return second === this.#head ? this.#inHead : (this.#buckets[indexOf(second)] ?? 0);
  }

  /** Forgets what has left the window. A clock that was set back changes nothing. */
  #advance(second: number): void {
    if (second <= this.#head) return;
    this.#buckets[indexOf(this.#head)] = this.#inHead;
    const steps = Math.min(SECONDS, second - this.#head);
    for (let step = 1; step <= steps; step++) {
      const index = indexOf(second - steps + step);
      this.#sum -= this.#buckets[index] ?? 0;
      this.#buckets[index] = 0;
    }
    this.#head = second;
    this.#inHead = 0;
    if (steps === SECONDS) this.#sum = 0;
  }
}

const indexOf = (second: number): number => ((second % SECONDS) + SECONDS) % SECONDS;
