import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Clock, UpstreamRequestInit } from "../../../ports.ts";
import type { Socket, SocketDoor } from "../../../sockets/socket-door.ts";
import { RelayedReply } from "./relayed-reply.ts";

export interface RelaySessionOptions {
  readonly clock: Clock;
  newId(): string;
  /** The page is there. */
  joined(): void;
  left(): void;
}

const PING_EVERY_MS = 30_000;
/** A page that did not answer a ping for so long is gone. */
const SILENCE_MS = 60_000;

/**
 * One browser page that serves requests: they go down the socket as messages, and the page makes them with its own
 * authorisation. Envelope and limits are those of CLIProxyAPI's relay, so that the same pages work.
 */
export class RelaySession implements SocketDoor {
  readonly #options: RelaySessionOptions;
  readonly #pending = new Map<string, RelayedReply>();
  #socket: Socket | undefined;
  #heardAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RelaySessionOptions) {
    this.#options = options;
  }

  opened(socket: Socket): void {
    this.#socket = socket;
    this.#heardAt = this.#options.clock.now();
    this.#timer = setTimeout(() => this.#watch(), PING_EVERY_MS);
    this.#options.joined();
  }

  heard(text: string): void {
    this.#heardAt = this.#options.clock.now();
    const message = parseMessage(text);
    if (message === undefined) return;
    const { id, type, payload } = message;
    if (type === "ping") this.#send({ id, type: "pong" });
    else if (this.#pending.get(id)?.take(type, payload) === "over") this.#pending.delete(id);
  }

  heardBytes(): void {
    this.#socket?.close(1003, "frames are text");
  }

  ponged(): void {
    this.#heardAt = this.#options.clock.now();
  }

  closed(_code: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#socket = undefined;
    this.#options.left();
    for (const reply of this.#pending.values()) reply.fail(reason === "" ? "the page went away" : reason);
    this.#pending.clear();
  }

  /** Sends the page away. */
  end(reason: string): void {
    this.#socket?.close(1000, reason);
  }

  /** `fetch` by way of the page. @throws Error when the page is gone before it answers */
  fetch(url: string, init: UpstreamRequestInit): Promise<Response> {
    const { clock, newId } = this.#options;
    if (this.#socket === undefined) return Promise.reject(new Error("the page is not connected"));
    const id = newId();
    const reply = new RelayedReply();
    this.#pending.set(id, reply);
    const drop = (): void => {
      this.#pending.delete(id);
      reply.fail("the request was given up");
    };
    init.signal?.addEventListener("abort", drop, { once: true });
    const body = typeof init.body === "string" || init.body === undefined ? (init.body ?? "") : new TextDecoder().decode(init.body);
    this.#send({ id, type: "http_request", payload: { method: init.method, url, headers: { "Content-Type": ["application/json"] }, body, sent_at: new Date(clock.now()).toISOString() } });
    return reply.response;
  }

  #watch(): void {
    if (this.#options.clock.now() - this.#heardAt > SILENCE_MS) {
      this.#socket?.close(1001, "no answer to a ping");
      return;
    }
    this.#socket?.ping();
    this.#timer = setTimeout(() => this.#watch(), PING_EVERY_MS);
  }

  #send(message: JsonObject): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

interface RelayMessage {
  readonly id: string;
  readonly type: string;
  readonly payload: JsonObject | undefined;
}

function parseMessage(text: string): RelayMessage | undefined {
  try {
    const value = JSON.parse(text) as Json;
    if (!isJsonObject(value) || typeof value.id !== "string" || typeof value.type !== "string") return undefined;
    return { id: value.id, type: value.type, payload: isJsonObject(value.payload) ? value.payload : undefined };
  } catch {
    return undefined;
  }
}
