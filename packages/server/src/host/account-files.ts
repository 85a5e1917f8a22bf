import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { AccountFiles } from "@dragoman/gateway";
import { writeAtomically } from "../config/write-atomically.ts";
import { listAccountFiles } from "./account-files-list.ts";
import { withFileLock } from "./account-files-lock.ts";
import { createAccountSealing, isSealedText, type AccountSealing } from "./account-files-sealing.ts";
import { watchAccountFiles } from "./account-files-watch.ts";
import { absolute, unlessMissing } from "./named-files.ts";

export interface AccountFilesOptions {
  /** Whether files are written sealed; asked at each write. What is sealed is read either way. */
  readonly encrypts?: () => boolean;
  /** The house's secret key; asked when the first sealed file is met. Absent: sealed files are handed out as they stand. */
  readonly key?: () => Uint8Array;
}

/**
 * The directory of stored logins on this machine: `*.json`, also in sub-directories, whose files are named with `/`. It
 * is made at the first write, for its owner only. `directory` is asked anew each time.
 */
export function accountFiles(directory: () => string, options: AccountFilesOptions = {}): AccountFiles {
  return new AccountDirectory(directory, options);
}

class AccountDirectory implements AccountFiles {
  readonly #directory: () => string;
  readonly #encrypts: () => boolean;
  readonly #sealing: AccountSealing | undefined;
  /** By name: the last sealed write, so that writes of one file keep their order. */
  readonly #sealed = new Map<string, Promise<void>>();

  constructor(directory: () => string, { encrypts, key }: AccountFilesOptions) {
    this.#directory = directory;
    this.#encrypts = encrypts ?? (() => false);
    this.#sealing = key === undefined ? undefined : createAccountSealing(key);
  }

  get directory(): string {
    return absolute(this.#directory());
  }

  async list(): ReturnType<AccountFiles["list"]> {
    return listAccountFiles(this.directory);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const bytes = unlessMissing(() => new Uint8Array(readFileSync(this.#place(name))));
    return bytes === undefined || this.#sealing === undefined ? bytes : this.#sealing.open(bytes);
  }

  /** Nothing is waited for before a plain file is on disk. The same JSON in another form is not written again. */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    const path = this.#place(name);
    const text = typeof content === "string" ? content : new TextDecoder().decode(content);
    if (this.#sealing !== undefined && this.#encrypts()) return this.#writeSealed(name, text, this.#sealing);
    if (saysTheSame(storedText(path), text)) return;
    put(path, content);
  }

  async remove(name: string): Promise<boolean> {
    const path = this.#place(name);
    if (unlessMissing(() => statSync(path)) === undefined) return false;
    rmSync(path);
    return true;
  }

  watch(changed: (names: readonly string[] | undefined) => void): () => void {
    return watchAccountFiles({ directory: () => this.directory, changed });
  }

  locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    return withFileLock(`${this.#place(name)}.lock`, work);
  }

  #writeSealed(name: string, text: string, sealing: AccountSealing): Promise<void> {
    const written = (this.#sealed.get(name) ?? Promise.resolve()).catch(() => undefined).then(async () => {
      const path = this.#place(name);
      const stored = storedText(path);
      if (stored !== undefined && isSealedText(stored) && saysTheSame(await sealing.openText(stored), text)) return;
      put(path, await sealing.seal(text));
    });
    this.#sealed.set(name, written);
    return written.finally(() => {
      if (this.#sealed.get(name) === written) this.#sealed.delete(name);
    });
  }

  /** The callers check names, too; this is the last door before the disk. */
  #place(name: string): string {
    const isPlain = name.split("/").every((part) => part !== "" && part !== "." && part !== ".." && !/[\\\0]/.test(part));
    if (!isPlain) throw new Error("not a plain file name");
    return join(this.directory, name);
  }
}

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeAtomically(path, content);
}

function storedText(path: string): string | undefined {
  return unlessMissing(() => readFileSync(path, "utf8"));
}

/** Equal as JSON, whatever the order of members and the spaces between them. */
function saysTheSame(stored: string | undefined, text: string): boolean {
  if (stored === undefined || stored === text) return stored !== undefined;
  try {
    return isDeepStrictEqual(JSON.parse(stored), JSON.parse(text));
  } catch {
    return false;
  }
}
