import type { Logger, Store } from "@dragoman/gateway";

/** The database's schema, brought up to date when an isolate first meets it. */
export class Schema {
  readonly #store: Store;
  readonly #logger: Logger;
  #isReady = false;

  constructor(store: Store, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** `undefined` once it is known to be up to date. A database that is away is tried again by the next request. */
  prepare(): Promise<void> | undefined {
    return this.#isReady ? undefined : this.#migrate();
  }

  async #migrate(): Promise<void> {
    try {
      await this.#store.migrate();
      this.#isReady = true;
    } catch (cause) {
      this.#logger.log("error", "store.unusable", { effect: "stored keys are refused", cause: String(cause) });
    }
  }
}
