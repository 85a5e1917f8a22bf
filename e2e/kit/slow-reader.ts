import { connect, type Socket } from "node:net";

/** A client on a bare socket: it reads when it is told to, and not before. */
export interface SlowReader {
  readonly socket: Socket;
  /** Everything that was read so far, head and chunk sizes included. */
  text(): string;
  resume(): void;
  close(): void;
}

/** Sends a POST and does not read the answer until `resume`. */
export function postWithoutReading(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<SlowReader> {
  const { hostname, port, pathname, search } = new URL(url);
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.pause();
      const lines = Object.entries({ host: `${hostname}:${port}`, "content-type": "application/json", "content-length": String(Buffer.byteLength(body)), ...headers });
      socket.write(`POST ${pathname}${search} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n${body}`);
      resolve({
        socket,
        text: () => Buffer.concat(pieces).toString(),
        resume: () => {
          socket.on("data", (piece) => void pieces.push(Buffer.from(piece)));
          socket.resume();
        },
        close: () => socket.destroy(),
      });
    });
    socket.on("error", reject);
  });
}
