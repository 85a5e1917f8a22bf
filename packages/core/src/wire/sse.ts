const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const COLON = 58;
const BYTE_ORDER_MARK = 0xfeff;

/** One server-sent event. `event` is empty when the stream named none. */
export interface Frame {
  readonly event: string;
  readonly data: string;
}

/**
 * Cuts a stream of text pieces into events. Accepts `\n`, `\r\n` and `\r`, several `data:` lines, no space after the
 * colon, comments, unknown fields, and a piece that ends anywhere. There is no limit to a line's length here; the
 * courier limits the whole.
 */
export class SseReader {
  /** Pieces of a line that has not ended: joined once, so that a long line costs no copy with each piece. */
  #pending: string[] = [];
  #event = "";
  #data: string | undefined;
  #skipLineFeed = false;
  #first = true;
  readonly #onFrame: (frame: Frame) => void;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(piece: string): void {
    if (piece === "") return;
    let start = 0;
    if (this.#first) {
      this.#first = false;
      if (piece.charCodeAt(0) === BYTE_ORDER_MARK) start = 1;
    }
    if (this.#skipLineFeed && piece.length > start) {
      this.#skipLineFeed = false;
      if (piece.charCodeAt(start) === LINE_FEED) start += 1;
    }
    const hasCarriageReturn = piece.includes("\r", start);
    for (;;) {
      const end = hasCarriageReturn ? anyLineEnd(piece, start) : piece.indexOf("\n", start);
      if (end < 0) break;
      this.#endLine(piece, start, end);
      start = end + 1;
      if (piece.charCodeAt(end) === CARRIAGE_RETURN) {
        if (start === piece.length) this.#skipLineFeed = true;
        else if (piece.charCodeAt(start) === LINE_FEED) start += 1;
      }
    }
    if (start < piece.length) this.#pending.push(start === 0 ? piece : piece.slice(start));
  }

  /**
   * The transport ended. A last event without its blank line is delivered when its data is whole JSON.
   * @returns true when something was left that was not whole
   */
  end(): boolean {
    if (this.#pending.length > 0) this.#endLine("", 0, 0);
    const data = this.#data;
    if (data === undefined) return false;
    if (data.trim() === "[DONE]" || isJson(data)) {
      this.#dispatch();
      return false;
    }
    return true;
  }

  #endLine(piece: string, start: number, end: number): void {
    if (this.#pending.length === 0) {
      this.#line(piece, start, end);
      return;
    }
    this.#pending.push(piece.slice(start, end));
    const line = this.#pending.join("");
    this.#pending = [];
    this.#line(line, 0, line.length);
  }

  #line(buffer: string, start: number, end: number): void {
    if (start === end) {
      this.#dispatch();
      return;
    }
    // `data` is nearly every line, so it is tested first and by its letters.
    if (buffer.startsWith("data", start) && (end === start + 4 || buffer.charCodeAt(start + 4) === COLON)) {
      const value = fieldValue(buffer, start + 5, end);
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    } else if (buffer.startsWith("event", start) && (end === start + 5 || buffer.charCodeAt(start + 5) === COLON)) {
      this.#event = fieldValue(buffer, start + 6, end);
    }
  }

  #dispatch(): void {
    const data = this.#data;
    const event = this.#event;
    this.#data = undefined;
    this.#event = "";
    if (data !== undefined) this.#onFrame({ event, data });
  }
}

function fieldValue(buffer: string, start: number, end: number): string {
  if (start >= end) return "";
  return buffer.slice(buffer.charCodeAt(start) === SPACE ? start + 1 : start, end);
}

/** Index of the next `\n` or `\r` at or after `from`, or -1. */
function anyLineEnd(buffer: string, from: number): number {
  for (let at = from; at < buffer.length; at++) {
    const char = buffer.charCodeAt(at);
    if (char === LINE_FEED || char === CARRIAGE_RETURN) return at;
  }
  return -1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One event as text. `event` is left out when empty. `data` must be on one line. */
export function sseFrame(data: string, event = ""): string {
  return event === "" ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}

/** A comment: readers skip it, proxies see traffic. */
export const SSE_COMMENT = ": keep-alive\n\n";
