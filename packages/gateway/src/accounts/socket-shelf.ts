import type { DialWebSocket, WebSocketInit } from "../ports.ts";

/** An open websocket at a vendor, and what its user keeps beside it. */
export interface ShelvedSocket<M> {
  readonly socket: WebSocket;
  /** It was used before. */
  readonly isUsed: boolean;
  memory: M | undefined;
}

interface Place {
  readonly shelved: ShelvedSocket<unknown>;
  /** Address and credential: a socket serves no others. */
  readonly fit: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** A vendor closes earlier or later; ours waits so long for the next turn. */
const IDLE_MS = 5 * 60_000;
/** More conversations at a time go without a socket of their own. */
const MAX_SHELVED = 64;

/** Sockets between two turns of a conversation, by the conversation's name. One that is taken is off the shelf. */
export class SocketShelf {
  readonly #dial: DialWebSocket;
  readonly #places = new Map<string, Place>();

  constructor(dial: DialWebSocket) {
    this.#dial = dial;
  }

  /**
   * The conversation's socket, or a new one.
   * @returns `undefined` when the vendor opens none: whoever asked goes another way
   */
  async take<M>(name: string, url: string, init: WebSocketInit): Promise<ShelvedSocket<M> | undefined> {
    const place = this.#off(name);
    if (place !== undefined && place.fit === fitOf(url, init) && place.shelved.socket.readyState === 1) return { ...(place.shelved as ShelvedSocket<M>), isUsed: true };
    place?.shelved.socket.close();
    if (this.#places.size >= MAX_SHELVED) return undefined;
    return this.dial(url, init);
  }

  /** A new socket, whatever is on the shelf. */
  async dial<M>(url: string, init: WebSocketInit): Promise<ShelvedSocket<M> | undefined> {
    try {
      return { socket: await this.#dial(url, init), isUsed: false, memory: undefined };
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      return undefined;
    }
  }

  putBack<M>(name: string, url: string, init: WebSocketInit, shelved: ShelvedSocket<M>): void {
    const { socket } = shelved;
    this.#off(name)?.shelved.socket.close();
    const timer = setTimeout(() => {
      if (this.#places.get(name)?.shelved === shelved) this.#off(name);
      socket.close();
    }, IDLE_MS);
    this.#places.set(name, { shelved, fit: fitOf(url, init), timer });
  }

  #off(name: string): Place | undefined {
    const place = this.#places.get(name);
    if (place !== undefined) clearTimeout(place.timer);
    this.#places.delete(name);
    return place;
  }
}

function fitOf(url: string, { headers }: WebSocketInit): string {
  return `${url}\n${headers.authorization ?? ""}`;
}
