import { namePattern } from "./pattern.ts";

/** Before a pattern that holds for names that somebody serves, too. */
const ALWAYS = "!";

type Leading = readonly [matches: (name: string) => boolean, target: string];

/** Names that the operator leads to other names. */
export class Redirects {
  readonly #exact = new Map<string, string>();
  readonly #always: Leading[] = [];
  readonly #unserved: Leading[] = [];

  constructor(redirects: Readonly<Record<string, string>>) {
    for (const [from, to] of Object.entries(redirects)) {
      if (!from.includes("*")) this.#exact.set(from, to);
      else if (from.startsWith(ALWAYS)) this.#always.push([namePattern(from.slice(ALWAYS.length)), to]);
      else this.#unserved.push([namePattern(from), to]);
    }
  }

  /** Where a name leads, whoever serves it. */
  of(name: string): string | undefined {
    return this.#exact.get(name) ?? firstOf(this.#always, name);
  }

  /** Where a name leads that nobody serves. */
  ofUnserved(name: string): string | undefined {
    return firstOf(this.#unserved, name);
  }
}

function firstOf(leadings: readonly Leading[], name: string): string | undefined {
  return leadings.find(([matches]) => matches(name))?.[1];
}
