import type { Json, JsonObject } from "@dragoman/core";
import { z } from "zod";
import type { ConfigTree } from "../../config-path.ts";
import { defineDesk, type Desk, type Office } from "../../office.ts";
import { type EntryPatch, type EntrySelector, patched, removed, replaced } from "./entry-changes.ts";
import { ENTRY_KINDS, type EntryKind } from "./entry-kinds.ts";
import { type Entry, entriesOf, shownEntries } from "./entry-tree.ts";
import { anyObject, changeConfig, listBody, resourceOperation } from "./resource.ts";

const patchBody = z.object({ index: z.int().nullish(), match: z.string().nullish(), name: z.string().nullish(), value: anyObject }) as unknown as z.ZodType<EntryPatch>;
const text = z.string().optional();
const selector = z.looseObject({ index: text, "api-key": text, name: text, "base-url": text }) as unknown as z.ZodType<EntrySelector>;

function desksOf(kind: EntryKind): readonly Desk[] {
  const { list } = kind;
  const names = { path: `/${list}`, noun: list };
  const change = (office: Office, next: (entries: readonly Entry[]) => readonly JsonObject[]) =>
    changeConfig(office, (tree: ConfigTree, expanded: ConfigTree) => ({ ...tree, [list]: next(entriesOf(expanded, kind)) as readonly Json[] as Json[] }));
  return [
    defineDesk(resourceOperation(names, "GET", { reply: z.strictObject({ [list]: z.array(anyObject) }) as z.ZodType<Record<string, JsonObject[]>> }), ({ office }) => ({ [list]: [...shownEntries(office, kind)] })),
    defineDesk(resourceOperation(names, "PUT", { body: listBody(anyObject) }), ({ body, office, note }) => {
      note(list, { entries: body.length });
      return change(office, (old) => replaced(old, body, kind));
    }),
    defineDesk(resourceOperation(names, "PATCH", { body: patchBody, failures: { 404: "no entry is the one that was meant" } }), ({ body, office, note }) => {
      note(list, { fields: Object.keys(body.value) });
      return change(office, (old) => patched(old, body, kind));
    }),
    defineDesk(resourceOperation(names, "DELETE", { query: selector, failures: { 400: "nothing says which entry" } }), ({ query, office, note }) => {
      note(list);
      return change(office, (old) => removed(old, query, kind));
    }),
  ];
}

export const entryListDesks: readonly Desk[] = ENTRY_KINDS.flatMap(desksOf);
