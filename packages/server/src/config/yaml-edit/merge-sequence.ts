import type { Json } from "@dragoman/core";
import type { YAMLSeq } from "yaml";
import { blockLines } from "./render.ts";
import { commentStart, type Edit, endOf, isTree, lineEnd, lineStart, says, type Sheet, withEdits } from "./sheet.ts";

/** What an item is recognised by, the first of these that it has. */
const IDENTITY = ["id", "name", "alias", "api-key", "api_key", "apikey", "key", "provider", "model"] as const;

/** An item's lines, with the comments right above them. */
interface Chunk {
  readonly from: number;
  readonly to: number;
}

/** A list, and how its items are merged and read. */
export interface Sequence {
  readonly sheet: Sheet;
  readonly seq: YAMLSeq;
  readonly inFlow: boolean;
  mergeNode(sheet: Sheet, node: unknown, wanted: Json, inFlow: boolean): readonly Edit[] | undefined;
  valueOf(sheet: Sheet, node: unknown): unknown;
}

/**
 * The edits that make a list say what is wanted. Items are recognised again wherever they went, and take their comments
 * along. `undefined`: the list has to be written anew.
 */
export function mergeSequence({ sheet, seq, inFlow, mergeNode, valueOf }: Sequence, wanted: readonly Json[]): readonly Edit[] | undefined {
  const sources = matchItems(sheet, seq.items.map((item) => valueOf(sheet, item)), wanted);
  const merged = wanted.map((item, index) => {
    const source = sources[index] ?? -1;
    return source < 0 ? undefined : mergeNode(sheet, seq.items[source], item, inFlow);
  });
  const isSameShape = seq.items.length === wanted.length && sources.every((source, index) => source === index);
  if (isSameShape && merged.every((edits) => edits !== undefined)) return merged.flat();
  if (inFlow || wanted.length === 0) return undefined;
  const chunks = chunksOf(sheet, seq);
  return chunks === undefined ? undefined : [assemble(sheet, chunks, wanted.map((item, index) => ({ item, source: sources[index] ?? -1, edits: merged[index] })))];
}

interface Placed {
  readonly item: Json;
  /** Index in the old list; -1: it is new. */
  readonly source: number;
  readonly edits: readonly Edit[] | undefined;
}

function assemble(sheet: Sheet, chunks: readonly Chunk[], placed: readonly Placed[]): Edit {
  const { text, newline } = sheet;
  const indent = dashColumn(text, chunks[0]);
  const leads = leadsOf(sheet, chunks, new Set(placed.map(({ source }) => source)));
  const pieces = placed.map(({ item, source, edits }, index) => {
    const chunk = chunks[source];
    const lead = leads[source] ?? "";
    // A blank line that parted it from its neighbour is of no use at the head of the list.
    const parting = index === 0 && lead.trim() === "" ? "" : lead;
    if (chunk === undefined || edits === undefined) return parting + blockLines(sheet, [item], indent);
    const piece = withEdits(text, edits, chunk.from, chunk.to);
    return parting + (piece.endsWith("\n") ? piece : piece + newline);
  });
  const from = chunks[0]?.from ?? 0;
  const to = chunks.at(-1)?.to ?? from;
  const whole = pieces.join("") + (leads[chunks.length] ?? "");
  return { from, to, text: text[to - 1] === "\n" ? whole : whole.slice(0, -newline.length) };
}

/** Blank lines and remarks before each item, and after the last one: those of items that went, when they say something. */
function leadsOf({ text }: Sheet, chunks: readonly Chunk[], kept: ReadonlySet<number>): readonly string[] {
  let left = "";
  const leads = chunks.map((chunk, index) => {
    const lead = left + text.slice(chunks[index - 1]?.to ?? chunk.from, chunk.from);
    left = kept.has(index) || !lead.includes("#") ? "" : lead;
    return lead;
  });
  return [...leads, left];
}

function dashColumn(text: string, chunk: Chunk | undefined): number {
  return chunk === undefined ? 0 : /^([ \t]*)-/m.exec(text.slice(chunk.from))?.[1]?.length ?? 0;
}

/** `undefined`: an item does not begin its line. */
function chunksOf({ text }: Sheet, seq: YAMLSeq): readonly Chunk[] | undefined {
  const token = seq.srcToken;
  if (token?.type !== "block-seq") return undefined;
  const dashes = token.items.flatMap(({ start }) => start.filter(({ type }) => type === "seq-item-ind").map(({ offset }) => offset));
  if (dashes.length !== seq.items.length) return undefined;
  if (!dashes.every((dash) => text.slice(lineStart(text, dash), dash).trim() === "")) return undefined;
  return dashes.map((dash, index) => ({ from: commentStart(text, lineStart(text, dash)), to: lineEnd(text, Math.max(dash, endOf(text, seq.items[index]))) }));
}

/** For each wanted item the old one that it was: the same, else one of the same name, else the one in its place. */
function matchItems(sheet: Sheet, old: readonly unknown[], wanted: readonly Json[]): readonly number[] {
  const taken = new Set<number>();
  const sources = wanted.map(() => -1);
  const claim = (index: number, source: number): void => {
    if (source < 0 || taken.has(source)) return;
    taken.add(source);
    sources[index] = source;
  };
  const pass = (find: (item: Json, index: number) => number): void => wanted.forEach((item, index) => void (sources[index] === -1 && claim(index, find(item, index))));
  pass((item, index) => (index < old.length && says(sheet, old[index], item) ? index : -1));
  const left = old.flatMap((_, source) => (taken.has(source) ? [] : [source]));
  const alike = Map.groupBy(left, (source) => markOf(sheet, old[source]));
  const free = (item: Json): readonly number[] => alike.get(markOf(sheet, item))?.filter((source) => !taken.has(source)) ?? [];
  pass((item) => free(item).find((source) => says(sheet, old[source], item)) ?? -1);
  pass((item) => (identityOf(sheet, item) === undefined ? -1 : free(item)[0] ?? -1));
  if (old.length === wanted.length) pass((item, index) => (isTree(old[index]) === isTree(item) ? index : -1));
  return sources;
}

/** Values with different marks are not the same; few items of a list share one. */
function markOf(sheet: Sheet, value: unknown): string {
  if (typeof value === "object" && value !== null) return identityOf(sheet, value) ?? (Array.isArray(value) ? "[]" : "{}");
  return `=${typeof value === "string" ? sheet.expand(value) : String(value)}`;
}

function identityOf(sheet: Sheet, value: unknown): string | undefined {
  if (!isTree(value)) return undefined;
  const key = IDENTITY.find((name) => typeof value[name] === "string" && value[name] !== "");
  return key === undefined ? undefined : `${key}=${sheet.expand(String(value[key]))}`;
}
