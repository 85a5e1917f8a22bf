import { chmodSync, existsSync } from "node:fs";
import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { valueAt, withPut, type Client, type Put, type Step } from "@dragoman/gateway";
import { editText } from "./edit-file.ts";
import { FORMATS } from "./formats/index.ts";
import { History, type ChangedFile, type Generation } from "./history.ts";
import type { Surroundings } from "./surroundings.ts";
import { bytesWith, digestOf, readTextFile, Unreadable, type TextFile } from "./text-file.ts";
import { removeFile, writeFile } from "./write-file.ts";

/** What became of one file. */
export interface Undone {
  readonly path: string;
  readonly outcome:
    /** Byte for byte as it was. */
    | "restored"
    /** There was none before. */
    | "removed"
    /** It was changed meanwhile: only our values were taken back. */
    | "taken-back"
    /** It was changed meanwhile, and nothing of ours is in it any more. */
    | "nothing-left"
    /** It is gone. */
    | "gone"
    | "unreadable";
  readonly reason?: string;
}

export interface UndoWish {
  /** The files that are meant; those of other places stay connected. */
  readonly paths: readonly string[];
  /** What was there before comes back, even over later changes. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface UndoReport {
  readonly files: readonly Undone[];
  /** Keys that were made for what was undone. */
  readonly keyIds: readonly number[];
}

/** Takes back what was connected, the last first. No files: there was nothing to take back. */
export function undo(client: Client, around: Surroundings, { paths, force = false, dryRun = false }: UndoWish): UndoReport {
  const history = new History(around.data, client.id);
  const wanted = new Set(paths.map((path) => readPath(path)));
  const generations = history.list().filter(({ undoneAt, files }) => undoneAt === undefined && files.some(({ path }) => wanted.has(path))).toReversed();
  const outcomes = new Map<string, Undone>();
  const keyIds: number[] = [];
  for (const generation of dryRun ? [] : generations) {
    // The first file may have made the directory of the others.
    const undone = generation.files.toReversed().map((file) => takeBack(file, history, force));
    for (const each of undone) outcomes.set(each.path, merged(outcomes.get(each.path), each));
    // It can be tried again when somebody has mended the file; what lies below it has to wait.
    if (undone.some(({ outcome }) => outcome === "unreadable")) break;
    const { name, ...rest } = generation;
    history.write(name, { ...rest, undoneAt: Date.now() } satisfies Generation);
    if (generation.keyId !== undefined) keyIds.push(generation.keyId);
  }
  if (dryRun) for (const { path, backup } of generations.flatMap(({ files }) => files)) outcomes.set(path, { path, outcome: backup === undefined ? "removed" : "restored" });
  return { files: [...outcomes.values()], keyIds };
}

/** Once something had to be taken back, what follows cannot make the file what it was. */
function merged(before: Undone | undefined, next: Undone): Undone {
  return before !== undefined && before.outcome === "taken-back" && next.outcome === "nothing-left" ? before : next;
}

function takeBack(file: ChangedFile, history: History, force: boolean): Undone {
  const { path, backup, madeDirectories, after } = file;
  if (!existsSync(path) && !force) return { path, outcome: "gone" };
  try {
    const current = readTextFile(path);
    const isOurs = current.bytes !== undefined && digestOf(current.bytes) === after;
    if (!isOurs && !force) return takeBackValues(file, current, history);
    if (backup === undefined) {
      removeFile(path, madeDirectories);
      return { path, outcome: "removed" };
    }
    writeFile(path, history.backup(backup), current.mode);
    return { path, outcome: "restored" };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { path, outcome: "unreadable", reason: `${error.line === undefined ? "" : `line ${error.line} `}${error.message}` };
  }
}

/** Values that are still ours become what they were before; those that somebody has changed since stay. */
function takeBackValues({ path, backup, format, puts }: ChangedFile, current: TextFile, history: History): Undone {
  const { read } = FORMATS[format];
  const now = read(current.text);
  const before = backup === undefined ? {} : read(textOf(history.backup(backup)));
  const ours = puts.filter(({ path: place, digest }) => digestOfValue(valueAt(now, place)) === digest);
  const restores = ours.map(({ path: place }): Put => ({ path: place, ...valueMember(valueAt(before, place)) }));
  const emptied = withoutEmptied(now, before, restores);
  if (emptied.length === 0) return { path, outcome: "nothing-left" };
  const { text } = editText(current, format, emptied);
  writeFile(path, bytesWith(current, text), current.mode);
  if (current.mode !== undefined) chmodSync(path, current.mode);
  return { path, outcome: "taken-back" };
}

/** What was only made to hold our values, and holds nothing now, goes with them. */
function withoutEmptied(now: JsonObject, before: JsonObject, restores: readonly Put[]): readonly Put[] {
  let tree: Json = restores.reduce<Json>((each, put) => withPut(each, put) ?? {}, now);
  const emptied: (readonly Step[])[] = [];
  for (const { path } of restores) {
    for (let length = path.length - 1; length > 0; length--) {
      const place = path.slice(0, length);
      if (valueAt(before, place) !== undefined || !isEmpty(valueAt(tree, place))) break;
      tree = withPut(tree, { path: place }) ?? {};
      emptied.push(place);
    }
  }
  const isWithin = (path: readonly Step[], place: readonly Step[]): boolean => place.length < path.length && Bun.deepEquals(path.slice(0, place.length), place);
  const outermost = emptied.filter((path) => !emptied.some((place) => isWithin(path, place)));
  return [...restores.filter(({ path }) => !outermost.some((place) => isWithin(path, place))), ...outermost.map((path) => ({ path }))];
}

const isEmpty = (value: Json | undefined): boolean => (Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0);
const valueMember = (value: Json | undefined): Pick<Put, "value"> => (value === undefined ? {} : { value });
const digestOfValue = (value: Json | undefined): string | undefined => (value === undefined ? undefined : digestOf(JSON.stringify(value)));
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** As it was written down: links followed. */
function readPath(path: string): string {
  try {
    return readTextFile(path).path;
  } catch {
    return path;
  }
}
