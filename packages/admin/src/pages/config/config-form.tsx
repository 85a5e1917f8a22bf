import { useMemo, type ReactNode } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../i18n/ui-messages.ts";
import { kindsOf, type Path, type SchemaNode } from "../../ui/editor/schema-tree.ts";
import { Card } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { ConfigField, type FieldActions } from "./config-field.tsx";
import { configMessages } from "./config-messages.ts";
import { valueAt } from "./edit-yaml.ts";

interface Leaf {
  readonly path: Path;
  readonly node: SchemaNode;
}

interface Section {
  readonly title: string;
  readonly leaves: readonly Leaf[];
}

/** All settings by section; the words of the search must stand in name or description. */
export function ConfigForm({ schema, tree, text, actions }: { readonly schema: SchemaNode; readonly tree: unknown; readonly text: string; readonly actions: FieldActions }): ReactNode {
  const messages = useMessages(configMessages);
  const ui = useMessages(uiMessages);
  const titles = messages.sections as Readonly<Record<string, string>>;
  const sections = useMemo(() => sectionsOf(schema), [schema]);
  const words = text.toLowerCase().split(/\s+/);
  const shown = sections.map(({ title, leaves }) => ({ title, leaves: leaves.filter(({ path, node }) => words.every((word) => `${path.join(".")} ${node.description ?? ""} ${title}`.toLowerCase().includes(word))) })).filter(({ leaves }) => leaves.length > 0);
  if (shown.length === 0) return <EmptyState title={ui.noMatch} />;
  return (
    <div className="config-columns">
      <nav className="config-nav" aria-label={messages.form}>
        {shown.map(({ title }) => <a key={title} href={`#${anchorOf(title)}`} onClick={(event) => {
          event.preventDefault();
          document.getElementById(anchorOf(title))?.scrollIntoView({ behavior: "smooth" });
        }}>{titles[title] ?? title}</a>)}
      </nav>
      <div className="stack">
        {shown.map(({ title, leaves }) => (
          <div key={title} id={anchorOf(title)} className="config-section">
            <Card flush title={titles[title] ?? title}>{leaves.map(({ path, node }) => <ConfigField key={path.join(".")} path={path} node={node} root={schema} value={valueAt(tree, path)} actions={actions} />)}</Card>
          </div>
        ))}
      </div>
    </div>
  );
}

const anchorOf = (title: string): string => `section-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;
const OTHER = "Server";

function sectionsOf(schema: SchemaNode): readonly Section[] {
  const sections = new Map<string, Leaf[]>();
  for (const [name, node] of Object.entries(schema.properties ?? {})) {
    if (node.deprecated === true) continue;
    const title = node["x-section"] ?? OTHER;
    sections.set(title, [...(sections.get(title) ?? []), ...leavesOf([name], node, schema)]);
  }
  return [...sections].map(([title, leaves]) => ({ title, leaves }));
}

/** Objects with fields of their own are opened; lists and maps are one setting. */
function leavesOf(path: Path, node: SchemaNode, root: SchemaNode): readonly Leaf[] {
  const fields = kindsOf(node, root).find(({ properties }) => properties !== undefined)?.properties;
  if (fields === undefined) return [{ path, node }];
  return Object.entries(fields).filter(([, field]) => field.deprecated !== true).flatMap(([name, field]) => leavesOf([...path, name], field, root));
}
