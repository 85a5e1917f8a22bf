import { configJsonSchema, type ConfigNote, type DropInSettings, findingText } from "@dragoman/gateway";
import { Document, isScalar, type Pair, type Scalar } from "yaml";

/** A configuration file with a comment before each section, and before all of them what the operator should know. */
export function renderConfig({ config, notes }: DropInSettings, head: string): string {
  const document = new Document(config);
  document.commentBefore = [head, ...notes.map(noteLine)].map((line) => ` ${line}`).join("\n");
  const described = configJsonSchema().properties as Readonly<Record<string, { readonly description?: string }>>;
  const pairs = (document.contents as unknown as { readonly items?: readonly Pair[] } | null)?.items ?? [];
  for (const { key } of pairs) {
    if (!isScalar(key)) continue;
    const sentence = described[String(key.value)]?.description;
    (key as Scalar).spaceBefore = true;
    if (sentence !== undefined) (key as Scalar).commentBefore = ` ${sentence}`;
  }
  return document.toString({ lineWidth: 0 });
}

function noteLine(note: ConfigNote): string {
  return `${note.path}: ${findingText(note)}`;
}

/** The tree with what variables hold in the place of references to them. */
export function withValues(tree: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof tree === "string") return tree.replace(/\$\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(variables, name) ? (variables[name] ?? "").trim().replaceAll("${", "$${") : whole));
  if (Array.isArray(tree)) return tree.map((item) => withValues(item, variables));
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, withValues(value, variables)]));
}
