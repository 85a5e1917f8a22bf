interface Binding {
  readonly seatId: string;
  expiresAt: number;
}

/** Which seat a conversation sits on. The oldest bindings make room when there are too many. */
export class Affinity {
  readonly #bindings = new Map<string, Binding>();
  readonly #limit: number;
  ttlMs: number;

  constructor(limit: number, ttlMs: number) {
    this.#limit = limit;
    this.ttlMs = ttlMs;
  }

  get size(): number {
    return this.#bindings.size;
  }

  find(keys: readonly string[], now: number): string | undefined {
    for (const key of keys) {
      const binding = this.#bindings.get(key);
      if (binding === undefined) continue;
      if (binding.expiresAt > now) return binding.seatId;
      this.#bindings.delete(key);
    }
    return undefined;
  }

  /** All keys share one binding, whose life begins anew. */
  bind(keys: readonly string[], seatId: string, now: number): void {
    const binding: Binding = { seatId, expiresAt: now + this.ttlMs };
    for (const key of keys) {
      // Set anew, so that the map's order is that of last use.
      this.#bindings.delete(key);
      this.#bindings.set(key, binding);
    }
    for (const key of this.#bindings.keys()) {
      if (this.#bindings.size <= this.#limit) break;
      this.#bindings.delete(key);
    }
  }

  /** After a failure, unless the conversation has moved on meanwhile. */
  release(keys: readonly string[], seatId: string): void {
    for (const key of keys) if (this.#bindings.get(key)?.seatId === seatId) this.#bindings.delete(key);
  }
}
