import type { z } from "zod";
import { isRawObject } from "./raw.ts";
import { type SchemaView, viewOf } from "./schema-view.ts";
import { type Config, configSchema } from "./schema/index.ts";

/** What stands in the place of something hidden. */
export const HIDDEN = "***";

/** Secrets shorter than this show nothing: four characters would be too much of them. */
const MIN_LENGTH_FOR_TAIL = 12;

/** The configuration as it may be shown: secrets hidden, and everything that the schema does not know. */
export function redactConfig(config: Config): Config {
  return redactAs(configSchema, config) as Config;
}

function redactAs(schema: z.ZodType, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  const view = viewOf(schema);
  if (view.meta.secret !== undefined && view.kind === "value") return redactValue(view.meta.secret, value);
  if (view.kind === "value") return value;
  if (view.kind === "list") return Array.isArray(value) && view.item !== undefined ? redactItems(view.item, value) : HIDDEN;
  return isRawObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactField(view, key, item)])) : HIDDEN;
}

const redactItems = (item: z.ZodType, values: readonly unknown[]): unknown[] => values.map((value) => redactAs(item, value));

function redactField(view: SchemaView, key: string, value: unknown): unknown {
  const field = view.kind === "map" ? view.item : view.fields !== undefined && Object.hasOwn(view.fields, key) ? view.fields[key] : undefined;
  return field === undefined ? HIDDEN : redactAs(field, value);
}

/** One value, hidden as its field asks for. */
export function redactValue(secret: true | "tail" | "userinfo", value: unknown): string {
  if (typeof value !== "string") return HIDDEN;
  if (value === "") return "";
  if (secret === "userinfo") return withoutUserinfo(value);
  return secret === "tail" && value.length >= MIN_LENGTH_FOR_TAIL ? `…${value.slice(-4)}` : HIDDEN;
}

/** User and password go, and the query, which may hold a key. */
function withoutUserinfo(url: string): string {
  return url.replace(/\/\/[^/]*@/, `//${HIDDEN}@`).replace(/[?#].*$/, `?${HIDDEN}`);
}
