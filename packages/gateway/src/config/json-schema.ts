import { z } from "zod";
import { FOLDED_KEYS, RENAMED_KEYS } from "./migrate.ts";
import { configSchema, SECTIONS } from "./schema/index.ts";
import { UNUSED_KEYS } from "./unused-keys.ts";

interface SchemaObject {
  [key: string]: unknown;
  properties?: Record<string, SchemaObject>;
  items?: SchemaObject;
}

/** Stands where a number or a switch is wanted. */
const PLACEHOLDER: SchemaObject = { type: "string", pattern: String.raw`^\$\{[^}]+\}$` };

const TYPED_KEYWORDS = ["type", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;

/**
 * JSON Schema of the file as it is written, for editors: placeholders, old spellings and unused keys included.
 *
 * `annotated`: with what forms show beside a field: `x-reload` (`live`, `restart`), `x-secret`, `x-pending`, and
 * `x-section`, the title of the section, of the outermost fields.
 */
export function configJsonSchema({ annotated = false }: { readonly annotated?: boolean } = {}): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { io: "input", override: ({ jsonSchema }) => forEditors(jsonSchema as SchemaObject, annotated) }) as SchemaObject;
  if (annotated) nameSections(schema);
  for (const { reason, paths } of UNUSED_KEYS) for (const path of paths) addDeprecated(schema, path, `No effect: ${reason}.`);
  for (const [from, to] of [...RENAMED_KEYS, ...FOLDED_KEYS]) addDeprecated(schema, from, `Old spelling of ${to}.`);
  const { $schema, ...rest } = schema;
  return { $schema, title: "Dragoman configuration", ...rest };
}

/** Takes out what only this program understands, and lets environment references stand for numbers and switches. */
function forEditors(node: SchemaObject, annotated: boolean): void {
  for (const key of ["reload", "secret", "pending"]) {
    if (annotated && node[key] !== undefined) node[`x-${key}`] = node[key];
    delete node[key];
  }
  if (node["minimum"] === Number.MIN_SAFE_INTEGER) delete node["minimum"];
  if (node["maximum"] === Number.MAX_SAFE_INTEGER) delete node["maximum"];
  if (node["type"] === "object") delete node["default"];
  if (node["type"] !== "integer" && node["type"] !== "boolean") return;
  const typed: SchemaObject = {};
  for (const keyword of TYPED_KEYWORDS) {
    if (node[keyword] === undefined) continue;
    typed[keyword] = node[keyword];
    delete node[keyword];
  }
  node["anyOf"] = [typed, PLACEHOLDER];
}

function nameSections(schema: SchemaObject): void {
  for (const { title, shape } of SECTIONS) {
    for (const name of Object.keys(shape)) {
      const field = schema.properties?.[name];
      if (field !== undefined) field["x-section"] = title;
    }
  }
}

function addDeprecated(schema: SchemaObject, path: string, description: string): void {
  let node: SchemaObject | undefined = schema;
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  for (const step of steps) {
    const properties: Record<string, SchemaObject> = (node.properties ??= {});
    const next: SchemaObject = (properties[step.replace("[]", "")] ??= { type: "object", additionalProperties: false });
    node = step.endsWith("[]") ? next.items : next;
    if (node === undefined) return;
  }
  node.properties = { ...node.properties, [last]: { deprecated: true, description } };
}
