import { redactedLine } from "./redacted-line.ts";
import { bold, cyan, green, red } from "../cli/terminal.ts";

/** Lines around a change. */
const CONTEXT = 3;
/** Longer stretches are not compared line by line, but shown as gone and come. */
const MAX_CELLS = 4_000_000;

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** What changes in a file, as a unified diff for people; secrets are hidden. Empty when nothing does. */
export function unifiedDiff(path: string, texts: { readonly before: string | undefined; readonly after: string | undefined }, secrets: readonly string[]): string {
  const { before = "", after = "" } = texts;
  if (before === after) return "";
  const hunks = hunksOf(compare(linesOf(before), linesOf(after)));
  const head = [bold(`--- ${texts.before === undefined ? "(no file)" : path}`), bold(`+++ ${texts.after === undefined ? "(no file)" : path}`)];
  return [...head, ...hunks.flatMap(({ title, lines }) => [cyan(title), ...lines.map((line) => shown(line, secrets))])].join("\n");
}

function shown({ sign, text }: Line, secrets: readonly string[]): string {
  const line = `${sign}${redactedLine(text, secrets)}`;
  return sign === "-" ? red(line) : sign === "+" ? green(line) : line;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const same = (lines: readonly string[]): readonly Line[] => lines.map((text) => ({ sign: " ", text }));
  const middle = changes(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [...same(before.slice(0, head)), ...middle, ...same(before.slice(before.length - tail))];
}

/** The longest common subsequence stays, the rest goes and comes. */
function changes(before: readonly string[], after: readonly string[]): readonly Line[] {
  const gone = (text: string): Line => ({ sign: "-", text });
  const come = (text: string): Line => ({ sign: "+", text });
  if (before.length * after.length > MAX_CELLS) return [...before.map(gone), ...after.map(come)];
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) common[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, next] = [before[i], after[j]];
    if (old !== undefined && old === next) {
      lines.push({ sign: " ", text: old });
      [i, j] = [i + 1, j + 1];
    } else if (old !== undefined && (next === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(gone(old));
      i += 1;
    } else {
      lines.push(come(next ?? ""));
      j += 1;
    }
  }
  return lines;
}

interface Hunk {
  readonly title: string;
  readonly lines: readonly Line[];
}

function hunksOf(lines: readonly Line[]): readonly Hunk[] {
  const isShown = lines.map((_line, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== " "));
  const hunks: Hunk[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && isShown[end] === isShown[at]) end += 1;
    const piece = lines.slice(at, end);
    const [old, next] = [piece.filter(({ sign }) => sign !== "+").length, piece.filter(({ sign }) => sign !== "-").length];
    if (isShown[at] === true) hunks.push({ title: `@@ -${range(oldLine, old)} +${range(newLine, next)} @@`, lines: piece });
    [oldLine, newLine, at] = [oldLine + old, newLine + next, end];
  }
  return hunks;
}

const range = (start: number, count: number): string => `${count === 0 ? start - 1 : start},${count}`;
