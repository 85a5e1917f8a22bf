import type { Json, JsonObject } from "@dragoman/core";
import { OfficeError } from "../../office.ts";
import { type Entry, distinct, keptEntry, withOldBlanks } from "./entry-tree.ts";
import { type EntryKind, textOf } from "./entry-kinds.ts";
import { indexIn } from "./resource.ts";

export interface EntryPatch {
  readonly index?: number | null | undefined;
  readonly match?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly value: JsonObject;
}

export interface EntrySelector {
  readonly index?: string | undefined;
  readonly "api-key"?: string | undefined;
  readonly name?: string | undefined;
  readonly "base-url"?: string | undefined;
}

/** The list after a PUT. @throws OfficeError 400 */
export function replaced(old: readonly Entry[], given: readonly JsonObject[], kind: EntryKind): readonly JsonObject[] {
  const entries = given.map((entry) => ({ value: keptEntry(entry, kind) }));
  const vital = entries.filter(({ value }) => textOf(value, kind.vital) !== "");
  if (kind.vitalMissing !== undefined && vital.length < entries.length) throw new OfficeError(400, kind.vitalMissing);
  return distinct(vital, kind).map(({ value }) => withOldBlanks(value, old.find((entry) => isSameEntry(entry.value, value, kind))?.value));
}

function isSameEntry(a: JsonObject, b: JsonObject, { keyField }: EntryKind): boolean {
  return textOf(a, keyField) === textOf(b, keyField) && textOf(a, "base-url") === textOf(b, "base-url");
}

/** The list after a PATCH: what `value` says changes, the rest stays; `null` takes a field away. @throws OfficeError 400, 404 */
export function patched(old: readonly Entry[], patch: EntryPatch, kind: EntryKind): readonly JsonObject[] {
  const at = locate(old, patch, kind);
  const before = old[at]?.value ?? {};
  const merged: Record<string, Json | undefined> = { ...before, ...patch.value };
  // Keys in their old spelling replace those that are there.
  if (patch.value["api-keys"] !== undefined && patch.value["api-key-entries"] === undefined) delete merged["api-key-entries"];
  const value = keptEntry(merged as JsonObject, kind);
  const values = old.map((entry) => entry.value);
  return textOf(value, kind.vital) === "" ? values.toSpliced(at, 1) : values.with(at, withOldBlanks(value, before));
}

function locate(old: readonly Entry[], patch: EntryPatch, kind: EntryKind): number {
  const place = indexIn(patch.index, old.length);
  if (place !== undefined) return place;
  const wanted = kind.keyField === "name" ? patch.name : patch.match;
  const key = kind.exactMatch === true ? wanted : wanted?.trim();
  const found = key == null || key === "" ? [] : old.flatMap(({ value }, index) => (textOf(value, kind.keyField) === key ? [index] : []));
  if (found.length > 1) throw new OfficeError(400, "multiple items match; index is required");
  const [only] = found;
  if (only === undefined) throw new OfficeError(404, "item not found");
  return only;
}

/** The list after a DELETE; the key goes before the index. @throws OfficeError 400, 404 */
export function removed(old: readonly Entry[], query: EntrySelector, kind: EntryKind): readonly JsonObject[] {
  const key = query[kind.keyField]?.trim() ?? "";
  if (key !== "") return removedByKey(old, key, query["base-url"]?.trim(), kind);
  const place = indexIn(query.index, old.length);
  if (place === undefined) throw new OfficeError(400, kind.selectorsMissing);
  return old.flatMap(({ value }, index) => (index === place ? [] : [value]));
}

function removedByKey(old: readonly Entry[], key: string, baseUrl: string | undefined, kind: EntryKind): readonly JsonObject[] {
  const matches = old.filter(({ value }) => textOf(value, kind.keyField) === key && (baseUrl === undefined || textOf(value, "base-url") === baseUrl));
  if (matches.length === 0 && kind.deleteUnknown === 404) throw new OfficeError(404, "item not found");
  const addresses = new Set(matches.map(({ value }) => textOf(value, "base-url")));
  if (addresses.size > 1 && kind.keyField === "api-key") throw new OfficeError(400, "multiple items match api-key; base-url is required");
  return old.flatMap((entry) => (matches.includes(entry) ? [] : [entry.value]));
}
