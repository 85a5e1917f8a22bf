import type { CallMemory } from "../exchange.ts";
import type { SealMemory } from "./sealer.ts";

/** Call memories in this process, the least recently used one going first. Bounded by count: there is no clock here. */
export class LruSealMemory implements SealMemory {
  readonly #entries = new Map<string, CallMemory>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get(key: string): CallMemory | undefined {
    const memory = this.#entries.get(key);
    if (memory !== undefined) this.#moveToEnd(key, memory);
    return memory;
  }

  set(key: string, memory: CallMemory): void {
    this.#moveToEnd(key, memory);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries) return;
      this.#entries.delete(oldest);
    }
  }

  /** A Map keeps the order of insertion: its first key is the one unused for longest. */
  #moveToEnd(key: string, memory: CallMemory): void {
    this.#entries.delete(key);
    this.#entries.set(key, memory);
  }
}
