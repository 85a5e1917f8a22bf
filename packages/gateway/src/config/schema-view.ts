import { z } from "zod";
import type { FieldMeta } from "./schema/fields.ts";

/** A part of the schema with its wrappers (default, optional) taken off, in the words that the generators use. */
export interface SchemaView {
  readonly kind: "object" | "list" | "map" | "value";
  readonly meta: Partial<FieldMeta>;
  /** Same object for the same inner schema, to recognise repetitions. */
  readonly inner: z.ZodType;
  readonly optional: boolean;
  readonly byDefault?: unknown;
  /** Of an object. */
  readonly fields?: Readonly<Record<string, z.ZodType>>;
  /** Of an object: keys that it does not know are no mistake. */
  readonly isOpen?: boolean;
  /** Of a list or map. */
  readonly item?: z.ZodType;
}

const views = new WeakMap<z.ZodType, SchemaView>();

/** Made once for each schema: a configuration of thousands of entries asks for it at every value. */
export function viewOf(schema: z.ZodType): SchemaView {
  let view = views.get(schema);
  if (view === undefined) views.set(schema, (view = readView(schema)));
  return view;
}

function readView(schema: z.ZodType): SchemaView {
  let inner = schema;
  let optional = false;
  let byDefault: unknown;
  let meta: Partial<FieldMeta> = {};
  for (;;) {
    meta = { ...(inner.meta() as Partial<FieldMeta> | undefined), ...meta };
    if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) byDefault ??= inner.def.defaultValue;
    else if (inner instanceof z.ZodOptional) optional = true;
    else break;
    inner = inner.def.innerType as z.ZodType;
  }
  const common = { meta, inner, optional, ...(byDefault === undefined ? {} : { byDefault }) };
  if (inner instanceof z.ZodObject) return { ...common, kind: "object", fields: inner.shape as Record<string, z.ZodType>, isOpen: inner.def.catchall === undefined };
  if (inner instanceof z.ZodArray) return { ...common, kind: "list", item: inner.def.element as z.ZodType };
  if (inner instanceof z.ZodRecord) return { ...common, kind: "map", item: inner.def.valueType as z.ZodType };
  return { ...common, kind: "value" };
}

/** Steps into the schema by a path of keys and indices; `undefined` where it does not lead anywhere. */
export function schemaAt(root: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let schema: z.ZodType | undefined = root;
  for (const step of path) {
    if (schema === undefined) return undefined;
    const view: SchemaView = viewOf(schema);
    const { fields } = view;
    if (fields === undefined) schema = view.item;
    else schema = Object.hasOwn(fields, step) ? fields[String(step)] : undefined;
  }
  return schema;
}

/** `["claude-api-key", 0, "api-key"]` → `claude-api-key[0].api-key`. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? String(step) : `.${String(step)}`;
  }
  return text;
}
