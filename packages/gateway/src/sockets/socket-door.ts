/** A websocket that a host has opened, as the gateway knows it. */
export interface Socket {
  /** Text frames only: nobody here speaks in bytes. */
  send(text: string): void;
  close(code: number, reason: string): void;
  ping(): void;
}

/** What the gateway does at one end of a websocket. A host calls it; it never throws. */
export interface SocketDoor {
  /** Headers of the answer to the upgrade. */
  readonly headers?: Readonly<Record<string, string>>;
  opened(socket: Socket): void;
  heard(text: string): void;
  /** A frame of bytes came. */
  heardBytes(): void;
  /** The other end answered a ping. */
  ponged(): void;
  /** For whatever reason; nothing is sent any more. */
  closed(code: number, reason: string): void;
}

/** Frames longer than this are refused by the host, with close code 1009. Bytes. */
export const MAX_FRAME_BYTES: number = 64 * 1_048_576;

/** Whether a request asks for a websocket (RFC 6455, section 4.1). */
export function wantsSocket(headers: Headers): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket";
}
