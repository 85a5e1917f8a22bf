import type { z } from "zod";
import type { TakeNote } from "./findings.ts";
import { isRawObject, sameValue } from "./raw.ts";
import { viewOf } from "./schema-view.ts";
import { type Config, configSchema } from "./schema/index.ts";

/** Tells the operator of settings that are understood but not acted on yet; silent about those left at their default. */
export function notePending(config: Config, note: TakeNote): void {
  const visit = (schema: z.ZodType, value: unknown, byDefault: unknown, path: string): void => {
    if (sameValue(value, byDefault)) return;
    const view = viewOf(schema);
    if (view.meta.pending === true) note("pending", path, "is understood, but has no effect so far");
    else if (isRawObject(value) && isRawObject(byDefault)) {
      for (const [key, field] of Object.entries(view.fields ?? {})) visit(field, value[key], byDefault[key], path === "" ? key : `${path}.${key}`);
    }
  };
  visit(configSchema, config, configSchema.parse({}), "");
}
