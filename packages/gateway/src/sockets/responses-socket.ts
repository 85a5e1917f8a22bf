import { isJsonObject, SseReader, parseJson, type Json, type JsonObject } from "@dragoman/core";
import type { Socket, SocketDoor } from "./socket-door.ts";
import { ResponsesTranscript } from "./responses-transcript.ts";

export interface ResponsesSocketOptions {
  /** The gateway's own endpoint for this client: same key, same headers. */
  ask(body: JsonObject, signal: AbortSignal): Promise<Response>;
  /** `length` unguessable letters and digits. */
  random(length: number): string;
  /** Epoch ms. */
  now(): number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that ends the socket: the client has to mend what it sends. */
interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Statuses after which the client had better connect anew: somebody else may answer then. */
const TRANSPORT_STATUSES: ReadonlySet<number> = new Set([401, 402, 403, 408, 429, 500, 502, 503, 504, 529]);

/** Turns that wait while one is answered. */
const MAX_WAITING = 16;

/**
 * The Responses API over a websocket: each text frame of the client is a turn, each event of the answer a text frame.
 * Turns are answered one after another.
 */
export class ResponsesSocket implements SocketDoor {
  readonly headers?: Readonly<Record<string, string>>;
  readonly #options: ResponsesSocketOptions;
  readonly #transcript = new ResponsesTranscript();
  readonly #waiting: JsonObject[] = [];
  readonly #left = new AbortController();
  #socket: Socket | undefined;
  #isBusy = false;
  #hasBegun = false;

  constructor(options: ResponsesSocketOptions) {
    this.#options = options;
    if (options.headers !== undefined) this.headers = options.headers;
  }

  opened(socket: Socket): void {
    this.#socket = socket;
  }

  heard(text: string): void {
    const frame = parseFrame(text);
    if (frame === undefined) return this.#refuse({ status: 400, message: "websocket request is no JSON object" });
    if (this.#waiting.length >= MAX_WAITING) return this.#refuse({ status: 429, message: "too many websocket requests wait for their turn" });
    this.#waiting.push(frame);
    if (!this.#isBusy) void this.#work();
  }

  heardBytes(): void {
    this.#refuse({ status: 400, message: "websocket requests are text frames" });
  }

  ponged(): void {
    // The host keeps the connection; nothing hangs on it here.
  }

  closed(): void {
    this.#socket = undefined;
    this.#waiting.length = 0;
    this.#left.abort();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    try {
      for (let frame = this.#waiting.shift(); frame !== undefined; frame = this.#waiting.shift()) await this.#turn(frame);
    } catch {
      this.#socket?.close(1011, "the turn failed");
    } finally {
      this.#isBusy = false;
    }
  }

  async #turn(frame: JsonObject): Promise<void> {
    const refusal = this.#faultOf(frame);
    if (refusal !== undefined) return this.#refuse(refusal);
    const continues = frame.type === "response.append" || this.#transcript.follows(frame.previous_response_id) || (this.#hasBegun && frame.previous_response_id === undefined && frame.model === undefined);
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    const { generate, ...asked } = frame;
    const body = this.#transcript.next(asked, continues);
    if (isFirst && generate === false) return this.#warmUp(body);
    const response = await this.#options.ask(body, this.#left.signal);
    if (!response.ok || response.body === null) return this.#failed(response);
    await this.#hand(response.body);
  }

  #faultOf(frame: JsonObject): Refusal | undefined {
    if (frame.type !== "response.create" && frame.type !== "response.append") return { status: 400, message: `unsupported websocket request type: ${typeof frame.type === "string" ? frame.type.slice(0, 100) : ""}` };
    if (!this.#hasBegun) {
      if (frame.type === "response.append") return { status: 400, message: "websocket request received before response.create" };
      if (typeof frame.model !== "string" || frame.model === "") return { status: 400, message: "missing model in response.create request" };
      if (frame.previous_response_id !== undefined && frame.previous_response_id !== null) return { status: 409, message: "previous response not available, resend full input" };
      return undefined;
    }
    if (!Array.isArray(frame.input)) return { status: 400, message: "websocket request requires array field: input" };
    const previous = frame.previous_response_id;
    if (previous !== undefined && previous !== null && !this.#transcript.follows(previous)) return { status: 409, message: "previous response not available, resend full input" };
    return undefined;
  }

  /** The client only wants the connection to be ready. */
  #warmUp(body: JsonObject): void {
    const response = { id: `resp_prewarm_${this.#options.random(24)}`, object: "response", created_at: Math.floor(this.#options.now() / 1000), model: body.model ?? "", output: [] };
    this.#say({ type: "response.created", response: { ...response, status: "in_progress" } });
    this.#say({ type: "response.completed", response: { ...response, status: "completed", usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 } } });
    this.#transcript.answered(response);
  }

  async #hand(body: ReadableStream<Uint8Array>): Promise<void> {
    let isWhole = false;
    const reader = new SseReader(({ data }) => {
      if (data === "[DONE]") return;
      const event = parseFrame(data);
      const response = event?.response;
      if (isJsonObject(response) && (event?.type === "response.completed" || event?.type === "response.incomplete" || event?.type === "response.failed")) {
        isWhole = true;
        this.#transcript.answered(response);
      }
      this.#socket?.send(data);
    });
    const text = new TextDecoder();
    const stream = body.getReader();
    for (let read = await stream.read(); !read.done; read = await stream.read()) reader.push(text.decode(read.value, { stream: true }));
    reader.end();
    if (!isWhole) this.#socket?.close(1011, "the answer broke off");
  }

  async #failed(response: Response): Promise<void> {
    const body = parseFrame(await response.text());
    const retryAfter = response.headers.get("retry-after");
    this.#say({ type: "error", status: response.status, error: body?.error ?? { message: `status ${response.status}` }, ...(retryAfter !== null && { headers: { "retry-after": retryAfter } }) });
    this.#socket?.close(TRANSPORT_STATUSES.has(response.status) ? 1013 : 1008, "the request failed");
  }

  #refuse({ status, message }: Refusal): void {
    this.#waiting.length = 0;
    this.#say({ type: "error", status, error: { message, type: "invalid_request_error", code: null, param: null } });
    this.#socket?.close(1008, "the request is not valid");
  }

  #say(event: JsonObject): void {
    this.#socket?.send(JSON.stringify(event));
  }
}

function parseFrame(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
