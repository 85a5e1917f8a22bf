/** The part of JSON Schema that the configuration's schema uses. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly deprecated?: boolean;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly "x-reload"?: "live" | "restart";
  readonly "x-secret"?: true | string;
  readonly "x-pending"?: true;
  readonly "x-section"?: string;
}

export type Path = readonly (string | number)[];

/** What stands for a number or a switch: `${NAME}`. */
const isPlaceholder = (node: SchemaNode): boolean => node.type === "string" && node.pattern?.startsWith(String.raw`^\$\{`) === true;

/** The node itself, or the kinds of value among which it leaves the choice; placeholders of the environment are left out. */
export function kindsOf(node: SchemaNode, root: SchemaNode): readonly SchemaNode[] {
  if (node.$ref !== undefined) {
    const found = root.$defs?.[node.$ref.replace("#/$defs/", "")];
    return found === undefined ? [] : kindsOf(found, root);
  }
  return node.anyOf === undefined ? [node] : node.anyOf.filter((kind) => !isPlaceholder(kind)).flatMap((kind) => kindsOf(kind, root));
}

export function nodeAt(root: SchemaNode, path: Path): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    node = childOf(node, step, root);
  }
  return node;
}

export function childOf(node: SchemaNode, step: string | number, root: SchemaNode): SchemaNode | undefined {
  for (const kind of kindsOf(node, root)) {
    const child = typeof step === "number" ? kind.items : (kind.properties?.[step] ?? (typeof kind.additionalProperties === "object" ? kind.additionalProperties : undefined));
    if (child !== undefined) return child;
  }
  return undefined;
}

/** The fields that may stand in an object of this shape. */
export function fieldsOf(node: SchemaNode, root: SchemaNode): Readonly<Record<string, SchemaNode>> {
  return Object.assign({}, ...kindsOf(node, root).map(({ properties }) => properties ?? {})) as Record<string, SchemaNode>;
}

export function typeNameOf(node: SchemaNode, root: SchemaNode): string {
  const names = kindsOf(node, root).map((kind) => (kind.enum !== undefined ? kind.enum.map(String).join(" | ") : kind.type === "array" ? `${kind.items === undefined ? "any" : typeNameOf(kind.items, root)}[]` : Array.isArray(kind.type) ? kind.type.join(" | ") : String(kind.type ?? "any")));
  return [...new Set(names)].join(" | ");
}

/** Values that can be offered: of an enumeration, a switch, or the default. */
export function valuesOf(node: SchemaNode, root: SchemaNode): readonly unknown[] {
  const offered = kindsOf(node, root).flatMap((kind): readonly unknown[] => kind.enum ?? (kind.const !== undefined ? [kind.const] : kind.type === "boolean" ? [true, false] : []));
  return offered.length > 0 || node.default === undefined || typeof node.default === "object" ? offered : [node.default];
}
