import type { AttemptRecord, Background, Logger, Store, UsageSink } from "@dragoman/gateway";

/**
 * Writes attempts to the store behind the replies. A Worker has no disk to note them on first: one that is ended between
 * the reply and the write loses the record.
 */
export class StoredUsage implements UsageSink {
  readonly #store: Store;
  readonly #background: Background;
  readonly #logger: Logger;
  readonly #running = new Set<Promise<void>>();

  constructor(store: Store, { background, logger }: { readonly background: Background; readonly logger: Logger }) {
    this.#store = store;
    this.#background = background;
    this.#logger = logger;
  }

  record(attempt: AttemptRecord): void {
    const writing: Promise<void> = this.#write(attempt).finally(() => this.#running.delete(writing));
    this.#running.add(writing);
    this.#background.run(writing);
  }

  async flush(): Promise<void> {
    await Promise.all(this.#running);
  }

  backlog(): number {
    return this.#running.size;
  }

  async #write(attempt: AttemptRecord): Promise<void> {
    try {
      await this.#store.usage.append([attempt]);
    } catch (cause) {
      this.#logger.log("error", "usage.lost", { requestId: attempt.requestId, cause: String(cause) });
    }
  }
}
