import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * Where in a YAML text a path such as `claude-api-key[0].base-url` stands. A path that leads out of the document (a key
 * that was added by migration) is followed as far as it goes.
 */
export function locate(document: Document.Parsed, lines: LineCounter, path: string): Position | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  let rest = path;
  while (rest !== "") {
    const step = stepInto(node, rest);
    if (step === undefined) break;
    ({ node, rest } = step);
    offset = step.offset ?? offset;
  }
  if (offset === undefined) return undefined;
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

interface Step {
  readonly node: unknown;
  readonly offset: number | undefined;
  readonly rest: string;
}

function stepInto(node: unknown, path: string): Step | undefined {
  if (isSeq(node)) {
    const found = /^\[(\d+)\]/.exec(path);
    const item = found === null ? undefined : node.items[Number(found[1])];
    return item === undefined || found === null ? undefined : { node: item, offset: startOf(item), rest: withoutDot(path.slice(found[0].length)) };
  }
  if (!isMap(node)) return undefined;
  // Keys may hold dots, so the longest one that fits is taken.
  const fitting = node.items.filter(({ key }) => startsWithKey(path, keyText(key)));
  const pair = fitting.toSorted((a, b) => keyText(b.key).length - keyText(a.key).length)[0];
  if (pair === undefined) return undefined;
  return { node: pair.value, offset: startOf(pair.key), rest: withoutDot(path.slice(keyText(pair.key).length)) };
}

const keyText = (key: unknown): string => (isScalar(key) ? String(key.value) : "");
const startsWithKey = (path: string, key: string): boolean => key !== "" && path.startsWith(key) && /^($|[.[])/.test(path.slice(key.length));
const withoutDot = (path: string): string => path.replace(/^\./, "");
const startOf = (node: unknown): number | undefined => (node as Node | undefined)?.range?.[0];
