import { type FSWatcher, realpathSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { type ConfigChange, describeChanges } from "@dragoman/gateway";
import { type FileProblem, hashText, parseConfigText, readConfigText } from "./config-file.ts";
import type { LoadedConfig } from "./load-config.ts";

/** Editors write in several steps; this is how long the file must have been quiet. */
const DEBOUNCE_MS = 150;

export interface WatchOptions {
  /** Puts the new configuration in place, whole. What it throws is reported, and the next write is tried again. */
  onChange(loaded: LoadedConfig, changes: readonly ConfigChange[]): void;
  /** The file cannot be used; the running configuration stays. */
  onProblems(problems: readonly FileProblem[]): void;
  /** What runs now, when others than this put configurations in place; what they wrote is no change. */
  readonly running?: () => LoadedConfig;
  readonly debounceMs?: number;
}

/**
 * Follows a configuration file. The directory is watched, because a file that is replaced by a rename is another file. An
 * empty file is one that somebody is just writing, and the same content again is no change. Without a file there is nothing
 * to follow.
 *
 * @returns ends the watching
 */
export function watchConfig(loaded: LoadedConfig, options: WatchOptions): () => void {
  const { path } = loaded;
  if (path === undefined) return () => undefined;
  const follower = new ConfigFollower(path, loaded, options);
  return () => follower.stop();
}

class ConfigFollower {
  #running: LoadedConfig;
  /** Content that was last seen, good or bad: a bad file is reported once. */
  #seenHash: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #options: WatchOptions;
  readonly #path: string;
  readonly #watchers: readonly FSWatcher[];

  constructor(path: string, loaded: LoadedConfig, options: WatchOptions) {
    this.#path = path;
    this.#running = loaded;
    this.#seenHash = loaded.hash;
    this.#options = options;
    this.#watchers = [...new Set([path, linkedFile(path)])].map((file) => this.#watch(file));
    // The file may have changed between being loaded and being watched.
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(path: string): FSWatcher {
    const name = basename(path);
    const watcher = watch(dirname(path), (_event, file) => {
      if (file === null || concerns(file, name)) this.#schedule();
    });
    watcher.on("error", (error) => this.#report(`is no longer watched (${(error as NodeJS.ErrnoException).code ?? error.message})`));
    return watcher;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), this.#options.debounceMs ?? DEBOUNCE_MS);
  }

  #look(): void {
    const text = this.#read();
    if (text === undefined || text.trim() === "") return;
    const hash = hashText(text);
    if (hash === this.#seenHash) return;
    this.#seenHash = hash;
    this.#running = this.#options.running?.() ?? this.#running;
    if (hash === this.#running.hash) return;
    const parsed = parseConfigText(text, this.#running.environment);
    if (!parsed.ok) return this.#options.onProblems(parsed.problems);
    this.#swap({ ...this.#running, config: parsed.config, notes: parsed.notes, hash });
  }

  #swap(next: LoadedConfig): void {
    try {
      this.#options.onChange(next, describeChanges(this.#running.config, next.config));
      this.#running = next;
    } catch (error) {
      this.#seenHash = "";
      this.#report(`could not be put in place (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  #read(): string | undefined {
    try {
      return readConfigText(this.#path);
    } catch (error) {
      if (this.#seenHash !== "") this.#report(`cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`);
      this.#seenHash = "";
      return undefined;
    }
  }

  #report(message: string): void {
    this.#options.onProblems([{ path: "", message: `${message}; the running configuration stays` }]);
  }
}

/** A link is followed as well: its target may be edited in place. */
function linkedFile(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** `..data` is the link that Kubernetes moves when a mounted ConfigMap changes. */
function concerns(file: string, name: string): boolean {
  return file === name || file === "..data";
}
