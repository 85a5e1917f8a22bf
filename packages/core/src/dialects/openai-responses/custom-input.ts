/** Where the string begins in `{"input":"…`. */
const OPENING = /^\s*\{\s*"input"\s*:\s*"/;

/** Enough text to know that another member comes first. */
const OPENING_LIMIT = 64;

/** An escape that the next piece may complete. */
const UNFINISHED = /\\(?:u[0-9a-fA-F]{0,3})?$/;

/**
 * Reads the text out of `{"input":"…"}` while it is still being written, so that a long patch shows at once.
 * Models that were given a free-text tool as a function answer in this shape.
 */
export class CustomInputReader {
  #source = "";
  #at = -1;
  #closed = false;
  #sent = "";

  /** The text that became readable with this piece. */
  push(piece: string): string {
    this.#source += piece;
    if (this.#closed || (this.#at < 0 && !this.#findOpening())) return "";
    const end = this.#findEnd();
    const raw = this.#source.slice(this.#at, end);
    const held = this.#closed ? "" : (trailingEscape(raw) ?? "");
    const text = unescape(raw.slice(0, raw.length - held.length));
    if (text === undefined) {
      this.#closed = true;
      return "";
    }
    this.#at = end - held.length;
    this.#sent += text;
    return text;
  }

  /** What is missing when all of the arguments have come. Without an `input` the arguments themselves are the text. */
  finish(): string {
    const whole = inputOf(this.#source);
    return whole.startsWith(this.#sent) ? whole.slice(this.#sent.length) : "";
  }

  #findOpening(): boolean {
    const opening = OPENING.exec(this.#source.slice(0, OPENING_LIMIT));
    if (opening === null) return false;
    this.#at = opening[0].length;
    return true;
  }

  /** End of what may be read: the closing quote, or all there is. */
  #findEnd(): number {
    for (let at = this.#at; at < this.#source.length; at++) {
      const char = this.#source.charCodeAt(at);
      if (char === 92) at++;
      else if (char === 34) {
        this.#closed = true;
        return at;
      }
    }
    return this.#source.length;
  }
}

/** The beginning of an escape at the end, unless its backslash is itself escaped. */
function trailingEscape(raw: string): string | undefined {
  const match = UNFINISHED.exec(raw);
  if (match === null) return undefined;
  let backslashes = 0;
  for (let at = match.index; at >= 0 && raw.charCodeAt(at) === 92; at--) backslashes++;
  return backslashes % 2 === 1 ? match[0] : undefined;
}

function unescape(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}

/** The free text in a function call's arguments. */
export function inputOf(argumentsText: string): string {
  try {
    const value: unknown = JSON.parse(argumentsText);
    if (typeof value === "string") return value;
    if (typeof value === "object" && value !== null && "input" in value && typeof value.input === "string") return value.input;
  } catch {
    // A broken object is delivered as it came.
  }
  return argumentsText;
}
