import type { z } from "zod";
import type { TakeNote } from "./findings.ts";
import { isRawObject, sameValue } from "./raw.ts";
import { pathText, viewOf } from "./schema-view.ts";
import { type Config, configSchema } from "./schema/index.ts";

/** Tells the operator of settings that are understood but not acted on yet; silent about those left at their default. */
export function notePending(config: Config, note: TakeNote): void {
  visit(configSchema, config, [], note);
}

function visit(schema: z.ZodType, value: unknown, path: readonly PropertyKey[], note: TakeNote): void {
  const view = viewOf(schema);
  if (view.meta.pending === true) {
    if (!sameValue(value, schema.safeParse(undefined).data)) note("pending", pathText(path), "is understood, but has no effect so far");
  } else if (view.kind === "list" && Array.isArray(value) && view.item !== undefined) {
    for (const [index, item] of value.entries()) visit(view.item, item, [...path, index], note);
  } else if (view.kind === "object" && isRawObject(value)) {
    for (const [key, field] of Object.entries(view.fields ?? {})) visit(field, value[key], [...path, key], note);
  }
}
