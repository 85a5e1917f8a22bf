import type { Path } from "./schema-tree.ts";

/** Where in a YAML text something stands. Told from indentation alone, so it works in the midst of typing. */
export interface YamlPlace {
  /** Of the mapping or list in which a key is being written, or of the value after `key:`. */
  readonly path: Path;
  readonly kind: "key" | "value";
  /** What is written so far, and where it begins. */
  readonly from: number;
  readonly text: string;
  /** Column at which the key begins; where further keys of the same mapping stand. */
  readonly column: number;
}

interface Step {
  readonly indent: number;
  readonly name: string | number;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s#:'"[\]{},][^:#]*?)\s*:(?=\s|$)/;

/** @param position offset in the text */
export function placeAt(text: string, position: number): YamlPlace | undefined {
  const lineStart = text.lastIndexOf("\n", position - 1) + 1;
  const lineEnd = text.indexOf("\n", position);
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const steps = stepsBefore(text.slice(0, lineStart));
  if (steps === undefined) return undefined;
  const offset = position - lineStart;
  const { column, open } = enterLine(steps, line);
  const rest = line.slice(column);
  if (/^\s*#/.test(rest) && offset > column) return undefined;
  const key = KEY.exec(rest);
  if (key === null || offset <= column + (key[1] ?? "").length) {
    const at = line.trim() === "" ? Math.min(column, offset) : column;
    const parents = line.trim() === "" ? parentsOf(open, offset) : open;
    return { path: parents.map(({ name }) => name), kind: "key", from: lineStart + (line.trim() === "" ? offset : at), text: line.trim() === "" ? "" : line.slice(at, offset), column: line.trim() === "" ? offset : at };
  }
  const valueAt = column + key[0].length + (/^\s*/.exec(rest.slice(key[0].length))?.[0].length ?? 0);
  const from = Math.min(offset, valueAt);
  return { path: [...open.map(({ name }) => name), unquoted(key[1] ?? "")], kind: "value", from: lineStart + from, text: line.slice(from, offset), column };
}

/** Path of the key that is written in the line around the position, whichever part of the line it points to. */
export function pathAround(text: string, position: number): Path | undefined {
  const lineStart = text.lastIndexOf("\n", position - 1) + 1;
  const lineEnd = text.indexOf("\n", position);
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const steps = stepsBefore(text.slice(0, lineStart));
  if (steps === undefined) return undefined;
  const { column, open } = enterLine(steps, line);
  const key = KEY.exec(line.slice(column))?.[1];
  return key === undefined ? undefined : [...open.map(({ name }) => name), unquoted(key)];
}

/** What is open at the end of these lines; `undefined` within a block of text. */
function stepsBefore(text: string): readonly Step[] | undefined {
  let steps: readonly Step[] = [];
  let textDeeperThan: number | undefined;
  for (const line of text.split("\n").slice(0, -1)) {
    if (line.trim() === "" || /^\s*#/.test(line)) continue;
    const indent = indentOf(line);
    if (textDeeperThan !== undefined && indent > textDeeperThan) continue;
    textDeeperThan = undefined;
    const { column, open } = enterLine(steps, line);
    const key = KEY.exec(line.slice(column));
    steps = key === null ? open : [...open, { indent: column, name: unquoted(key[1] ?? "") }];
    if (key !== null && /:\s+[|>][-+\d]*\s*(#.*)?$/.test(line)) textDeeperThan = column;
  }
  return steps;
}

/** Goes through the dashes of a line; `column` is where its key stands, `open` what that key is in. */
function enterLine(steps: readonly Step[], line: string): { readonly column: number; readonly open: readonly Step[] } {
  let column = indentOf(line);
  let open = steps;
  while (/^-(\s|$)/.test(line.slice(column))) {
    const above = open.filter(({ indent }) => indent <= column);
    const top = above.at(-1);
    const follows = top !== undefined && top.indent === column && typeof top.name === "number";
    open = follows ? [...above.slice(0, -1), { indent: column, name: (top.name as number) + 1 }] : [...above, { indent: column, name: 0 }];
    column += 1 + Math.max(1, /^ */.exec(line.slice(column + 1))?.[0].length ?? 1);
  }
  return { column, open: parentsOf(open, column) };
}

const parentsOf = (steps: readonly Step[], column: number): readonly Step[] => steps.filter(({ indent }) => indent < column);
const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
const unquoted = (key: string): string => key.trim().replace(/^(["'])(.*)\1$/, "$2");

/** Keys that stand beside a place, in the same mapping. */
export function neighboursOf(text: string, place: YamlPlace): ReadonlySet<string> {
  const lines = text.split("\n");
  const here = text.slice(0, place.from).split("\n").length - 1;
  const found = new Set<string>();
  const look = (step: 1 | -1): void => {
    for (let index = here + step; index >= 0 && index < lines.length; index += step) {
      const line = lines[index] ?? "";
      if (line.trim() === "" || /^\s*#/.test(line)) continue;
      const { column } = enterLine([], line);
      const begins = indentOf(line) < column;
      if (column < place.column || (begins && step === 1 && column <= place.column)) return;
      const key = column === place.column ? KEY.exec(line.slice(column))?.[1] : undefined;
      if (key !== undefined) found.add(unquoted(key));
      if (begins && column === place.column) return;
    }
  };
  if (indentOf(lines[here] ?? "") >= place.column || (lines[here] ?? "").trim() === "") look(-1);
  look(1);
  return found;
}
