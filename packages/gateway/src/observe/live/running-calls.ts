import type { Call } from "../../pipeline/call.ts";

/**
 * Calls under way, in no particular order. Each knows its place, so that it leaves without a search; a `Set` would hold
 * on to calls that have left for a while (JavaScriptCore, measured 2026-11), and the garbage collector with it.
 */
export class RunningCalls {
  readonly #calls: Call[] = [];

  get calls(): readonly Call[] {
    return this.#calls;
  }

  get size(): number {
    return this.#calls.length;
  }

  has({ story }: Call): boolean {
    return story.place !== undefined;
  }

  add(call: Call): void {
    call.story.place = this.#calls.push(call) - 1;
  }

  /** @returns whether it was there */
  delete({ story }: Call): boolean {
    const { place } = story;
    const last = this.#calls.at(-1);
    if (place === undefined || last === undefined) return false;
    this.#calls[place] = last;
    last.story.place = place;
    this.#calls.pop();
    story.place = undefined;
    return true;
  }
}
