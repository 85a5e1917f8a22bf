import type { JsonObject } from "@dragoman/core";
import type { Logger } from "../ports.ts";
import type { Account } from "./account.ts";
import type { AccountFiles } from "./account-files.ts";
import { standingOf } from "./services-of-accounts.ts";
import { parseObject } from "./stored-json.ts";

export interface AccountWriterOptions {
  readonly files: AccountFiles;
  readonly logger: Logger;
  /** The file said something new that was not noticed before. */
  changed(account: Account): void;
}

/** Writes members into the files of accounts, beside what others have written there meanwhile. */
export class AccountWriter {
  readonly #options: AccountWriterOptions;
  /** What could not be written, to be tried again. */
  readonly #unsaved = new Map<Account, JsonObject>();

  constructor(options: AccountWriterOptions) {
    this.#options = options;
  }

  /** Takes over what the file says now. @returns whether it is there */
  async reread(account: Account): Promise<boolean> {
    if (account.isPassing) return true;
    const { revision } = account;
    const stored = await this.#stored(account);
    if (stored === undefined) return false;
    if (account.revision === revision && !sameContent(stored, account.content)) this.#replace(account, stored);
    return true;
  }

  /**
   * Puts members into the file and then into the account. A file that is gone is not made again, and one that holds
   * another login by now is left alone. When the disk refuses, the account goes on with what it has in memory.
   */
  async keep(account: Account, members: JsonObject): Promise<void> {
    if (account.isPassing) return account.replace({ ...account.content, ...members });
    const { refreshToken } = account.facts;
    const stored = await this.#stored(account);
    if (stored === undefined) return account.replace({ ...account.content, ...members });
    if (account.kind.read(stored, account.settings).refreshToken !== refreshToken) return this.#replace(account, stored);
    const isEdited = !sameContent(stored, account.content);
    const content = { ...stored, ...members };
    await this.#write(account, content, members);
    const standing = standingOf(account);
    account.replace(content);
    // A new token may tell of another plan, with other models.
    if (isEdited || standingOf(account) !== standing) this.#options.changed(account);
  }

  /** Tries once more what the disk refused. */
  async saveAgain(): Promise<void> {
    for (const [account, members] of this.#unsaved) {
      const stored = await this.#stored(account);
      if (stored === undefined) this.#unsaved.delete(account);
      else await this.#write(account, { ...stored, ...members }, members);
    }
  }

  #replace(account: Account, content: JsonObject): void {
    account.replace(content);
    this.#options.changed(account);
  }

  async #write(account: Account, content: JsonObject, members: JsonObject): Promise<void> {
    const { files, logger } = this.#options;
    try {
      await files.write(account.file, `${JSON.stringify(content, undefined, 2)}\n`);
      this.#unsaved.delete(account);
    } catch (error) {
      if (!this.#unsaved.has(account)) logger.log("error", "account.not-saved", { account: account.file, kind: account.kind.name, reason: error instanceof Error ? error.message : String(error), effect: "its new token is lost at a restart, unless the disk can be written to before" });
      this.#unsaved.set(account, { ...this.#unsaved.get(account), ...members });
    }
  }

  /** `undefined`: there is no such file. One that is just being written counts as unchanged. */
  async #stored(account: Account): Promise<JsonObject | undefined> {
    const bytes = await this.#options.files.read(account.file);
    return bytes === undefined ? undefined : parseObject(new TextDecoder().decode(bytes)) ?? account.content;
  }
}

/** With the members in the same order. */
export function sameContent(one: JsonObject, other: JsonObject): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
