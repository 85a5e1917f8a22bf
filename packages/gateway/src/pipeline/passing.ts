import { SseReader, sseFrame, type Dialect, type GatewayError, type StreamTap, type UsageWish } from "@dragoman/core";
import { spliceMembers } from "../upstream/splice.ts";
import { HiddenFrames } from "./hidden-frames.ts";
import type { Interpreter } from "./interpreter.ts";
import type { ReplyFacts } from "./ledger.ts";

export interface PassingOptions {
  readonly dialect: Dialect;
  readonly requestId: string;
  /** Takes secrets out of what an upstream's error says. */
  readonly clean: (text: string) => string;
  /** Frames that the client does not get, because we asked for them. */
  readonly hidden?: UsageWish | undefined;
}

const encoder = new TextEncoder();
const COMMENT = encoder.encode(": keep-alive\n\n");

/** Bytes pass as they came; a tap listens for usage, ends and errors. */
export class PassingInterpreter implements Interpreter {
  readonly #dialect: Dialect;
  readonly #requestId: string;
  readonly #tap: StreamTap;
  readonly #text = new TextDecoder();
  readonly #reader: SseReader;
  readonly #clean: (text: string) => string;
  readonly #hidden: HiddenFrames | undefined;
  #failed = false;
  #atBoundary = true;
  #events = 0;

  constructor({ dialect, requestId, clean, hidden }: PassingOptions) {
    this.#dialect = dialect;
    this.#requestId = requestId;
    this.#clean = clean;
    this.#hidden = hidden === undefined ? undefined : new HiddenFrames(hidden);
    this.#tap = dialect.createStreamTap();
    this.#reader = new SseReader((frame) => this.#tap.push(frame));
  }

  push(chunk: Uint8Array): Uint8Array | undefined {
    const text = this.#text.decode(chunk, { stream: true });
    this.#events += blankLines(text);
    const wasAtBoundary = this.#atBoundary;
    this.#atBoundary = endsEvent(chunk);
    // Whole events without a word that matters need not be cut into frames.
    const passesUnread = wasAtBoundary && this.#atBoundary && this.#tap.skips?.(text) === true;
    if (!passesUnread) this.#reader.push(text);
    const failed = this.#tap.error !== undefined;
    if (this.#hidden !== undefined) return this.#hidden.push(failed ? this.#clean(text) : text, wasAtBoundary && this.#atBoundary && !failed ? chunk : undefined);
    return failed ? this.#cleaned(chunk) : chunk;
  }

  #cleaned(chunk: Uint8Array): Uint8Array {
    const text = new TextDecoder().decode(chunk);
    const clean = this.#clean(text);
    return clean === text ? chunk : encoder.encode(clean);
  }

  end(): Uint8Array | undefined {
    this.#reader.end();
    return this.#hidden?.end();
  }

  get begun(): boolean {
    return this.#tap.begun;
  }

  /** The bytes after the end pass as well: they are the upstream's to send. */
  get done(): boolean {
    return this.#tap.error !== undefined && !this.#tap.begun;
  }

  get ended(): boolean {
    return this.#tap.ended;
  }

  get complete(): boolean {
    return this.#tap.complete;
  }

  get error(): GatewayError | undefined {
    return this.#tap.error;
  }

  get facts(): ReplyFacts {
    return { usage: this.#tap.usage, model: this.#tap.model, finishReason: this.#tap.finishReason };
  }

  /** Most vendors send an event for each token. */
  get said(): number {
    return this.#events;
  }

  /** What frames are taken out of goes on in whole events. */
  get #isBetweenEvents(): boolean {
    return this.#atBoundary || this.#hidden !== undefined;
  }

  /** Nothing in the middle of an event. */
  keepAlive(): Uint8Array {
    return this.#isBetweenEvents ? COMMENT : new Uint8Array();
  }

  fail(error: GatewayError): Uint8Array | undefined {
    if (this.#failed || this.#tap.ended || this.#tap.error !== undefined) return undefined;
    this.#failed = true;
    return encoder.encode(`${this.#isBetweenEvents ? "" : "\n\n"}${this.#dialect.encodeStreamError(error, this.#requestId)}`);
  }
}

function blankLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next === 10 || (next === 13 && text.charCodeAt(at + 2) === 10)) count += 1;
  }
  return count;
}

function endsEvent(chunk: Uint8Array): boolean {
  const { length } = chunk;
  const before = chunk[length - 2];
  return chunk[length - 1] === 10 && (before === 10 || (before === 13 && chunk[length - 3] === 10));
}

/** As above, but each event says the client's name for the model. */
export class RenamingInterpreter extends PassingInterpreter {
  readonly #decoder = new TextDecoder();
  readonly #frames: SseReader;
  #out = "";

  constructor({ hidden, ...options }: PassingOptions, rename: (data: string) => string) {
    super(options);
    this.#frames = new SseReader((frame) => {
      if (hidden?.mayHold(frame.data) === true && hidden.isAnswer(frame)) return;
      const data = rename(frame.data);
      this.#out += sseFrame(this.error === undefined ? data : options.clean(data), frame.event);
    });
  }

  override push(chunk: Uint8Array): Uint8Array | undefined {
    super.push(chunk);
    this.#frames.push(this.#decoder.decode(chunk, { stream: true }));
    return this.#take();
  }

  override end(): Uint8Array | undefined {
    super.end();
    this.#frames.end();
    return this.#take();
  }

  #take(): Uint8Array | undefined {
    if (this.#out === "") return undefined;
    const bytes = encoder.encode(this.#out);
    this.#out = "";
    return bytes;
  }
}

/** Where replies of the dialects name the model: at the top, or one object down. */
const MODEL_MEMBERS: readonly (readonly [string, string])[] = [["", "model"], ["", "modelVersion"], ["message", "model"], ["response", "model"], ["response", "modelVersion"]];

/** Replaces the model's name in the text of a reply object; other text passes. */
export function renameModel(text: string, name: string): string {
  if (!text.includes('"model')) return text;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return text;
  }
  const edits: Record<string, never> = {};
  for (const [outer, member] of MODEL_MEMBERS) {
    const holder = outer === "" ? value : value[outer];
    if (typeof holder !== "object" || holder === null || typeof (holder as Record<string, unknown>)[member] !== "string") continue;
    Object.assign(edits, outer === "" ? { [member]: name } : { [outer]: { ...holder, [member]: name } });
  }
  return spliceMembers(text, edits);
}
