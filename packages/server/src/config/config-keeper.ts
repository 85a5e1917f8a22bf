import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Json } from "@dragoman/core";
import { type Config, type ConfigKeeper, ConfigRefused, describeChanges, expandText, expandTree, migratedTree, type Passwords } from "@dragoman/gateway";
import { hashText, parseConfigText } from "./config-file.ts";
import type { LoadedConfig } from "./load-config.ts";
import { findPlainSecret, isHashed } from "./plain-secret.ts";
import { readDocument } from "./read-document.ts";
import { writeAtomically } from "./write-atomically.ts";
import { editYaml } from "./yaml-edit/edit-yaml.ts";

export interface KeeperOptions {
  readonly loaded: LoadedConfig;
  /** Where a file is made when there is none. */
  readonly newPath: string;
  readonly passwords: Pick<Passwords, "hash">;
  /** Makes a configuration hold from now on. */
  putInForce(config: Config): void;
  /** There was no file, and now there is. */
  onCreated?(path: string): void;
}

type Tree = { readonly [key: string]: Json };

/** Keeps the configuration file: all that is written into it by this program goes through here, one thing after another. */
export class FileConfigKeeper implements ConfigKeeper {
  readonly #options: KeeperOptions;
  #running: LoadedConfig;
  #queue: Promise<unknown> = Promise.resolve();
  /** The secret that was hashed last: the same text keeps its hash, and sessions that hang on it. */
  #hashed: { readonly plain: string; readonly hash: string } | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#running = options.loaded;
  }

  current(): { readonly config: Config; readonly path?: string } {
    return this.#running;
  }

  running(): LoadedConfig {
    return this.#running;
  }

  text(): string | undefined {
    const { path } = this.#running;
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new ConfigRefused("write", `the file cannot be read (${reason(error)})`);
    }
  }

  tree(): Tree {
    return treeOf(this.text() ?? "");
  }

  expandedTree(): Tree {
    return this.#expanded(this.tree());
  }

  change(edit: (tree: Tree, expanded: Tree) => Tree): Promise<void> {
    return this.#inTurn(async () => {
      this.#refuseForeign();
      const text = this.text() ?? "";
      const tree = treeOf(text);
      const wanted = JSON.parse(JSON.stringify(edit(tree, this.#expanded(tree)))) as Tree;
      const edited = editYaml(text, wanted, (piece) => expandText(piece, this.#running.environment));
      if (edited === undefined) throw new ConfigRefused("write", "the file is written in a way that cannot be edited in place; replace it whole");
      await this.#install(edited, text);
    });
  }

  replace(text: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#refuseForeign();
      await this.#install(text, undefined);
    });
  }

  check(text: string): ReturnType<ConfigKeeper["check"]> {
    const parsed = parseConfigText(text, this.#running.environment);
    if (parsed.ok) return { problems: [], notes: parsed.notes, changes: describeChanges(this.#running.config, parsed.config) };
    const [first] = parsed.problems;
    return { ...(parsed.isSyntax === true && first !== undefined && { syntaxError: first.message }), problems: parsed.problems, notes: [], changes: [] };
  }

  /** A configuration that somebody else put into the file. */
  adopt(loaded: LoadedConfig): void {
    const known = this.#hashed;
    const isKnown = known !== undefined && loaded.config["remote-management"]["secret-key"] === known.plain;
    this.#hold(isKnown ? { ...loaded, config: withSecret(loaded.config, known.hash) } : loaded);
  }

  /** A secret that was typed into the file is put there as its hash. A file that cannot be written keeps it; what runs has the hash. */
  hashSecret(): Promise<void> {
    return this.#inTurn(async () => {
      const { config, hash } = this.#running;
      const secret = config["remote-management"]["secret-key"];
      if (secret === "" || isHashed(secret)) return;
      const hashed = await this.#hash(secret);
      // Somebody may have gone on typing meanwhile: that is read anew, and comes here again.
      if (this.#running.hash !== hash) return;
      const text = this.text();
      const isOurs = this.#running.fileOf === undefined;
      const plain = isOurs && text !== undefined && hashText(text) === hash ? findPlainSecret(text) : undefined;
      let written = hash;
      if (plain !== undefined) {
        const replaced = plain.replacedBy(hashed);
        try {
          this.#write(replaced);
          written = hashText(replaced);
        } catch {
          // A read-only file is no reason not to start.
        }
      }
      this.#hold({ ...this.#running, config: withSecret(config, hashed), hash: written });
    });
  }

  /** Another gateway may still be started with its file. @throws ConfigRefused */
  #refuseForeign(): void {
    const { fileOf, path = "" } = this.#running;
    if (fileOf !== undefined) throw new ConfigRefused("foreign", `${basename(path)} is a file of ${fileOf} and stays as it is; to make changes, write one of our own with: dragoman import ${fileOf} ${basename(path)}`);
  }

  #expanded(tree: Tree): Tree {
    return expandTree(tree, this.#running.environment) as Tree;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Checks a text, writes it and makes it hold, or changes nothing. `before` is the file's text when it was derived from it. */
  async #install(given: string, before: string | undefined): Promise<void> {
    if (given === before && hashText(given) === this.#running.hash) return;
    const text = await this.#withoutPlainSecret(given);
    const parsed = parseConfigText(text, this.#running.environment);
    if (!parsed.ok) throw new ConfigRefused(parsed.isSyntax === true ? "syntax" : "invalid", parsed.problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; "), parsed.problems);
    const secret = parsed.config["remote-management"]["secret-key"];
    const config = secret === "" || isHashed(secret) ? parsed.config : withSecret(parsed.config, await this.#hash(secret));
    const earlier = this.text();
    if (before !== undefined && (earlier ?? "") !== before) throw new ConfigRefused("write", "somebody else changed the file at the same moment; try again");
    const isNew = this.#running.path === undefined;
    const path = this.#write(text);
    try {
      this.#hold({ ...this.#running, config, notes: parsed.notes, hash: hashText(text), path });
    } catch (error) {
      if (earlier === undefined) rmSync(path, { force: true });
      else this.#write(earlier);
      throw new ConfigRefused("write", `it could not be put in force (${reason(error)})`);
    }
    if (isNew) this.#options.onCreated?.(path);
  }

  #hold(loaded: LoadedConfig): void {
    this.#options.putInForce(loaded.config);
    this.#running = loaded;
  }

  #write(text: string): string {
    const path = this.#running.path ?? this.#options.newPath;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeAtomically(path, text);
    } catch (error) {
      throw new ConfigRefused("write", reason(error));
    }
    return path;
  }

  async #withoutPlainSecret(text: string): Promise<string> {
    const plain = findPlainSecret(text);
    return plain === undefined ? text : plain.replacedBy(await this.#hash(plain.secret));
  }

  async #hash(plain: string): Promise<string> {
    if (this.#hashed?.plain !== plain) this.#hashed = { plain, hash: await this.#options.passwords.hash(plain) };
    return this.#hashed.hash;
  }
}

/** @throws ConfigRefused when somebody is in the middle of writing it */
function treeOf(text: string): Tree {
  const { document } = readDocument(text);
  if (document.errors.length > 0) throw new ConfigRefused("write", "the configuration file is not valid YAML at the moment");
  return migratedTree(document.toJS()) as Tree;
}

function withSecret(config: Config, hash: string): Config {
  return Object.freeze({ ...config, "remote-management": Object.freeze({ ...config["remote-management"], "secret-key": hash }) });
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
