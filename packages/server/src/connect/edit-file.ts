import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { valueAt, withPut, type Put } from "@dragoman/gateway";
import { FORMATS } from "./formats/index.ts";
import type { WrittenFormat } from "./places.ts";
import { Unreadable, type TextFile } from "./text-file.ts";

/** A file's text with values put into it; what it says otherwise is the same as before. */
export interface EditedText {
  readonly text: string;
  /** Those that changed something. */
  readonly puts: readonly Put[];
}

/** @throws Unreadable when the file cannot be read, or would say something else than it should */
export function editText(file: Pick<TextFile, "text" | "newline">, format: WrittenFormat, puts: readonly Put[]): EditedText {
  const { read, edit } = FORMATS[format];
  const before = read(file.text);
  const changing = puts.filter((put) => isChange(before, put));
  if (changing.length === 0) return { text: file.text, puts: [] };
  for (const put of changing) refuseObstacle(before, put);
  const wanted = changing.reduce<Json>((tree, put) => withPut(tree, put) ?? {}, before);
  if (!isJsonObject(wanted)) throw new Unreadable("is no object");
  const text = edit(file.text, { puts: changing, wanted, newline: file.newline });
  if (!isSame(read(text), wanted)) throw new Unreadable("is written in a way that this program cannot edit without changing more than it should");
  return { text, puts: changing };
}

/** What somebody has written where only a group or a list can be is not written over. */
function refuseObstacle(tree: JsonObject, { path }: Put): void {
  path.forEach((step, at) => {
    const above = valueAt(tree, path.slice(0, at)) ?? null;
    if (above !== null && !(typeof step === "string" ? isJsonObject(above) : Array.isArray(above))) {
      throw new Unreadable(`says something else at "${path.slice(0, at).map((each) => (typeof each === "string" ? each : each.is)).join(".")}" than the client reads there`);
    }
  });
}

function isChange(tree: JsonObject, { path, value, onlyIfMissing }: Put): boolean {
  const old = valueAt(tree, path);
  return onlyIfMissing === true ? old === undefined : !isSame(old, value);
}

/** Dates, which JSON has not, are compared as they are written. */
export function isSame(one: unknown, other: unknown): boolean {
  return Bun.deepEquals(plain(one), plain(other));
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
