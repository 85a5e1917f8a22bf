import type { Desk } from "./office.ts";

export interface Found {
  /** What the path's variable parts are, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** By method. */
  readonly desks: ReadonlyMap<string, Desk>;
}

interface Row {
  /** `undefined`: variable. */
  readonly fixed: readonly (string | undefined)[];
  readonly names: readonly string[];
  readonly desks: Map<string, Desk>;
}

/** Paths of desks: whole ones in a map, those with variable parts by their number of parts. */
export class RouteTable {
  readonly #exact = new Map<string, Map<string, Desk>>();
  readonly #rows = new Map<number, Row[]>();
  /** First parts of all paths: whatever begins otherwise is none of ours. */
  readonly #roots = new Set<string>();

  constructor(desks: readonly Desk[]) {
    for (const desk of desks) this.#add(desk);
    // A fixed part goes before a variable one: `/live/events` is not the request `events`.
    for (const rows of this.#rows.values()) rows.sort((a, b) => a.names.length - b.names.length);
  }

  /** A cheap look at the beginning of a path. */
  mayHold(path: string): boolean {
    const end = path.indexOf("/", 1);
    return this.#roots.has(end < 0 ? path.slice(1) : path.slice(1, end));
  }

  find(path: string): Found | undefined {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return { params: {}, desks: exact };
    const parts = path.slice(1).split("/");
    const row = this.#rows.get(parts.length)?.find(({ fixed }) => fixed.every((part, index) => part === undefined ? parts[index] !== "" : part === parts[index]));
    if (row === undefined) return undefined;
    const values = parts.filter((_, index) => row.fixed[index] === undefined);
    return { params: Object.fromEntries(row.names.map((name, index) => [name, decoded(values[index] ?? "")])), desks: row.desks };
  }

  #add(desk: Desk): void {
    const { path, method } = desk.operation;
    const parts = path.slice(1).split("/");
    this.#roots.add(parts[0] ?? "");
    const methods = path.includes("{") ? this.#row(parts).desks : getOrMake(this.#exact, path, () => new Map<string, Desk>());
    if (methods.has(method)) throw new Error(`two desks for ${method} ${path}`);
    methods.set(method, desk);
  }

  #row(parts: readonly string[]): Row {
    const rows = getOrMake(this.#rows, parts.length, () => [] as Row[]);
    const fixed = parts.map((part) => (part.startsWith("{") ? undefined : part));
    const known = rows.find((row) => row.fixed.every((part, index) => part === fixed[index]));
    if (known !== undefined) return known;
    const row: Row = { fixed, names: parts.filter((part) => part.startsWith("{")).map((part) => part.slice(1, -1)), desks: new Map() };
    rows.push(row);
    return row;
  }
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
