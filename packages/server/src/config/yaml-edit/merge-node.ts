import type { Json } from "@dragoman/core";
import { isAlias, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap } from "yaml";
import { mergeSequence } from "./merge-sequence.ts";
import { blockLines, inline, isBlock } from "./render.ts";
import { commentStart, type Edit, endOf, isTree, lineEnd, lineStart, says, type Sheet, startOf, type Tree } from "./sheet.ts";

/** The edits that make a node say what is wanted. `undefined`: it has to be written anew. */
export function mergeNode(sheet: Sheet, node: unknown, wanted: Json, inFlow = false): readonly Edit[] | undefined {
  if (says(sheet, valueOf(sheet, node), wanted)) return [];
  if (isMap(node) && isTree(wanted)) return mergePairs(sheet, { map: node, pairs: node.items }, wanted, inFlow || node.flow === true);
  if (isSeq(node) && Array.isArray(wanted)) return mergeSequence({ sheet, seq: node, inFlow: inFlow || node.flow === true, mergeNode, valueOf }, wanted as readonly Json[]);
  if (!isScalar(node) || (typeof wanted === "object" && wanted !== null)) return undefined;
  const { range, type } = node;
  if (range == null || range[0] === range[1] || type === Scalar.BLOCK_FOLDED || type === Scalar.BLOCK_LITERAL) return undefined;
  return [{ from: range[0], to: range[1], text: inline(wanted, type, inFlow) }];
}

/** What a node says, anchors and merged mappings followed. */
export function valueOf(sheet: Sheet, node: unknown): unknown {
  if (isAlias(node) || isScalar(node) || isMap(node) || isSeq(node)) return node.toJS(sheet.document);
  return null;
}

/** Some or all of a mapping's pairs. */
export interface Entries {
  readonly map: YAMLMap;
  readonly pairs: readonly Pair[];
}

/** As `mergeNode`, for those pairs alone. */
export function mergePairs(sheet: Sheet, { map, pairs }: Entries, wanted: Tree, inFlow: boolean): readonly Edit[] | undefined {
  if (!pairs.every((pair) => isScalar(pair.key) && (inFlow || isPlainPair(sheet, pair)))) return undefined;
  const isGone = (pair: Pair): boolean => keyOf(pair) !== "<<" && !Object.hasOwn(wanted, keyOf(pair));
  const gone = pairs.filter(isGone);
  const added = addedKeys(sheet, map, wanted);
  if (inFlow && gone.length + added.length > 0) return undefined;
  const isRoot = sheet.document.contents === (map as unknown);
  if ((gone.length === pairs.length && !isRoot) || gone.some((pair) => !isAloneInLine(sheet, pair))) return undefined;
  const edits: Edit[] = gone.map((pair) => removal(sheet, map, pair));
  for (const pair of pairs) {
    if (gone.includes(pair) || keyOf(pair) === "<<") continue;
    const value = wanted[keyOf(pair)] ?? null;
    const edit = mergeNode(sheet, pair.value, value, inFlow) ?? (inFlow ? undefined : anew(sheet, pair, value));
    if (edit === undefined) return undefined;
    edits.push(...edit);
  }
  return added.length === 0 ? edits : [...edits, addition(sheet, map, Object.fromEntries(added.map((key) => [key, wanted[key] ?? null])))];
}

/** The first key of an inner mapping may share its line with a dash. */
function isAloneInLine({ text }: Sheet, { key }: Pair): boolean {
  return text.slice(lineStart(text, startOf(key)), startOf(key)).trim() === "";
}

const keyOf = ({ key }: Pair): string => String((key as Scalar).value);

/** Neither `? key` nor anything else before the key in its line but spaces and dashes. */
function isPlainPair({ text }: Sheet, { key }: Pair): boolean {
  return /^[ -]*$/.test(text.slice(lineStart(text, startOf(key)), startOf(key)));
}

function addedKeys(sheet: Sheet, map: YAMLMap, wanted: Tree): readonly string[] {
  const explicit = new Set(map.items.map(keyOf));
  const merged = explicit.has("<<") ? valueOf(sheet, map) : undefined;
  return Object.keys(wanted).filter((key) => !explicit.has(key) && !(isTree(merged) && Object.hasOwn(merged, key) && says(sheet, merged[key], wanted[key])));
}

/** A pair goes, with its lines. */
export function removal({ text, document }: Sheet, map: YAMLMap, pair: Pair): Edit {
  const start = lineStart(text, startOf(pair.key));
  // What stands above a key of the whole file may be about all that follows; it stays.
  return { from: document.contents === (map as unknown) ? start : commentStart(text, start), to: lineEnd(text, endOf(text, pair)), text: "" };
}

function addition(sheet: Sheet, map: YAMLMap, tree: Tree): Edit {
  const { text, newline } = sheet;
  const first = startOf(map.items[0]?.key);
  const lines = blockLines(sheet, tree, first - lineStart(text, first));
  const isRoot = sheet.document.contents === (map as unknown) && !/^(\.\.\.|---)/m.test(text.slice(endOf(text, map)));
  const at = isRoot ? text.length : lineEnd(text, endOf(text, map));
  return { from: at, to: at, text: at > 0 && text[at - 1] !== "\n" ? newline + lines.slice(0, -newline.length) : lines };
}

/** A pair with a new value, written anew from its key on; what is said behind it on its line stays. */
export function anew(sheet: Sheet, pair: Pair, wanted: Json): readonly Edit[] {
  const { text, newline } = sheet;
  const from = startOf(pair.key);
  const keyEnd = (pair.key as Scalar).range?.[1] ?? from;
  const isOldBlock = (isMap(pair.value) || isSeq(pair.value)) && pair.value.flow !== true;
  const end = endOf(text, pair);
  const lineBreak = lineEnd(text, keyEnd);
  const aside = /\s(#[^\r\n]*)/.exec(text.slice(isOldBlock ? keyEnd : end, isOldBlock ? lineBreak : lineEnd(text, end)))?.[1];
  const key = text.slice(from, keyEnd);
  const comment = aside === undefined ? "" : ` ${aside}`;
  const to = isOldBlock || isBlock(wanted) ? contentEnd(text, end) : end;
  if (isBlock(wanted)) {
    const indent = from - lineStart(text, from);
    const lines = blockLines(sheet, wanted, indent + 2);
    return [{ from, to, text: `${key}:${comment}${newline}${lines.slice(0, -newline.length)}` }];
  }
  return [{ from, to, text: `${key}: ${inline(wanted, isScalar(pair.value) ? (pair.value.type ?? undefined) : undefined)}${isOldBlock ? comment : ""}` }];
}

/** The end of a line without its line break. */
function contentEnd(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return text.slice(0, end).endsWith("\r\n") ? end - 2 : text[end - 1] === "\n" ? end - 1 : end;
}
