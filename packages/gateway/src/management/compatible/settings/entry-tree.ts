import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { migratedTree } from "../../../config/index.ts";
import { pathText } from "../../../config/schema-view.ts";
import { credentialsOf } from "../../../routing/roster.ts";
import type { ConfigTree } from "../../config-path.ts";
import type { Office } from "../../office.ts";
import { type EntryKind, textOf } from "./entry-kinds.ts";
import { listOf } from "./resource.ts";

/** An entry and its place in the file's list. */
export interface Entry {
  readonly value: JsonObject;
  readonly place: number;
}

/** The entries that count: those without what is vital are left out, and those that repeat an earlier one. */
export function entriesOf(tree: ConfigTree, kind: EntryKind): readonly Entry[] {
  return distinct(listOf(tree, kind.list).flatMap((value, place) => (isJsonObject(value) && textOf(value, kind.vital) !== "" ? [{ value, place }] : [])), kind);
}

export function distinct<T extends { readonly value: JsonObject }>(entries: readonly T[], { identity }: EntryKind): readonly T[] {
  if (identity === undefined) return entries;
  const seen = new Set<string>();
  return entries.filter(({ value }) => {
    const id = JSON.stringify(identity.map((field) => (field === "headers" ? Object.entries(isJsonObject(value.headers) ? value.headers : {}).toSorted() : textOf(value, field))));
    return !seen.has(id) && seen.add(id);
  });
}

/** What a client sent, as it is kept: what is only for reading goes, old spellings are brought up to date, keys are trimmed. */
export function keptEntry(given: JsonObject, kind: EntryKind): JsonObject {
  const { "auth-index": _index, ...rest } = given;
  const entry: Record<string, Json | undefined> = { ...rest };
  for (const key of ["api-key", "name", "base-url"]) if (typeof entry[key] === "string") entry[key] = entry[key].trim();
  const keys = entry["api-key-entries"];
  if (Array.isArray(keys)) entry["api-key-entries"] = (keys as readonly Json[]).map((key) => (isJsonObject(key) ? compact(withoutIndex(key)) : key));
  const [migrated] = listOf(migratedTree({ [kind.list]: [entry] }) as ConfigTree, kind.list);
  return compact(isJsonObject(migrated) ? migrated : (entry as JsonObject));
}

function withoutIndex({ "auth-index": _index, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** Fields that say nothing are left out. */
function compact(entry: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(entry).filter(([key, value]) => key === "api-key" || !saysNothing(value)));
}

function saysNothing(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Fields that the file has, and has empty, stay there: the file is not to change for what means the same. */
export function withOldBlanks(entry: JsonObject, old: JsonObject | undefined): JsonObject {
  const blanks = Object.entries(old ?? {}).filter(([key, value]) => saysNothing(value) && !Object.hasOwn(entry, key));
  return blanks.length === 0 ? entry : { ...Object.fromEntries(blanks), ...entry };
}

/** The entries as GET shows them: whole, with what tells them apart elsewhere. */
export function shownEntries(office: Office, kind: EntryKind): readonly JsonObject[] {
  const indices = indicesByPlace(office);
  return entriesOf(office.ports.config.expandedTree(), kind).map(({ value, place }) => {
    const index = indices.get(pathText([kind.list, place]));
    const keys = value["api-key-entries"];
    const always = Object.fromEntries(Object.entries(kind.shown).map(([field, empty]) => [field, value[field] ?? (empty === "list" ? [] : "")]));
    return {
      ...always,
      ...Object.fromEntries(Object.entries(value).filter(([, item]) => !saysNothing(item))),
      ...(Array.isArray(keys) && { "api-key-entries": (keys as readonly Json[]).map((key, at) => (isJsonObject(key) ? withIndex({ "proxy-url": "", ...key }, indices.get(pathText([kind.list, place, "api-key-entries", at]))) : key)) }),
      ...(index !== undefined && { "auth-index": index }),
    };
  });
}

const withIndex = (key: JsonObject, index: string | undefined): JsonObject => (index === undefined ? key : { ...key, "auth-index": index });

function indicesByPlace(office: Office): ReadonlyMap<string, string> {
  return new Map(credentialsOf(office.engine.switchboard.roster).flatMap(({ credential }) => (credential.source === undefined ? [] : [[pathText(credential.source), credential.index] as const])));
}
