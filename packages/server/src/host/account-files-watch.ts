import { readFileSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";
import { directoriesIn, factsOf, isAccountName, listAccountFiles } from "./account-files-list.ts";
import { unlessMissing } from "./named-files.ts";

export interface AccountWatchOptions {
  /** Absolute; may become another one. */
  directory(): string;
  /** `undefined`: look at all. */
  changed(names: readonly string[] | undefined): void;
}

/** What comes within this time is told at once. */
const GATHER_MS = 50;
/** A file that holds no whole JSON is being written, for at most so many looks. */
const LOOKS_AT_HALF_FILES = 10;
/** A file that is gone may be one that is just being replaced: it is looked for once more. */
const LOOKS_AT_GONE_FILES = 1;
/** How often the directory itself is looked at; and all files, where the system does not tell of changes. */
const POLL_MS = 2000;
/** Network disks and mounts tell nothing of some changes: every so many polls all files are looked at. */
const FULL_LOOK_EVERY = 30;

/** Follows a directory of logins that need not be there yet. @returns ends it */
export function watchAccountFiles(options: AccountWatchOptions): () => void {
  const following = new AccountWatch(options);
  return () => following.stop();
}

class AccountWatch {
  readonly #options: AccountWatchOptions;
  /** By name: how often it was looked at without being whole. */
  readonly #pending = new Map<string, number>();
  #seen: ReadonlyMap<string, string> = new Map();
  #watchers: FSWatcher[] = [];
  #place = "";
  #hears = false;
  #polls = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #polling: ReturnType<typeof setInterval>;

  constructor(options: AccountWatchOptions) {
    this.#options = options;
    this.#listen();
    this.#seen = this.#fingerprints();
    this.#polling = setInterval(() => this.#poll(), POLL_MS);
    this.#polling.unref();
  }

  stop(): void {
    clearInterval(this.#polling);
    clearTimeout(this.#timer);
    this.#deafen();
  }

  #listen(): void {
    this.#deafen();
    const directory = this.#options.directory();
    this.#place = placeOf(directory);
    try {
      for (const below of directoriesIn(directory)) this.#watchers.push(this.#watch(join(directory, below), below));
      this.#hears = this.#watchers.length > 0;
    } catch {
      this.#deafen();
    }
  }

  #watch(path: string, below: string): FSWatcher {
    const watcher = watch(path, (_event, file) => {
      if (file === null) this.#lookAtAll();
      else if (isAccountName(file)) this.#heard(below === "" ? file : `${below}/${file}`);
      else if (factsOf(join(path, file))?.isDirectory() === true) {
        this.#listen();
        this.#lookAtAll();
      }
    });
    watcher.on("error", () => this.#deafen());
    return watcher;
  }

  #deafen(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    this.#hears = false;
  }

  #poll(): void {
    this.#polls += 1;
    if (placeOf(this.#options.directory()) !== this.#place) {
      this.#listen();
      this.#seen = this.#fingerprints();
      this.#options.changed(undefined);
    } else if (!this.#hears || this.#polls % FULL_LOOK_EVERY === 0) this.#lookAtAll();
  }

  #lookAtAll(): void {
    const now = this.#fingerprints();
    const before = this.#seen;
    this.#seen = now;
    for (const [name, print] of now) if (before.get(name) !== print) this.#heard(name);
    for (const name of before.keys()) if (!now.has(name)) this.#heard(name);
  }

  #heard(name: string): void {
    this.#pending.set(name, 0);
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  /** Tells of files that are whole or gone; looks at the others again. */
  #tell(): void {
    this.#timer = undefined;
    const ready: string[] = [];
    for (const [name, looks] of this.#pending) {
      if (looks < this.#looksWorthTaking(name)) this.#pending.set(name, looks + 1);
      else ready.push(name);
    }
    for (const name of ready) this.#pending.delete(name);
    if (this.#pending.size > 0) this.#timer = setTimeout(() => this.#tell(), GATHER_MS);
    if (ready.length > 0) this.#options.changed(ready);
  }

  #looksWorthTaking(name: string): number {
    try {
      const text = unlessMissing(() => readFileSync(join(this.#options.directory(), name), "utf8"));
      if (text === undefined) return LOOKS_AT_GONE_FILES;
      JSON.parse(text);
      return 0;
    } catch (error) {
      // Who reads it next says why it cannot be read.
      return error instanceof SyntaxError ? LOOKS_AT_HALF_FILES : 0;
    }
  }

  /** A directory that cannot be read is as it was. */
  #fingerprints(): ReadonlyMap<string, string> {
    try {
      return new Map(listAccountFiles(this.#options.directory()).map(({ name, size, modifiedAt, createdAt }) => [name, `${size}/${modifiedAt}/${createdAt}`]));
    } catch {
      return this.#seen;
    }
  }
}

/** Another word when another directory stands there. */
function placeOf(directory: string): string {
  return `${directory}\n${factsOf(directory)?.ino ?? ""}`;
}
