/** More are never kept for one reply; the older ones go. */
export const MAX_LINES = 100_000;

const TIME = /^\[(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\]/;

/** Seconds since 1970 of a line that begins with a local time. */
export function timeOfLine(line: string): number | undefined {
  const found = TIME.exec(line);
  if (found === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  return Math.floor(new Date(year, month - 1, day, hour, minute, second).getTime() / 1000);
}

/** Keeps the newest lines from after a time. A line without a time (a stack trace) goes with the one before it. */
export class LineFilter {
  readonly #after: number;
  readonly #limit: number;
  #lines: string[] = [];
  #passes: boolean;
  #scanned = 0;
  #latest = 0;

  constructor({ after, limit }: { readonly after: number; readonly limit: number }) {
    this.#after = after;
    this.#limit = limit;
    this.#passes = after === 0;
  }

  take(line: string): void {
    this.#scanned += 1;
    const time = timeOfLine(line);
    if (time !== undefined) {
      this.#passes = time > this.#after;
      this.#latest = Math.max(this.#latest, time);
    }
    if (!this.#passes) return;
    this.#lines.push(line);
    if (this.#lines.length >= 2 * this.#limit) this.#lines = this.#lines.slice(-this.#limit);
  }

  result(): { readonly lines: readonly string[]; readonly scanned: number; readonly latest: number } {
    return { lines: this.#lines.slice(-this.#limit), scanned: this.#scanned, latest: this.#latest };
  }
}
