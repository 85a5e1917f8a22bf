import {
  cutAtStops, estimateMissingUsage, estimateTokens, GatewayError, ResponseFold, SseReader,
  type Dialect, type EmitEvent, type Exchange, type GenerateEvent, type GatewayErrorShape, type StreamDecoder, type StreamEncoder, type Usage,
} from "@dragoman/core";
import type { Interpreter } from "./interpreter.ts";
import type { ReplyFacts } from "./ledger.ts";

export interface TranslatingOptions {
  readonly client: Dialect;
  readonly upstream: Dialect;
  readonly exchange: Exchange;
  /** Length of the request's text, for an estimate of its tokens where the upstream tells none. */
  readonly inputCharacters: number;
  /** Takes secrets out of what an upstream's error says. */
  readonly clean: (error: GatewayErrorShape) => GatewayErrorShape;
  /** Told each event. */
  readonly tell?: EmitEvent | undefined;
  /** Called when a stop sequence ended the answer here and the upstream need not go on. */
  readonly onCut: () => void;
}

const encoder = new TextEncoder();

/** The two wishes of a client for an answer: as a stream of text, or whole. Both listen to the same events. */
interface Listener {
  push(event: GenerateEvent): void;
}

/** Decodes the upstream's frames to events and hands them to a listener: synchronous calls, no chain of streams. */
export class EventSource {
  readonly #text = new TextDecoder();
  readonly #reader: SseReader;
  readonly #decoder: StreamDecoder;
  #begun = false;
  #done = false;
  #error: GatewayError | undefined;
  #usage: Usage | undefined;
  #model: string | undefined;
  #finishReason: string | undefined;
  #characters = 0;

  constructor(options: TranslatingOptions, listener: Listener) {
    this.#decoder = options.upstream.createStreamDecoder(options.exchange, refine(options, (given) => {
      const event = given.type === "error" ? { ...given, error: options.clean(given.error) } : given;
      this.#observe(event);
      options.tell?.(event);
      listener.push(event);
    }));
    this.#reader = new SseReader((frame) => {
      if (!this.#done) this.#decoder.push(frame);
    });
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(this.#text.decode(chunk, { stream: true }));
  }

  end(): void {
    const truncated = this.#reader.end();
    if (!this.#done) this.#decoder.end(truncated);
  }

  get begun(): boolean {
    return this.#begun;
  }

  get done(): boolean {
    return this.#done;
  }

  get error(): GatewayError | undefined {
    return this.#error;
  }

  get facts(): ReplyFacts {
    return { usage: this.#usage, model: this.#model, finishReason: this.#finishReason };
  }

  /** About so many tokens. */
  get said(): number {
    return estimateTokens(this.#characters);
  }

  #observe(event: GenerateEvent): void {
    switch (event.type) {
      case "part-delta":
        if ("text" in event.delta) this.#characters += event.delta.text.length;
        return;
      case "part-start":
        this.#begun = true;
        return;
      case "response-start":
        this.#model = event.model;
        return;
      case "usage":
        this.#usage = event.usage;
        return;
      case "finish":
        this.#finishReason = event.finish.reason;
        return;
      case "response-end":
        this.#begun = true;
        this.#done = true;
        return;
      case "error":
        this.#done = true;
        this.#error = asError(event.error);
    }
  }
}

/** Steps between decoder and listener that belong to no dialect. */
function refine(options: TranslatingOptions, listener: EmitEvent): EmitEvent {
  const { exchange } = options;
  const estimated = estimateMissingUsage(options.inputCharacters, listener, () => {
    exchange.report({ code: "usage-estimated", path: "usage", action: "synthesised", detail: "the upstream told no usage" });
  });
  const stops = exchange.emulatedStops;
  return stops === undefined || stops.length === 0 ? estimated : cutAtStops(stops, estimated, options.onCut);
}

/** An answer that is translated as it streams. */
export class TranslatingInterpreter implements Interpreter {
  readonly #source: EventSource;
  readonly #encoder: StreamEncoder;
  #failed = false;
  #out = "";

  constructor(options: TranslatingOptions) {
    this.#encoder = options.client.createStreamEncoder(options.exchange, (text) => {
      this.#out += text;
    });
    this.#source = new EventSource(options, {
      push: (event) => {
        // Whether an error still becomes a status or is told in the stream, the relay decides; it asks `fail` for the latter.
        if (event.type !== "error") this.#encoder.push(event);
      },
    });
  }

  push(chunk: Uint8Array): Uint8Array | undefined {
    this.#source.push(chunk);
    return this.#take();
  }

  end(): Uint8Array | undefined {
    this.#source.end();
    return this.#take();
  }

  get begun(): boolean {
    return this.#source.begun;
  }

  get done(): boolean {
    return this.#source.done;
  }

  get complete(): boolean {
    return this.#source.done;
  }

  get error(): GatewayError | undefined {
    return this.#source.error;
  }

  get facts(): ReplyFacts {
    return this.#source.facts;
  }

  get said(): number {
    return this.#source.said;
  }

  keepAlive(): Uint8Array {
    return encoder.encode(this.#encoder.keepAlive());
  }

  fail(error: GatewayError): Uint8Array | undefined {
    if (this.#failed || (this.#source.done && this.#source.error === undefined)) return undefined;
    this.#failed = true;
    this.#encoder.push({ type: "error", error });
    return this.#take();
  }

  #take(): Uint8Array | undefined {
    if (this.#out === "") return undefined;
    const bytes = encoder.encode(this.#out);
    this.#out = "";
    return bytes;
  }
}

/** Reads a whole stream into one answer. @throws GatewayError when the stream fails or is cut */
export async function foldStream(body: ReadableStream<Uint8Array>, options: TranslatingOptions, onChunk: (chunk: Uint8Array) => void): Promise<{ fold: ResponseFold; facts: ReplyFacts }> {
  const fold = new ResponseFold();
  const source = new EventSource(options, fold);
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    onChunk(chunk);
    source.push(chunk);
    if (source.done) break;
  }
  if (!source.done) source.end();
  if (source.error !== undefined) throw source.error;
  return { fold, facts: source.facts };
}

function asError(shape: GatewayErrorShape): GatewayError {
  return shape instanceof Error ? (shape as GatewayError) : new GatewayError("stream_interrupted", { ...shape });
}
