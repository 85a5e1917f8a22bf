import type { Account } from "./account.ts";
import type { AccountWriter } from "./account-writer.ts";
import type { VendorCalls } from "./vendor-calls.ts";

export interface CompletionOptions {
  readonly writer: AccountWriter;
  /** With the account's own proxy. */
  callsFor(account: Account): VendorCalls;
}

/** Fills in what an account needs before its first request, once for all who wait. */
export class Completion {
  readonly #options: CompletionOptions;
  readonly #running = new Map<Account, Promise<void>>();

  constructor(options: CompletionOptions) {
    this.#options = options;
  }

  /** @throws AccountError */
  complete(account: Account): Promise<void> {
    const running = this.#running.get(account);
    if (running !== undefined) return running;
    const work = this.#work(account).finally(() => this.#running.delete(account));
    this.#running.set(account, work);
    return work;
  }

  async #work(account: Account): Promise<void> {
    const { content, facts, settings, kind } = account;
    const members = await kind.complete?.({ content, facts, settings, calls: this.#options.callsFor(account) });
    if (members !== undefined) await this.#options.writer.keep(account, members);
  }
}
