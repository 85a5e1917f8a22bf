import type { Background, Clock, Ids, Logger, Ports } from "@dragoman/gateway";
import { dialWebSocket } from "./dial-web-socket.ts";
import { fetchUpstream } from "./fetch-upstream.ts";
import type { OpenedStore } from "./open-store.ts";
import { resolveHost } from "./resolve-host.ts";

export const systemClock: Clock = { now: () => Date.now() };

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** The largest multiple of the alphabet's length that a byte can hold; bytes above it would favour the first letters. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

export const systemIds: Ids = {
  random(length) {
    let text = "";
    while (text.length < length) {
      for (const byte of crypto.getRandomValues(new Uint8Array(length - text.length + 8))) {
        if (byte < FAIR_BYTES && text.length < length) text += ALPHABET[byte % ALPHABET.length];
      }
    }
    return text;
  },
};

/** Work that outlives its reply; awaited at shutdown. */
export class BackgroundWork implements Background {
  readonly #running = new Set<Promise<unknown>>();

  run(work: Promise<unknown>): void {
    this.#running.add(work);
    void work.catch(() => undefined).finally(() => this.#running.delete(work));
  }

  async drain(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}

/** Commands that only look have no store, and nothing to write down. */
export function serverPorts(logger: Logger, background: BackgroundWork, opened?: Pick<OpenedStore, "store" | "usage" | "secretKey">): Ports {
  return {
    fetch: fetchUpstream, dialWebSocket, clock: systemClock, ids: systemIds, logger, background, resolveHost,
    ...(opened === undefined ? { usage: { record: () => undefined } } : { store: opened.store, usage: opened.usage, secretKey: opened.secretKey }),
  };
}
