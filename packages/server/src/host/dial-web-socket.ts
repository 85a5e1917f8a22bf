import type { DialWebSocket } from "@dragoman/gateway";
import { proxyFor } from "./fetch-upstream.ts";

/** As long as vendors take for a handshake, and more. */
const HANDSHAKE_MS = 30_000;

/** A websocket through Bun, whose own takes request headers and an HTTP proxy (Bun 1.4, read 2026-11). */
export const dialWebSocket: DialWebSocket = async (url, { headers, signal, proxyUrl }) => {
  const proxy = proxyUrl === undefined || proxyUrl === "" ? false : await proxyFor(proxyUrl);
  signal?.throwIfAborted();
  // The web's types know protocols only.
  const socket = new WebSocket(url, { headers, ...(proxy !== false && { proxy }) } as unknown as string[]);
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      end();
      socket.close();
      reject(signal?.aborted === true ? (signal.reason as Error) : new Error("the websocket did not open"));
    };
    const timer = setTimeout(fail, HANDSHAKE_MS);
    const end = (): void => {
      clearTimeout(timer);
      socket.onopen = socket.onerror = socket.onclose = null;
      signal?.removeEventListener("abort", fail);
    };
    signal?.addEventListener("abort", fail, { once: true });
    socket.onopen = () => {
      end();
      resolve(socket);
    };
    socket.onerror = fail;
    socket.onclose = fail;
  });
};
