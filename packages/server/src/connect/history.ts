import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Step } from "@dragoman/gateway";
import { writeAtomically } from "../config/write-atomically.ts";
import type { WrittenFormat } from "./places.ts";

/** What one connection did to one file. */
export interface ChangedFile {
  readonly path: string;
  readonly format: WrittenFormat;
  /** Name of the copy of what was there before; absent: there was no file. */
  readonly backup?: string;
  /** SHA-256 of what was written. */
  readonly after: string;
  /** Directories that were made for it, the outermost first. */
  readonly madeDirectories: readonly string[];
  /** What was put where; of the values only a digest, since some are keys. Without one, something was taken away. */
  readonly puts: readonly { readonly path: readonly Step[]; readonly digest?: string }[];
}

/** One connection of a client. It holds until it is undone. */
export interface Generation {
  readonly client: string;
  /** Epoch ms. */
  readonly at: number;
  readonly url: string;
  readonly model: string;
  readonly roles?: Readonly<Record<string, string>>;
  readonly files: readonly ChangedFile[];
  /** A key that was made for it. */
  readonly keyId?: number;
  readonly undoneAt?: number;
}

/** So many connections that were undone are kept for each client, with what they had set aside. */
const KEPT_UNDONE = 5;

/** What was done to a client's files, and what stood there before. In the data directory, for its owner alone. */
export class History {
  readonly #directory: string;

  constructor(data: string, client: string) {
    this.#directory = join(data, "connect", client);
  }

  /** Of all times, the oldest first. */
  list(): readonly (Generation & { readonly name: string })[] {
    return namesIn(this.#directory).filter((name) => name.endsWith(".json")).map((name) => ({ ...(JSON.parse(readFileSync(join(this.#directory, name), "utf8")) as Generation), name: basename(name, ".json") }));
  }

  /** A name that sorts behind the others. */
  newName(at: number): string {
    const stamp = new Date(at).toISOString().replaceAll(/[:.]/g, "-");
    const taken = namesIn(this.#directory).filter((name) => name.startsWith(stamp)).length;
    return taken === 0 ? stamp : `${stamp}-${String(taken).padStart(3, "0")}`;
  }

  /** Keeps the bytes of a file under a generation's name. @returns how the copy is called */
  keep(name: string, bytes: Uint8Array, index: number): string {
    const copy = `${name}.${index}.bak`;
    this.#write(copy, bytes);
    return copy;
  }

  backup(copy: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.#directory, basename(copy))));
  }

  write(name: string, generation: Generation): void {
    this.#write(`${name}.json`, `${JSON.stringify(generation, undefined, 2)}\n`);
    this.#sweep();
  }

  #write(name: string, content: string | Uint8Array): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    writeAtomically(join(this.#directory, name), content);
  }

  #sweep(): void {
    const undone = this.list().filter(({ undoneAt }) => undoneAt !== undefined);
    for (const { name } of undone.slice(0, Math.max(0, undone.length - KEPT_UNDONE))) {
      for (const file of namesIn(this.#directory).filter((each) => each.startsWith(`${name}.`))) rmSync(join(this.#directory, file), { force: true });
    }
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => !name.startsWith(".")).toSorted();
  } catch {
    return [];
  }
}
