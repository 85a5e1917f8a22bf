const encoder = new TextEncoder();

/** A body or a stream as text, as much of it as may be kept. */
export class BoundedText {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder();
  #text = "";
  #bytes = 0;
  #kept = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns bytes that are kept of it */
  add(chunk: string | Uint8Array): number {
    const bytes = typeof chunk === "string" ? encoder.encode(chunk) : chunk;
    const room = Math.max(0, this.#maxBytes - this.#kept);
    const kept = bytes.subarray(0, room);
    this.#bytes += bytes.byteLength;
    this.#kept += kept.byteLength;
    if (kept.byteLength > 0) this.#text += this.#decoder.decode(kept, { stream: true });
    return kept.byteLength;
  }

  get text(): string {
    return this.#text;
  }

  /** All of it, kept or not. */
  get bytes(): number {
    return this.#bytes;
  }

  get keptBytes(): number {
    return this.#kept;
  }

  get truncated(): boolean {
    return this.#bytes > this.#kept;
  }
}
