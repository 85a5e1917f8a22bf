import type { JsonObject } from "@dragoman/core";
import type { Logger } from "../ports.ts";
import type { Account } from "./account.ts";
import type { AccountFiles } from "./account-files.ts";
import type { AccountKind } from "./account-kind.ts";
import { sameContent } from "./account-writer.ts";
import { parseObject, textOf } from "./stored-json.ts";

/** Where accounts stand once they are read. */
export interface AccountShelf {
  accounts(): Iterable<Account>;
  find(name: string): Account | undefined;
  put(name: string, kind: AccountKind, content: JsonObject): void;
  /** Another hand has written the file of a known account. */
  edit(account: Account, content: JsonObject): void;
  drop(name: string): void;
}

export interface DirectoryReaderOptions {
  /** The directory, and what else goes by a file's name. */
  readonly files: AccountFiles;
  readonly kinds: readonly AccountKind[];
  readonly shelf: AccountShelf;
  readonly logger: Logger;
  /** Its file is left alone for now. */
  isResting(name: string): boolean;
  /** It is there for another reason than a file in the directory. */
  isFoundElsewhere(name: string): boolean;
}

/** Reads stored logins onto the shelf, and knows why the others are no accounts. */
export class DirectoryReader {
  readonly #options: DirectoryReaderOptions;
  readonly #kindOf: ReadonlyMap<string, AccountKind>;
  readonly #unread = new Map<string, string>();

  constructor(options: DirectoryReaderOptions) {
    this.#options = options;
    this.#kindOf = new Map(options.kinds.flatMap((kind) => kind.types.map((type) => [type, kind] as const)));
  }

  /** Files that could not be read as an account, by name, with the reason. */
  get unread(): ReadonlyMap<string, string> {
    return this.#unread;
  }

  async readAll(): Promise<void> {
    const names = await this.#names();
    if (names === undefined) return;
    const { shelf, isFoundElsewhere } = this.#options;
    const present = new Set(names);
    for (const { file, isPassing } of [...shelf.accounts()]) if (!isPassing && !isFoundElsewhere(file) && !present.has(file)) shelf.drop(file);
    for (const name of this.#unread.keys()) if (!present.has(name)) this.#unread.delete(name);
    for (const name of names) await this.#read(name);
  }

  async read(names: readonly string[]): Promise<void> {
    for (const name of names.filter((each) => this.#isRead(each))) await this.#read(name);
  }

  #isRead(name: string): boolean {
    return name.toLowerCase().endsWith(".json") && !this.#options.isResting(name);
  }

  /** `undefined`: the directory cannot be read; what is known stays. */
  async #names(): Promise<readonly string[] | undefined> {
    const { files, logger } = this.#options;
    try {
      return (await files.list()).map(({ name }) => name).filter((name) => this.#isRead(name));
    } catch (error) {
      logger.log("error", "accounts.not-read", { directory: files.directory, reason: error instanceof Error ? error.message : String(error), effect: "no login that is stored there is used, or those that were read before" });
      return undefined;
    }
  }

  async #read(name: string): Promise<void> {
    const { shelf } = this.#options;
    const before = shelf.find(name);
    const revision = before?.revision;
    const bytes = await this.#bytesOf(name);
    const known = shelf.find(name);
    // A renewal wrote it meanwhile: what was read may be older than what is known.
    if (known !== before || known?.revision !== revision) return this.#read(name);
    if (!(bytes instanceof Uint8Array)) {
      shelf.drop(name);
      this.#unread.delete(name);
      if (bytes !== undefined) this.#unread.set(name, `it cannot be read (${bytes.reason})`);
      return;
    }
    const text = new TextDecoder().decode(bytes);
    // Empty: it is being written.
    if (text.trim() !== "") this.#take(name, parseObject(text));
  }

  /** A file that this program may not read is no reason to be without the others. */
  async #bytesOf(name: string): Promise<Uint8Array | { readonly reason: string } | undefined> {
    try {
      return await this.#options.files.read(name);
    } catch (error) {
      return { reason: (error as { readonly code?: string }).code ?? "unknown error" };
    }
  }

  #take(name: string, content: JsonObject | undefined): void {
    const { shelf } = this.#options;
    const type = textOf(content?.type);
    const kind = type === undefined ? undefined : this.#kindOf.get(type);
    if (content === undefined || kind === undefined) {
      shelf.drop(name);
      this.#unread.set(name, whyUnread(content, type));
      return;
    }
    this.#unread.delete(name);
    const known = shelf.find(name);
    if (known?.kind !== kind) shelf.put(name, kind, content);
    else if (!sameContent(known.content, content)) shelf.edit(known, content);
  }
}

function whyUnread(content: JsonObject | undefined, type: string | undefined): string {
  if (content === undefined) return "it holds no JSON object";
  if (type !== undefined) return `accounts of type ${type} are not known here`;
  return typeof content.sealed === "string" ? "it is sealed with another key than this program's" : "it has no type";
}
