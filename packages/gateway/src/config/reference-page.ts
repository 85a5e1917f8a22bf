import type { z } from "zod";
import { FOLDED_KEYS, RENAMED_KEYS } from "./migrate.ts";
import { viewOf, type SchemaView } from "./schema-view.ts";
import { SECTIONS } from "./schema/index.ts";
import { typeName } from "./type-name.ts";
import { UNUSED_KEYS } from "./unused-keys.ts";

const HEAD = "| Key | Type | Default | Change | Meaning |\n|---|---|---|---|---|";

const INTRODUCTION = `# Configuration

<!-- Generated from packages/gateway/src/config/schema by scripts/generate-reference.ts. Change it there. -->

A YAML file, \`config.yaml\` in the working directory or the one named by \`--config\`. No key is required. An unknown key is an
error; within an upstream's entry it is a note, and the key stays in the file. \`\${NAME}\` in a value is replaced by that environment variable and must be set; \`\${NAME:-text}\` has a default, and
\`$\${\` is a plain \`\${\`. A change of the file takes effect at once, unless its row says *restart*; a file with a mistake changes
nothing. Keys marked 🔒 are hidden in every view. *Not yet in effect* marks keys that are understood and kept, but not acted on.
`;

/** The reference page of all keys, as Markdown. */
export function configReferencePage(): string {
  const explained = new Map<z.ZodType, string>();
  const sections = SECTIONS.map(({ title, shape }) => {
    const rows = Object.entries(shape as Record<string, z.ZodType>).flatMap(([key, schema]) => rowsOf(key, schema, explained));
    return `## ${title}\n\n${HEAD}\n${rows.join("\n")}\n`;
  });
  return [INTRODUCTION, ...sections, oldSpellings(), unusedKeys()].join("\n");
}

function rowsOf(path: string, schema: z.ZodType, explained: Map<z.ZodType, string>): readonly string[] {
  const view = viewOf(schema);
  const inner = view.kind === "object" ? view : view.item === undefined ? undefined : viewOf(view.item);
  const innerPath = view.kind === "list" ? `${path}[]` : view.kind === "map" ? `${path}.<name>` : path;
  const nested = inner?.kind === "object" ? inner : inner?.kind === "list" && inner.item !== undefined ? viewOf(inner.item) : undefined;
  if (nested?.fields === undefined) return [row(path, view)];
  const nestedPath = inner?.kind === "list" ? `${innerPath}[]` : innerPath;
  const known = explained.get(nested.inner);
  if (known !== undefined) return [row(path, view, `Fields as in \`${known}\`.`)];
  explained.set(nested.inner, nestedPath);
  return [row(path, view), ...Object.entries(nested.fields).flatMap(([key, field]) => rowsOf(`${nestedPath}.${key}`, field, explained))];
}

function row(path: string, view: SchemaView, remark?: string): string {
  const { meta } = view;
  const lock = meta.secret === undefined && (view.item === undefined || viewOf(view.item).meta.secret === undefined) ? "" : " 🔒";
  const words = [meta.description, remark, meta.pending === true ? "*Not yet in effect.*" : undefined].filter((word) => word !== undefined);
  const cells = [`\`${path}\`${lock}`, typeName(view), defaultText(view), meta.reload ?? "", words.join(" ")];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function defaultText(view: SchemaView): string {
  const { byDefault } = view;
  if (byDefault === undefined || view.kind === "object") return "";
  if (byDefault === "") return "empty";
  if (typeof byDefault === "object" && byDefault !== null && Object.keys(byDefault).length === 0) return "none";
  return `\`${typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault)}\``;
}

function oldSpellings(): string {
  const rows = [...RENAMED_KEYS, ...FOLDED_KEYS].map(([from, to]) => `| \`${from}\` | \`${to}\` |`);
  return `## Old spellings\n\nThese are still read; a note says what they are called now.\n\n| Old | New |\n|---|---|\n${rows.join("\n")}\n`;
}

function unusedKeys(): string {
  const groups = UNUSED_KEYS.map(({ reason, paths }) => `- Because ${reason}: ${paths.map((path) => `\`${path}\``).join(", ")}.`);
  return `## Keys without effect\n\nFiles of CLIProxyAPI can be used as they are. These keys of theirs are accepted with a note and do nothing.\n\n${groups.join("\n")}\n`;
}
