const SECONDS = 60;

/** How much happened in the last minute: this second and the 59 before it. Costs the same however much it is. */
export class MinuteWindow {
  readonly #buckets = new Float64Array(SECONDS);
  #head = 0;
  #sum = 0;

  /** `at` may lie back; what is older than the window is left out. A negative amount takes back. */
  add(amount: number, at: number): void {
    const second = Math.floor(at / 1000);
    this.#advance(second);
    if (this.#head - second >= SECONDS) return;
    const index = second % SECONDS;
    const before = this.#buckets[index] ?? 0;
    const after = Math.max(0, before + amount);
    this.#buckets[index] = after;
    this.#sum += after - before;
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
      left -= this.#buckets[((second % SECONDS) + SECONDS) % SECONDS] ?? 0;
      if (left <= most) return Math.max(1, (second + SECONDS) * 1000 - now);
    }
    return 0;
  }

  /** When the youngest of it is old: looked for from this end, where it mostly is. */
  #msUntilEmpty(now: number): number {
    for (let age = 0; age < SECONDS; age++) {
      const second = this.#head - age;
      if ((this.#buckets[((second % SECONDS) + SECONDS) % SECONDS] ?? 0) > 0) return Math.max(1, (second + SECONDS) * 1000 - now);
    }
    return 0;
  }

  /** Forgets what has left the window. A clock that was set back changes nothing. */
  #advance(second: number): void {
    const steps = Math.min(SECONDS, second - this.#head);
    for (let step = 1; step <= steps; step++) {
      const index = (second - steps + step) % SECONDS;
      this.#sum -= this.#buckets[index] ?? 0;
      this.#buckets[index] = 0;
    }
    if (steps > 0) this.#head = second;
    if (steps === SECONDS) this.#sum = 0;
  }
}
