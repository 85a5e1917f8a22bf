import { snippet, type Completion, type CompletionContext, type CompletionResult, type CompletionSource } from "@codemirror/autocomplete";
import { fieldsOf, kindsOf, nodeAt, typeNameOf, valuesOf, type SchemaNode } from "./schema-tree.ts";
import { neighboursOf, placeAt } from "./yaml-place.ts";

/** Offers the keys and values that a JSON Schema knows for the place in a YAML text. */
export function schemaCompletion(root: SchemaNode): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const place = placeAt(text, context.pos);
    if (place === undefined || (place.text === "" && !context.explicit && place.kind === "key")) return null;
    const node = nodeAt(root, place.path);
    if (node === undefined) return null;
    const options = place.kind === "key" ? keyOptions(node, root, neighboursOf(text, place)) : valueOptions(node, root);
    return options.length === 0 ? null : { from: place.from, options, validFor: place.kind === "key" ? /^[\w-]*$/ : /^["'\w.$-]*$/ };
  };
}

function keyOptions(node: SchemaNode, root: SchemaNode, taken: ReadonlySet<string>): readonly Completion[] {
  return Object.entries(fieldsOf(node, root)).filter(([name]) => !taken.has(name)).map(([name, field]) => ({
    label: name, type: "property", detail: typeNameOf(field, root).slice(0, 28), boost: field.deprecated === true ? -50 : 0,
    ...(field.description !== undefined && { info: field.description }),
    apply: snippet(`${name}:${afterKey(field, root)}`),
  }));
}

/** What follows a key: a nested block, the beginning of a list, or a space for the value. */
function afterKey(field: SchemaNode, root: SchemaNode): string {
  const types = kindsOf(field, root).map(({ type }) => type);
  if (types.includes("array")) return "\n\t- ${}";
  if (types.includes("object")) return "\n\t${}";
  return " ${}";
}

function valueOptions(node: SchemaNode, root: SchemaNode): readonly Completion[] {
  return valuesOf(node, root).map((value) => ({
    label: typeof value === "string" ? quoted(value) : String(value), type: "enum",
    ...(value === node.default && { detail: "default" }),
  }));
}

/** YAML reads some words as something else than text. */
const quoted = (value: string): string => (value === "" || /^(true|false|null|yes|no|on|off|~|[\d.+-].*)$/i.test(value) ? JSON.stringify(value) : value);
