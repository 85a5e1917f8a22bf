import { MAX_FRAME_BYTES, type Gateway, type SocketDoor } from "@dragoman/gateway";

/** What hangs on each websocket. */
interface Attached {
  readonly door: SocketDoor;
}

/** Answers an upgrade on Bun's server. `undefined`: the socket is open, and there is nothing to answer. */
export async function openSocket(gateway: Gateway, request: Request, address: string | undefined, server: Bun.Server<Attached>): Promise<Response | undefined> {
  const door = await gateway.upgrade(request, { address });
  if (door instanceof Response) return door;
  const isOpen = server.upgrade(request, { data: { door }, ...(door.headers !== undefined && { headers: door.headers }) });
  return isOpen ? undefined : new Response("the websocket could not be opened", { status: 400 });
}

/** Bun's side of a websocket. A peer that takes nothing for so long is let go by Bun's own limits of what waits. */
export const socketHandlers: Bun.WebSocketHandler<Attached> = {
  maxPayloadLength: MAX_FRAME_BYTES,
  // Whoever thinks for minutes is not gone; doors that must know ping for themselves.
  idleTimeout: 0,
  sendPings: false,
  perMessageDeflate: true,
  open: (socket) => socket.data.door.opened({
    send: (text) => void socket.send(text),
    close: (code, reason) => void socket.close(code, reason),
    ping: () => void socket.ping("ping"),
  }),
  message: (socket, message) => (typeof message === "string" ? socket.data.door.heard(message) : socket.data.door.heardBytes()),
  pong: (socket) => void socket.data.door.ponged(),
  close: (socket, code, reason) => socket.data.door.closed(code, reason),
};
