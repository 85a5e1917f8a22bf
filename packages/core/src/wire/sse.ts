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
  #rest = "";
  /** How far `#rest` was searched already, so that a long line is not searched again with each piece. */
  #searched = 0;
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
    let text = piece;
    if (this.#first) {
      this.#first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    const buffer = this.#rest === "" ? text : this.#rest + text;
    let start = 0;
    let at = this.#searched;
    if (this.#skipLineFeed && buffer.length > 0) {
      this.#skipLineFeed = false;
      if (buffer.charCodeAt(0) === 10) start = at = 1;
    }
    const hasCarriageReturn = buffer.indexOf("\r", at) >= 0;
    for (;;) {
      const end = hasCarriageReturn ? anyLineEnd(buffer, at) : buffer.indexOf("\n", at);
      if (end < 0) break;
      this.#line(buffer, start, end);
      start = end + 1;
      if (buffer.charCodeAt(end) === 13) {
        if (start === buffer.length) this.#skipLineFeed = true;
        else if (buffer.charCodeAt(start) === 10) start += 1;
      }
      at = start;
    }
    this.#rest = start === 0 ? buffer : buffer.slice(start);
    this.#searched = this.#rest.length;
  }

  /**
   * The transport ended. A last event without its blank line is delivered when its data is whole JSON.
   * @returns true when something was left that was not whole
   */
  end(): boolean {
    if (this.#rest !== "") {
      this.#line(this.#rest, 0, this.#rest.length);
      this.#rest = "";
    }
    const data = this.#data;
    if (data === undefined) return false;
    if (data.trim() === "[DONE]" || isJson(data)) {
      this.#dispatch();
      return false;
    }
    return true;
  }

  #line(buffer: string, start: number, end: number): void {
    if (start === end) {
      this.#dispatch();
      return;
    }
    // `data` is nearly every line, so it is tested first and by its letters.
    if (buffer.startsWith("data", start) && (end === start + 4 || buffer.charCodeAt(start + 4) === 58)) {
      const value = fieldValue(buffer, start + 5, end);
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    } else if (buffer.startsWith("event", start) && buffer.charCodeAt(start + 5) === 58) {
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
  return buffer.slice(buffer.charCodeAt(start) === 32 ? start + 1 : start, end);
}

/** Index of the next `\n` or `\r` at or after `from`, or -1. */
function anyLineEnd(buffer: string, from: number): number {
  for (let at = from; at < buffer.length; at++) {
    const char = buffer.charCodeAt(at);
    if (char === 10 || char === 13) return at;
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
