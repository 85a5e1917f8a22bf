/**
 * A set of small whole numbers that finds its next member after a given one in a step or three, however many there are:
 * a bitmap, a bitmap of its words that are not empty, and so on up to a single word (32⁴ is a million members).
 */
export class ReadySet {
  readonly #levels: Uint32Array[] = [];
  #size = 0;

  /** Members are 0 … capacity − 1. */
  constructor(capacity: number) {
    let words = Math.max(1, Math.ceil(capacity / 32));
    this.#levels.push(new Uint32Array(words));
    while (words > 1) {
      words = Math.ceil(words / 32);
      this.#levels.push(new Uint32Array(words));
    }
  }

  get size(): number {
    return this.#size;
  }

  has(member: number): boolean {
    return ((this.#word(0, member >>> 5) >>> (member & 31)) & 1) === 1;
  }

  add(member: number): void {
    if (this.has(member)) return;
    this.#size++;
    let position = member;
    for (const words of this.#levels) {
      const index = position >>> 5;
      words[index] = (words[index] ?? 0) | (1 << (position & 31));
      position = index;
    }
  }

  delete(member: number): void {
    if (!this.has(member)) return;
    this.#size--;
    let position = member;
    for (const words of this.#levels) {
      const index = position >>> 5;
      const rest = (words[index] ?? 0) & ~(1 << (position & 31));
      words[index] = rest;
      if (rest !== 0) return;
      position = index;
    }
  }

  /** The smallest member that is not below `from`, or -1. */
  nextFrom(from: number): number {
    let position = from;
    for (let level = 0; level < this.#levels.length; level++) {
      const index = position >>> 5;
      const bits = this.#word(level, index) & (0xffffffff << (position & 31));
      if (bits !== 0) return this.#descend(level, index * 32 + lowestBit(bits));
      position = index + 1;
    }
    return -1;
  }

  #descend(level: number, position: number): number {
    let found = position;
    for (let below = level - 1; below >= 0; below--) found = found * 32 + lowestBit(this.#word(below, found));
    return found;
  }

  #word(level: number, index: number): number {
    return this.#levels[level]?.[index] ?? 0;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
