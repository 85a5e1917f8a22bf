import { GatewayError } from "@dragoman/core";
import type { CapturedCall } from "../observe/captured-call.ts";
import type { Clock } from "../ports.ts";
import type { GatewaySettings } from "../settings.ts";
import type { Interpreter } from "./interpreter.ts";
import { reasonOf } from "./read-whole.ts";

export interface RelayOptions {
  readonly upstream: ReadableStream<Uint8Array>;
  readonly interpreter: Interpreter;
  /** Aborts the request to the upstream. */
  readonly abort: AbortController;
  readonly settings: GatewaySettings;
  readonly clock: Clock;
  /** Those who want to see every byte. */
  readonly capture?: CapturedCall | undefined;
  /** The stream ended as it should, or with this error; called once. */
  readonly onEnd: (error: GatewayError | undefined) => void;
  readonly onBegun: () => void;
  /** The last bytes of a good answer are about to go out: what must be on record before them is written now. Called once at most. */
  readonly onComplete: () => void;
}

/** What a reader gives; the web's and Bun's types of it differ in the value of the end. */
type ReadResult = { readonly done: false; readonly value: Uint8Array } | { readonly done: true; readonly value?: Uint8Array | undefined };

/**
 * The one pump between an upstream's stream and a client's. Reads only when the client wants more (backpressure), says
 * that it lives when nothing comes, gives up when nothing comes for too long, and hangs up when the client leaves.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #held: Uint8Array[] = [];
  #pending: Promise<ReadResult> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastReadAt: number;
  #lastWriteAt: number;
  #ended = false;
  #whole = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#reader = options.upstream.getReader();
    this.#lastReadAt = this.#lastWriteAt = options.clock.now();
  }

  /**
   * Reads until the upstream has really begun, so that early failures are still HTTP errors; at most `holdMs`.
   * @returns why it failed before it began
   */
  async begin(): Promise<GatewayError | undefined> {
    const { interpreter, settings } = this.#options;
    const deadline = this.#lastReadAt + settings.holdMs;
    this.#watch(undefined);
    try {
      while (!interpreter.begun && !interpreter.done) {
        const result = await this.#readBefore(deadline);
        if (result === "late") return undefined;
        if (!result.done) this.#options.capture?.upstreamChunk(result.value);
        this.#hold(result.done ? interpreter.end() : interpreter.push(result.value));
        if (result.done) {
          if (!interpreter.begun) return this.#abandon(interpreter.error ?? new GatewayError("stream_interrupted", { source: "upstream", message: "The provider closed the stream without an answer." }));
          break;
        }
      }
    } catch (thrown) {
      return this.#abandon(reasonOf(thrown, this.#options.abort.signal));
    }
    if (interpreter.error !== undefined && !interpreter.begun) return this.#abandon(interpreter.error);
    this.#options.onBegun();
    return undefined;
  }

  /** The client's stream; everything held so far comes first. */
  body(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#completed();
        for (const chunk of this.#held) this.#say(controller, chunk);
        this.#held = [];
        this.#lastWriteAt = this.#options.clock.now();
        this.#watch(controller);
        if (this.#options.interpreter.done) this.#finish(controller);
      },
      pull: (controller) => this.#pull(controller),
      cancel: () => this.#left(),
    });
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { interpreter, clock } = this.#options;
    try {
      while (!this.#ended) {
        const { done, value } = await this.#read();
        if (this.#ended) return;
        if (!done) this.#options.capture?.upstreamChunk(value);
        const now = clock.now();
        this.#lastReadAt = now;
        const wasBegun = interpreter.begun;
        const out = done ? interpreter.end() : interpreter.push(value);
        if (!wasBegun && interpreter.begun) this.#options.onBegun();
        this.#completed();
        if (out !== undefined) {
          this.#lastWriteAt = now;
          this.#say(controller, out);
        }
        if (done || interpreter.done) {
          this.#finish(controller);
          return;
        }
        if (out !== undefined) return;
      }
    } catch (thrown) {
      this.#break(controller, reasonOf(thrown, this.#options.abort.signal));
    }
  }

  #say(controller: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array): void {
    this.#options.capture?.clientChunk(bytes);
    controller.enqueue(bytes);
  }

  #completed(): void {
    const { interpreter, onComplete } = this.#options;
    if (this.#whole || !interpreter.complete || interpreter.error !== undefined) return;
    this.#whole = true;
    onComplete();
  }

  #read(): Promise<ReadResult> {
    const reading = this.#pending ?? (this.#reader.read() as Promise<ReadResult>);
    this.#pending = undefined;
    return reading;
  }

  async #readBefore(deadline: number): Promise<ReadResult | "late"> {
    const reading = (this.#pending ??= this.#reader.read() as Promise<ReadResult>);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), Math.max(0, deadline - this.#options.clock.now()));
    });
    try {
      const result = await Promise.race([reading, late]);
      if (result === "late") return result;
      this.#pending = undefined;
      this.#lastReadAt = this.#options.clock.now();
      return result;
    } finally {
      clearTimeout(timer);
    }
  }

  #hold(chunk: Uint8Array | undefined): void {
    if (chunk !== undefined) this.#held.push(chunk);
  }

  /** The transport ended, or the answer is complete. A stream that stopped too soon ends as an error, never as success. */
  #finish(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { interpreter } = this.#options;
    const error = interpreter.error;
    if (error !== undefined) {
      this.#break(controller, error);
      return;
    }
    if (!interpreter.done && !isWhole(interpreter)) {
      this.#break(controller, new GatewayError("stream_interrupted", { source: "upstream" }));
      return;
    }
    this.#close(undefined);
    controller.close();
    this.#options.capture?.clientEnd();
    this.#release();
  }

  #break(controller: ReadableStreamDefaultController<Uint8Array>, error: GatewayError): void {
    if (this.#ended) return;
    const last = this.#options.interpreter.fail(error);
    if (last !== undefined) this.#say(controller, last);
    this.#close(error);
    controller.close();
    this.#options.capture?.clientEnd();
    this.#hangUp(error);
  }

  #left(): void {
    const error = new GatewayError("client_closed", { source: "client" });
    this.#close(error);
    this.#options.capture?.clientEnd();
    this.#hangUp(error);
  }

  #abandon(error: GatewayError): GatewayError {
    clearTimeout(this.#timer);
    this.#ended = true;
    this.#hangUp(error);
    return error;
  }

  #close(error: GatewayError | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#options.onEnd(error);
  }

  #hangUp(reason: GatewayError): void {
    this.#options.abort.abort(reason);
    void this.#reader.cancel(reason).catch(() => undefined);
  }

  /** The answer is complete; the connection may still hold a last few bytes, which let it be used again. */
  #release(): void {
    void this.#reader.read().then(({ done }) => (done ? undefined : this.#reader.cancel())).catch(() => undefined);
  }

  /**
   * One timer a stream, set again only when it fires: activity just moves a timestamp.
   * Without a controller (nothing committed yet) it only watches for silence.
   */
  #watch(controller: ReadableStreamDefaultController<Uint8Array> | undefined): void {
    clearTimeout(this.#timer);
    if (this.#ended) return;
    const { settings, clock, interpreter } = this.#options;
    const now = clock.now();
    const idleLeft = this.#lastReadAt + settings.idleTimeoutMs - now;
    if (idleLeft <= 0) {
      this.#options.abort.abort(new GatewayError("upstream_timeout", { source: "upstream", message: "The provider fell silent." }));
      return;
    }
    let wait = idleLeft;
    if (controller !== undefined && settings.keepAliveMs > 0) {
      let silence = now - this.#lastWriteAt;
      if (silence >= settings.keepAliveMs) {
        const sign = interpreter.keepAlive();
        if (sign.length > 0) this.#say(controller, sign);
        this.#lastWriteAt = now;
        silence = 0;
      }
      wait = Math.min(wait, settings.keepAliveMs - silence);
    }
    this.#timer = setTimeout(() => this.#watch(controller), wait);
  }
}

/** A stream that passes through is whole when its tap saw the dialect's end. */
function isWhole(interpreter: Interpreter): boolean {
  return "ended" in interpreter && interpreter.ended === true;
}
