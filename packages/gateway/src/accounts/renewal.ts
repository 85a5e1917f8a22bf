import type { JsonObject } from "@dragoman/core";
import type { Clock, Logger } from "../ports.ts";
import { AccountError, isAccountError } from "./account-error.ts";
import type { Account } from "./account.ts";
import type { AccountFiles } from "./account-files.ts";
import type { AccountWriter } from "./account-writer.ts";
import { rfc3339 } from "./stored-times.ts";
import type { VendorCalls } from "./vendor-calls.ts";

export interface RenewalOptions {
  readonly files: AccountFiles;
  readonly writer: AccountWriter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** With the account's own proxy. */
  callsFor(account: Account): VendorCalls;
  /** The vendor said that the account is over, or it is not any more. */
  stateChanged(account: Account): void;
}

/** A renewal that failed is not tried again by itself for so long. */
const PAUSE_AFTER_FAILURE_MS = 5 * 60_000;
/** After a good one there is a pause, too: some vendors' tokens are due as soon as they are made. */
const PAUSE_AFTER_SUCCESS_MS = 30_000;
/** A token that ends sooner is no help to somebody who asks for a new one. */
const WORTH_KEEPING_MS = 10_000;

/**
 * Renews tokens, each once for all who wait: one question per refresh token in this process, one per file among
 * processes. The new refresh token is on disk before anybody uses what came with it.
 */
export class Renewal {
  readonly #options: RenewalOptions;
  /** By kind and refresh token: who asks, and what will come of it. */
  readonly #running = new Map<string, { readonly account: Account; readonly members: Promise<JsonObject | undefined> }>();

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  /**
   * @param refused the access token that was at hand when this was asked for; if another is there by now, nothing is done
   * @throws AccountError; then the account's `renewalTrouble` says why
   */
  async renew(account: Account, refused: string | undefined): Promise<void> {
    const key = `${account.kind.name}\n${account.facts.refreshToken ?? account.file}`;
    const running = this.#running.get(key);
    if (running === undefined) {
      const members = this.#lockedRenewal(account, refused).finally(() => this.#running.delete(key));
      this.#running.set(key, { account, members });
      await members;
      return;
    }
    const members = await running.members;
    // Another file of the same login: what it held is spent by now.
    if (running.account !== account && members !== undefined) await this.#options.writer.keep(account, members);
  }

  async #lockedRenewal(account: Account, refused: string | undefined): Promise<JsonObject | undefined> {
    const { files, writer } = this.#options;
    const { accessToken } = account.facts;
    if (account.isPassing || files.locked === undefined) return this.#attempt(account, refused);
    return files.locked(account.file, async () => {
      if (!(await writer.reread(account))) throw new AccountError("refused", "its file is gone");
      if (account.content.disabled === true) throw new AccountError("refused", "it is switched off");
      // Another process has been here, while this one waited for its turn or before it noticed.
      return account.facts.accessToken !== accessToken && this.#lasts(account) ? undefined : this.#attempt(account, refused);
    });
  }

  #lasts({ facts: { accessToken, expiresAt } }: Account): boolean {
    return accessToken !== undefined && (expiresAt === undefined || expiresAt > this.#options.clock.now() + WORTH_KEEPING_MS);
  }

  async #attempt(account: Account, refused: string | undefined): Promise<JsonObject | undefined> {
    if (refused !== undefined && account.facts.accessToken !== undefined && account.facts.accessToken !== refused) return undefined;
    const { clock, callsFor, writer } = this.#options;
    let members: JsonObject | undefined;
    try {
      members = await account.kind.renew?.({ content: account.content, facts: account.facts, settings: account.settings, calls: callsFor(account) });
      // Nothing waits between the vendor's answer and the disk: a refresh token that is good once must not be lost.
      if (members !== undefined) await writer.keep(account, (members = { ...members, last_refresh: rfc3339(clock.now()) }));
    } catch (error) {
      this.#failed(account, error);
      throw error;
    }
    this.#succeeded(account);
    return members;
  }

  #succeeded(account: Account): void {
    const { clock, logger, stateChanged } = this.#options;
    account.renewalTrouble = undefined;
    account.quietUntilAt = 0;
    account.renewAgainFrom = clock.now() + PAUSE_AFTER_SUCCESS_MS;
    const { expiresAt } = account.facts;
    logger.log("info", "account.renewed", { account: account.file, kind: account.kind.name, message: sentenceOf(expiresAt), ...(expiresAt !== undefined && { expiresAt: rfc3339(expiresAt) }), at: rfc3339(clock.now()) });
    if (account.end?.type !== "revoked") return;
    account.end = undefined;
    stateChanged(account);
  }

  #failed(account: Account, error: unknown): void {
    const { clock, logger } = this.#options;
    const now = clock.now();
    const known = isAccountError(error) ? error : undefined;
    account.renewalTrouble = known?.message ?? "the token could not be renewed";
    account.quietUntilAt = now + Math.max(PAUSE_AFTER_FAILURE_MS, known?.retryAfterMs ?? 0);
    const isOver = known?.reason === "revoked";
    logger.log(isOver ? "error" : "warn", isOver ? "account.revoked" : "account.renewal-failed", { account: account.file, kind: account.kind.name, message: account.renewalTrouble, ...(known === undefined && { cause: String(error) }) });
    if (!isOver) return;
    account.end = { type: "revoked", message: account.renewalTrouble, since: now };
    this.#options.stateChanged(account);
  }
}

/** For people who look for it in a log. Other gateways' guides quote these words, with such a time; here it is UTC. */
function sentenceOf(expiresAt: number | undefined): string {
  return expiresAt === undefined ? "Token refreshed successfully" : `Token refreshed successfully, expires at: ${rfc3339(expiresAt).slice(0, 19).replace("T", " ")} UTC`;
}
