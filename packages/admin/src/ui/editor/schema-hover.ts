import { hoverTooltip } from "@codemirror/view";
import type { Extension } from "@codemirror/state";
import { nodeAt, typeNameOf, type Path, type SchemaNode } from "./schema-tree.ts";
import { pathAround } from "./yaml-place.ts";

/** Shows what a key means when the pointer rests on its line. */
export function schemaHover(root: SchemaNode): Extension {
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    const path = pathAround(view.state.doc.toString(), position);
    const node = path && nodeAt(root, path);
    if (path === undefined || node?.description === undefined) return null;
    const { description } = node;
    return { pos: line.from + (/^[\s-]*/.exec(line.text)?.[0].length ?? 0), end: line.to, above: true, create: () => ({ dom: card(path, node, description, root) }) };
  }, { hoverTime: 250 });
}

function card(path: Path, node: SchemaNode, description: string, root: SchemaNode): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "cm-schema-card";
  const row = (className: string, text: string): void => {
    const part = document.createElement("div");
    part.className = className;
    part.textContent = text;
    dom.append(part);
  };
  row("cm-schema-path", path.filter((step) => typeof step === "string").join("."));
  row("cm-schema-text", description);
  const facts = [typeNameOf(node, root), ...(node.default !== undefined && typeof node.default !== "object" ? [`= ${JSON.stringify(node.default)}`] : []), ...(node["x-reload"] === undefined ? [] : [node["x-reload"]])];
  row("cm-schema-facts", facts.join("  ·  "));
  return dom;
}
