const OTHER = "other";

/** Labels made of names that others choose: the first so many are told apart, the rest is one. */
export class BoundedNames {
  readonly #names = new Set<string>();
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  of(name: string): string {
    if (this.#names.has(name)) return name;
    if (this.#names.size >= this.limit) return OTHER;
    this.#names.add(name);
    return name;
  }
}
