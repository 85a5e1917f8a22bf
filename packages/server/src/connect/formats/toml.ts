import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { tomlTable, valueAt, withPut, type Put } from "@dragoman/gateway";
import { parse, patch } from "@decimalturn/toml-patch";
import { Unreadable } from "../text-file.ts";
import type { Format } from "./format.ts";

/**
 * TOML. Values of tables that are there are patched in; a table that is new is written at the end, under a header of its own, since the
 * patch would write it as an inline table that other programs' edits do not take well.
 */
export const tomlFormat: Format = {
  read,
  edit(text, { puts, wanted, newline }) {
    if (text.trim() === "") return `${tomlTable(wanted, []).join(newline).trimStart()}${newline}`;
    const before = read(text);
    const isNewTable = (put: Put): boolean => put.value !== undefined && put.path.length > 1 && valueAt(before, put.path.slice(0, -1)) === undefined;
    const inPlace = puts.filter((put) => !isNewTable(put)).reduce<Json>((tree, put) => withPut(tree, put) ?? {}, before);
    const patched = sameText(inPlace, before) ? text : patch(text, inPlace);
    const added = puts.filter(isNewTable).reduce<Json>((tree, put) => withPut(tree, put) ?? {}, {});
    const appended = isJsonObject(added) && Object.keys(added).length > 0 ? append(patched, tomlTable(added, []), newline) : patched;
    return says(appended, wanted) ? appended : patch(text, wanted);
  },
};

function read(text: string): JsonObject {
  try {
    const value: unknown = parse(text);
    return isJsonObject(value) ? value : {};
  } catch (error) {
    const { line } = error as { line?: unknown };
    throw new Unreadable("is not valid TOML", typeof line === "number" ? line : undefined);
  }
}

/** The last line ends as it did. */
function append(text: string, lines: readonly string[], newline: string): string {
  const isEnded = text.endsWith("\n");
  return `${text}${isEnded ? "" : newline}${lines.join(newline)}${isEnded ? newline : ""}`;
}

function says(text: string, wanted: JsonObject): boolean {
  try {
    return sameText(parse(text), wanted);
  } catch {
    return false;
  }
}

/** Dates are compared as they are written. */
const sameText = (one: unknown, other: unknown): boolean => Bun.deepEquals(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
