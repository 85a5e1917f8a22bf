import { SseReader, type Frame, type UsageWish } from "@dragoman/core";

const encoder = new TextEncoder();
/** The end of an event. */
const BOUNDARY = /\r?\n\r?\n/g;

/** Takes single events out of a stream that otherwise passes. Only whole events go on, and most of them as the bytes that they came as. */
export class HiddenFrames {
  readonly #wish: UsageWish;
  #held = "";

  constructor(wish: UsageWish) {
    this.#wish = wish;
  }

  /** `bytes` are just those of `text`; absent where they are not. */
  push(text: string, bytes: Uint8Array | undefined): Uint8Array | undefined {
    if (this.#held === "" && bytes !== undefined && !this.#wish.mayHold(text)) return bytes;
    const all = this.#held + text;
    const end = lastBoundary(all);
    this.#held = all.slice(end);
    return encoded(this.#without(all.slice(0, end)));
  }

  end(): Uint8Array | undefined {
    const rest = this.#held;
    this.#held = "";
    return encoded(rest);
  }

  #without(events: string): string {
    if (!this.#wish.mayHold(events)) return events;
    let kept = "";
    let start = 0;
    for (const { 0: boundary, index } of events.matchAll(BOUNDARY)) {
      const end = index + boundary.length;
      const event = events.slice(start, end);
      if (!this.#isHidden(event)) kept += event;
      start = end;
    }
    return kept;
  }

  #isHidden(event: string): boolean {
    if (!this.#wish.mayHold(event)) return false;
    let frame: Frame | undefined;
    new SseReader((found) => (frame = found)).push(event);
    return frame !== undefined && this.#wish.isAnswer(frame);
  }
}

function lastBoundary(text: string): number {
  let end = 0;
  for (const { 0: boundary, index } of text.matchAll(BOUNDARY)) end = index + boundary.length;
  return end;
}

const encoded = (text: string): Uint8Array | undefined => (text === "" ? undefined : encoder.encode(text));
