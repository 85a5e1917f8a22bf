import { isScalar, parseDocument, stringify, type Document, type Node } from "yaml";
import type { Path } from "../../ui/editor/schema-tree.ts";

/** The values of a text; `undefined` when it is not YAML. */
export function treeOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const tree: unknown = document.toJS();
  return typeof tree === "object" && tree !== null && !Array.isArray(tree) ? (tree as Readonly<Record<string, unknown>>) : {};
}

export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, step) => (typeof node === "object" && node !== null ? (node as Readonly<Record<string | number, unknown>>)[step] : undefined), tree);
}

/**
 * A text with one value changed. Where a plain value is replaced by another only its own characters change; a new key of
 * the outermost mapping is added at the end. Anything else is written anew by the YAML library, which keeps comments and
 * order but may change spaces.
 */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) return text;
  const node = document.getIn(path, true) as Node | undefined;
  const simple = value === null || typeof value !== "object";
  if (simple && isScalar(node) && node.range && (node.type === "PLAIN" || node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE")) {
    const written = node.type === "PLAIN" || typeof value !== "string" ? scalarText(value) : node.type === "QUOTE_SINGLE" && !/['\n]/.test(value) ? `'${value}'` : JSON.stringify(value);
    return text.slice(0, node.range[0]) + written + text.slice(node.range[1]);
  }
  if (simple && path.length === 1 && !document.hasIn(path)) return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${String(path[0])}: ${scalarText(value)}\n`;
  document.setIn(path, document.createNode(value));
  return written(document, text);
}

/** A text without a key; the mapping that becomes empty by it goes as well. */
export function withoutKey(text: string, path: Path): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !document.hasIn(path)) return text;
  document.deleteIn(path);
  for (let outer = path.slice(0, -1); outer.length > 0; outer = outer.slice(0, -1)) {
    const rest: unknown = document.getIn(outer);
    if (typeof rest !== "object" || rest === null || (rest as { readonly items?: readonly unknown[] }).items?.length !== 0) break;
    document.deleteIn(outer);
  }
  return written(document, text);
}

/** Line of a key in a text, from 1. */
export function lineOf(text: string, path: Path): number | undefined {
  const node = parseDocument(text).getIn(path, true) as Node | undefined;
  return node?.range ? text.slice(0, node.range[0]).split("\n").length : undefined;
}

const scalarText = (value: unknown): string => stringify(value, { lineWidth: 0 }).trimEnd();

/** Lists stand as the text has them: indented or not. */
function written(document: Document, before: string): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: /\{ /.test(before), indentSeq: !/^[\w-]+:[ \t]*\n- /m.test(before) });
}
