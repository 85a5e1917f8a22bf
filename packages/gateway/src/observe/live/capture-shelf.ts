import type { Call } from "../../pipeline/call.ts";
import type { Clock } from "../../ports.ts";
import { RequestCapture } from "./captured-request.ts";

export interface CaptureSettings {
  /** From the start, until it is switched off. */
  readonly enabled: boolean;
  /** Of each body and each stream. */
  readonly maxBytes: number;
  /** Requests whose bodies are kept at once. */
  readonly maxRequests: number;
}

/** All captured bodies together; the oldest make room. */
const MAX_TOTAL_BYTES = 64 * 1_048_576;

/** Holds the bodies of the last requests while somebody wants them, and never more than it may. */
export class CaptureShelf {
  readonly #clock: Clock;
  readonly #captures = new Map<RequestCapture, () => void>();
  #settings: CaptureSettings;
  #enabled: boolean;
  #until = Number.POSITIVE_INFINITY;
  #bytes = 0;

  constructor(settings: CaptureSettings, clock: Clock) {
    this.#settings = settings;
    this.#enabled = settings.enabled;
    this.#clock = clock;
  }

  /** A new configuration. What somebody switched by hand stays unless the configuration's own word has changed. */
  configure(settings: CaptureSettings): void {
    if (settings.enabled !== this.#settings.enabled) this.switch(settings.enabled);
    this.#settings = settings;
    this.#makeRoom();
  }

  /** `minutes`: for so long; else until it is switched off. Bodies that are there stay. */
  switch(enabled: boolean, minutes?: number): void {
    this.#enabled = enabled;
    this.#until = enabled && minutes !== undefined ? this.#clock.now() + minutes * 60_000 : Number.POSITIVE_INFINITY;
  }

  get isOn(): boolean {
    return this.#enabled && this.#clock.now() < this.#until;
  }

  get state(): { readonly enabled: boolean; readonly until?: number; readonly maxBytes: number; readonly maxRequests: number } {
    const enabled = this.isOn;
    return { enabled, ...(enabled && Number.isFinite(this.#until) && { until: this.#until }), maxBytes: this.#settings.maxBytes, maxRequests: this.#settings.maxRequests };
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `undefined` while nobody wants bodies. `onDropped` is told when it had to make room. */
  take(call: Call, onDropped: () => void): RequestCapture | undefined {
    if (!this.isOn) return undefined;
    const capture: RequestCapture = new RequestCapture(call, this.#settings.maxBytes, (bytes) => {
      this.#bytes += bytes;
      if (this.#bytes > MAX_TOTAL_BYTES) this.#makeRoom();
    });
    this.#captures.set(capture, onDropped);
    this.#makeRoom();
    return capture;
  }


  #makeRoom(): void {
    for (const [capture, onDropped] of this.#captures) {
      if (this.#captures.size <= this.#settings.maxRequests && this.#bytes <= MAX_TOTAL_BYTES) return;
      this.#captures.delete(capture);
      this.#bytes -= capture.keptBytes;
      capture.drop();
      onDropped();
    }
  }
}
