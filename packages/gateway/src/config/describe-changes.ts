import type { z } from "zod";
import { isRawObject, sameValue } from "./raw.ts";
import { redactValue } from "./redact.ts";
import { type SchemaView, viewOf } from "./schema-view.ts";
import { type Config, configSchema } from "./schema/index.ts";

/** One difference between two configurations, fit to be logged. */
export interface ConfigChange {
  readonly path: string;
  /** `false → true`, `2 → 3 entries`, `changed`; never a secret. */
  readonly summary: string;
  readonly reload: "live" | "restart";
}

interface Place {
  readonly path: string;
  readonly reload: "live" | "restart";
}

/** What changes from `before` to `after`, field by field. Empty when they mean the same. */
export function describeChanges(before: Config, after: Config): readonly ConfigChange[] {
  return compare(configSchema, before, after, { path: "", reload: "live" });
}

function compare(schema: z.ZodType, before: unknown, after: unknown, outer: Place): readonly ConfigChange[] {
  if (sameValue(before, after)) return [];
  const view = viewOf(schema);
  const at = { path: outer.path, reload: view.meta.reload ?? outer.reload };
  if (before === undefined || after === undefined || view.kind === "value") return [{ ...at, summary: summarise(view, before, after) }];
  if (view.kind === "list") return compareLists(view, before, after, at);
  if (!isRawObject(before) || !isRawObject(after)) return [{ ...at, summary: "changed" }];
  const keys = view.kind === "object" ? Object.keys(view.fields ?? {}) : [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const field = view.fields?.[key] ?? view.item;
    return field === undefined ? [] : compare(field, before[key], after[key], { ...at, path: at.path === "" ? key : `${at.path}.${key}` });
  });
}

function compareLists(view: SchemaView, before: unknown, after: unknown, at: Place): readonly ConfigChange[] {
  const { item } = view;
  if (!Array.isArray(before) || !Array.isArray(after) || item === undefined) return [{ ...at, summary: "changed" }];
  if (before.length !== after.length) return [{ ...at, summary: `${before.length} → ${after.length} entries` }];
  return before.flatMap((old, index) => compare(item, old, after[index], { ...at, path: `${at.path}[${index}]` }));
}

function summarise(view: SchemaView, before: unknown, after: unknown): string {
  const was = before === undefined || before === "";
  const is = after === undefined || after === "";
  const { secret } = view.meta;
  if (secret === undefined) return view.kind === "value" ? `${shown(before)} → ${shown(after)}` : was ? "added" : "removed";
  if (secret === "userinfo" && !was && !is) {
    const [old, fresh] = [redactValue(secret, before), redactValue(secret, after)];
    return old === fresh ? "changed (hidden)" : `${old} → ${fresh}`;
  }
  return was ? "added (hidden)" : is ? "removed (hidden)" : "changed (hidden)";
}

const shown = (value: unknown): string => (value === undefined ? "absent" : value === "" ? "empty" : typeof value === "string" ? value : JSON.stringify(value));
