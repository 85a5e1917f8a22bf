import { z } from "zod";
import { type SchemaView, viewOf } from "./schema-view.ts";

/** A field's type in the operator's words. */
export function typeName(view: SchemaView): string {
  if (view.kind === "object") return "section";
  const item = view.item === undefined ? undefined : viewOf(view.item);
  if (view.kind === "list") return item === undefined || item.kind === "object" ? "list" : `list of ${plural(item)}`;
  if (view.kind === "map") return item === undefined ? "map" : `map to ${item.kind === "value" ? typeName(item) : plural(item)}`;
  return valueName(view.inner);
}

function plural(item: SchemaView): string {
  if (item.kind !== "value") return item.kind === "map" ? "maps" : "lists";
  return item.inner instanceof z.ZodEnum ? typeName(item) : `${typeName(item)}s`;
}

function valueName(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(" | ");
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => valueName(option as z.ZodType)).join(" | ");
  if (schema instanceof z.ZodArray) return typeName(viewOf(schema));
  if (schema instanceof z.ZodBoolean) return "switch";
  if (schema instanceof z.ZodNumber) return "integer";
  return schema instanceof z.ZodString ? "text" : "any value";
}
