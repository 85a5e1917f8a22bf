import type { Client, Put, Setting } from "@dragoman/gateway";
import { editText } from "./edit-file.ts";
import { unifiedDiff } from "./diff.ts";
import { digestOf, readTextFile, bytesWith, Unreadable, type TextFile } from "./text-file.ts";
import { History, type ChangedFile } from "./history.ts";
import { placesOf, type PlacedFile, type PlaceWish } from "./places.ts";
import type { Surroundings } from "./surroundings.ts";
import { missingAbove, writeFile } from "./write-file.ts";

/** What would be written into one file. */
export interface PlannedFile extends PlacedFile {
  readonly before: TextFile;
  readonly text: string;
  /** Those that change something; none: the file is as it should be. */
  readonly puts: readonly Put[];
}

/** A file that cannot be edited, and so no file is. */
export interface Obstacle {
  readonly path: string;
  readonly line?: number;
  readonly reason: string;
}

export type Plan = { readonly ok: true; readonly files: readonly PlannedFile[] } | { readonly ok: false; readonly obstacles: readonly Obstacle[] };

/** What would have to be changed for a client to come here. Nothing is written. */
export function planFiles(client: Client, setting: Setting, around: Surroundings, wish: PlaceWish): Plan {
  const files: PlannedFile[] = [];
  const obstacles: Obstacle[] = [];
  for (const placed of placesOf(client, around, wish)) {
    try {
      const before = readTextFile(placed.path);
      files.push({ ...placed, before, ...editText(before, placed.format, placed.file.puts(setting)) });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      obstacles.push({ path: placed.path, reason: error.message, ...(error.line !== undefined && { line: error.line }) });
    }
  }
  return obstacles.length > 0 ? { ok: false, obstacles } : { ok: true, files };
}

/** The diff of all files, for people. Empty: all is as it should be. */
export function diffOf(files: readonly PlannedFile[], secrets: readonly string[]): string {
  return files.map(({ path, before, text }) => unifiedDiff(path, { before: before.bytes === undefined ? undefined : before.text, after: text }, secrets)).filter((diff) => diff !== "").join("\n");
}

/** Writes what was planned. What stood there before, and what is about to be done, is on disk first: so it can be undone even if this is cut short. */
export function carryOut(files: readonly PlannedFile[], { client, setting, around, keyId }: { readonly client: Client; readonly setting: Setting; readonly around: Surroundings; readonly keyId?: number }): void {
  const changing = files.filter(({ puts }) => puts.length > 0);
  if (changing.length === 0) return;
  const history = new History(around.data, client.id);
  const at = Date.now();
  const name = history.newName(at);
  const planned = changing.map(({ before, text, format, puts }, index) => {
    const bytes = bytesWith(before, text);
    const file: ChangedFile = {
      path: before.path, format, ...(before.bytes !== undefined && { backup: history.keep(name, before.bytes, index) }), after: digestOf(bytes), madeDirectories: missingAbove(before.path),
      puts: puts.map(({ path, value }) => ({ path, ...(value !== undefined && { digest: digestOf(JSON.stringify(value)) }) })),
    };
    return { file, bytes, mode: before.mode };
  });
  const { url, model, roles } = setting;
  history.write(name, { client: client.id, at, url, model, ...(roles !== undefined && { roles }), files: planned.map(({ file }) => file), ...(keyId !== undefined && { keyId }) });
  for (const { file, bytes, mode } of planned) writeFile(file.path, bytes, mode);
}
