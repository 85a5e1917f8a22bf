import type { Diagnostic } from "@codemirror/lint";
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node } from "yaml";
import { childOf, kindsOf, typeNameOf, type SchemaNode } from "./schema-tree.ts";

/** What is wrong with a YAML text at first sight; the server's own check knows more and has the last word. */
export function schemaProblems(text: string, root: SchemaNode | undefined): readonly Diagnostic[] {
  const document = parseDocument(text);
  // What follows the first mistake of a text is mostly its consequence.
  const mistake = document.errors[0];
  if (mistake !== undefined) return [{ from: mistake.pos[0], to: Math.max(...mistake.pos), severity: "error", message: mistake.message.split("\n")[0] ?? mistake.message }];
  const found: Diagnostic[] = [];
  if (root !== undefined && document.contents !== null) inspect(document.contents as Node, root, { root, found });
  return found;
}

interface Inspection {
  readonly root: SchemaNode;
  readonly found: Diagnostic[];
}

function inspect(node: Node, schema: SchemaNode, inspection: Inspection): void {
  const { root } = inspection;
  if (isAlias(node)) return;
  const kinds = kindsOf(schema, root);
  if (isScalar(node)) {
    if (!isReference(node.value) && node.value !== null && kinds.length > 0 && !kinds.some((kind) => fits(node.value, kind))) report(node, `expected ${expectationOf(schema, root)}`, inspection);
    return;
  }
  const wanted = isMap(node) ? "object" : "array";
  if (!kinds.some(({ type }) => type === undefined || type === wanted)) return report(node, `expected ${expectationOf(schema, root)}`, inspection);
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const child = childOf(schema, index, root);
      if (child !== undefined && item !== null) inspect(item as Node, child, inspection);
    }
    return;
  }
  if (!isMap(node)) return;
  const closed = kinds.every(({ additionalProperties }) => additionalProperties === false);
  const described = kinds.every(({ properties }) => properties !== undefined);
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const child = childOf(schema, String(key.value), root);
    if (child === undefined) {
      if (closed || described) report(key, `unknown key: ${String(key.value)}`, inspection, closed ? "error" : "warning");
    } else if (child.deprecated === true) report(key, child.description ?? "deprecated", inspection, "warning");
    else if (value !== null) inspect(value as Node, child, inspection);
  }
}

function report(node: Node, message: string, { found }: Inspection, severity: Diagnostic["severity"] = "error"): void {
  if (node.range) found.push({ from: node.range[0], to: node.range[1], severity, message });
}

function expectationOf(schema: SchemaNode, root: SchemaNode): string {
  const kind = kindsOf(schema, root)[0];
  const limits = [...(kind?.minimum === undefined ? [] : [`≥ ${kind.minimum}`]), ...(kind?.maximum === undefined ? [] : [`≤ ${kind.maximum}`])];
  return [typeNameOf(schema, root), ...limits].join(" ");
}

const isReference = (value: unknown): boolean => typeof value === "string" && /\$\{[^}]+\}/.test(value);

function fits(value: unknown, kind: SchemaNode): boolean {
  if (kind.enum !== undefined) return kind.enum.includes(value);
  if (kind.const !== undefined) return kind.const === value;
  if (kind.type === "integer" || kind.type === "number") {
    if (typeof value !== "number" || (kind.type === "integer" && !Number.isInteger(value))) return false;
    return value >= (kind.minimum ?? -Infinity) && value <= (kind.maximum ?? Infinity);
  }
  if (kind.type === "string") return typeof value === "string" && value.length >= (kind.minLength ?? 0);
  return kind.type === undefined || kind.type === typeof value;
}
