import { systemClock, systemIds, type Background, type Logger, type Ports } from "@dragoman/gateway";
import { dialWebSocket } from "./dial-web-socket.ts";
import { fetchUpstream } from "./fetch-upstream.ts";
import type { OpenedStore } from "./open-store.ts";
import { resolveHost } from "./resolve-host.ts";

export { systemClock, systemIds };

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
