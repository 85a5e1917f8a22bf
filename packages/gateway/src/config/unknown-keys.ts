import type { z } from "zod";
import type { TakeNote } from "./findings.ts";
import { FOLDED_KEYS } from "./migrate.ts";
import { nearestKey } from "./nearest-key.ts";
import { isRawObject, type RawObject } from "./raw.ts";
import { viewOf } from "./schema-view.ts";
import { configSchema } from "./schema/index.ts";

/** `openai-compatibility[].api-keys`: read later, under their new name. */
const OLD_SPELLINGS: ReadonlySet<string> = new Set(FOLDED_KEYS.map(([from]) => from));

/**
 * Takes the keys that an open object does not know out of the tree, in place, with a note for each. The file keeps them.
 * Unknown keys elsewhere are left for the validation to refuse.
 */
export function removeUnknownKeys(root: RawObject, note: TakeNote): void {
  visit(configSchema, root, { path: "", kind: "" }, note);
}

/** Where a node stands: `claude-api-key[0].models[1]`, and what all nodes like it have in common: `claude-api-key[].models[]`. */
interface Place {
  readonly path: string;
  readonly kind: string;
}

function visit(schema: z.ZodType, node: unknown, place: Place, note: TakeNote): void {
  if (typeof node !== "object" || node === null) return;
  const { fields, item, isOpen } = viewOf(schema);
  if (Array.isArray(node)) {
    if (item !== undefined) node.forEach((value, index) => visit(item, value, { path: `${place.path}[${index}]`, kind: `${place.kind}[]` }, note));
    return;
  }
  for (const key of Object.keys(node)) {
    const field = fields === undefined ? item : Object.hasOwn(fields, key) ? fields[key] : undefined;
    const inner = { path: joined(place.path, key), kind: joined(place.kind, key) };
    if (field !== undefined) visit(field, (node as RawObject)[key], inner, note);
    else if (isOpen === true && isRawObject(node) && !OLD_SPELLINGS.has(inner.kind)) {
      delete node[key];
      note("unknown", inner.path, "unknown key: kept in the file, without effect", nearestKey(key, Object.keys(fields ?? {})));
    }
  }
}

const joined = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);
