import { z } from "zod";
import type { JsonObject } from "@dragoman/core";
import type { ConfigTree } from "../../config-path.ts";
import { defineDesk, OfficeError, type Desk } from "../../office.ts";
import { changeConfig, indexIn, listBody, objectsOf, resourceOperation } from "./resource.ts";

/** A list of texts with a path of its own. */
interface StringList {
  readonly key: string;
  /** Of the tree, references replaced. */
  read(tree: ConfigTree): readonly string[];
  write(tree: ConfigTree, expanded: ConfigTree, values: readonly string[]): ConfigTree;
}

/** What holds of keys: without blanks at their ends, each once, none empty. */
const tidy = (values: readonly unknown[]): string[] => [...new Set(values.filter((value) => typeof value === "string").map((value) => value.trim()))].filter((value) => value !== "");

export const apiKeys: StringList = {
  key: "api-keys",
  read: (tree) => tidy(Array.isArray(tree["api-keys"]) ? (tree["api-keys"] as readonly unknown[]) : []),
  write: (tree, _expanded, values) => ({ ...tree, "api-keys": [...values] }),
};

/** The keys of `gemini-api-key`; keys that stay keep their entries whole. */
export const generativeLanguageKeys: StringList = {
  key: "generative-language-api-key",
  read: (tree) => tidy(objectsOf(tree, "gemini-api-key").map((entry) => entry["api-key"])),
  write(tree, expanded, values) {
    const entries = objectsOf(expanded, "gemini-api-key");
    const next = tidy(values).flatMap((key): readonly JsonObject[] => {
      const known = entries.filter((entry) => typeof entry["api-key"] === "string" && entry["api-key"].trim() === key);
      return known.length > 0 ? known : [{ "api-key": key }];
    });
    return { ...tree, "gemini-api-key": next };
  },
};

const patchBody = z.object({ index: z.int().nullish(), value: z.string().nullish(), old: z.string().nullish(), new: z.string().nullish() });

/** @throws OfficeError 400 */
function patched(list: readonly string[], { index, value, old, new: fresh }: z.infer<typeof patchBody>): readonly string[] {
  const place = indexIn(index, list.length);
  if (place !== undefined && value != null) return list.with(place, value);
  if (old == null || fresh == null) throw new OfficeError(400, "missing fields");
  const known = list.indexOf(old);
  return known < 0 ? [...list, fresh] : list.with(known, fresh);
}

/** @throws OfficeError 400 */
function without(list: readonly string[], query: { readonly index?: string; readonly value?: string }): readonly string[] {
  const place = indexIn(query.index, list.length);
  if (place !== undefined) return list.filter((_, index) => index !== place);
  const value = query.value?.trim() ?? "";
  if (value === "") throw new OfficeError(400, "missing index or value");
  return list.filter((item) => item.trim() !== value);
}

function desksOf(list: StringList): readonly Desk[] {
  const text = { path: `/${list.key}`, noun: list.key };
  const query = z.looseObject({ index: z.string().optional(), value: z.string().optional() }) as z.ZodType<{ index?: string; value?: string }>;
  return [
    defineDesk(resourceOperation(text, "GET", { reply: z.strictObject({ [list.key]: z.array(z.string()) }) as z.ZodType<Record<string, string[]>> }), ({ office }) => ({ [list.key]: [...list.read(office.ports.config.expandedTree())] })),
    defineDesk(resourceOperation(text, "PUT", { body: listBody(z.string()) }), ({ body, office, note }) => {
      note(list.key, { entries: body.length });
      return changeConfig(office, (tree, expanded) => list.write(tree, expanded, body));
    }),
    defineDesk(resourceOperation(text, "PATCH", { body: patchBody, failures: { 400: "neither an index and a value nor an old and a new text" } }), ({ body, office, note }) => {
      note(list.key);
      return changeConfig(office, (tree, expanded) => list.write(tree, expanded, patched(list.read(expanded), body)));
    }),
    defineDesk(resourceOperation(text, "DELETE", { query, failures: { 400: "neither an index nor a value" } }), ({ query, office, note }) => {
      note(list.key);
      return changeConfig(office, (tree, expanded) => list.write(tree, expanded, without(list.read(expanded), query)));
    }),
  ];
}

export const stringListDesks: readonly Desk[] = [apiKeys, generativeLanguageKeys].flatMap(desksOf);
