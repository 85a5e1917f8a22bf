import { wildcard } from "../payload/wildcard.ts";

/** Names that the operator leads to other names. */
export class Redirects {
  readonly #exact = new Map<string, string>();
  readonly #patterns: (readonly [matches: (name: string) => boolean, target: string])[] = [];

  constructor(redirects: Readonly<Record<string, string>>) {
    for (const [from, to] of Object.entries(redirects)) {
      if (from.includes("*")) this.#patterns.push([wildcard(from), to]);
      else this.#exact.set(from, to);
    }
  }

  /** Where a name leads, whoever serves it. */
  of(name: string): string | undefined {
    return this.#exact.get(name);
  }

  /** Where a name leads that nobody serves. */
  ofUnserved(name: string): string | undefined {
    return this.#patterns.find(([matches]) => matches(name))?.[1];
  }
}
