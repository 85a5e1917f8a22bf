import type { Json } from "@dragoman/core";
import { createScanner, findNodeAtLocation, parseTree, type Node } from "jsonc-parser";

/** How new lines are written. */
export interface JsonStyle {
  readonly newline: string;
  /** One step of indentation. */
  readonly indent: string;
}

type Path = readonly (string | number)[];

/**
 * A JSON text with one value put at a place; what is on the way and missing is made. Nothing else changes, not by a blank: neither
 * what stands beside it, nor comments, nor commas at the end of a list.
 */
export function putJson(text: string, path: Path, value: Json, style: JsonStyle): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root === undefined) return text;
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(root, path.slice(0, length - 1));
    if (node === undefined || (node.type !== "object" && node.type !== "array")) continue;
    const step = path[length - 1] ?? "";
    const wrapped = path.slice(length).reduceRight<Json>((inner, key) => (typeof key === "number" ? [inner] : { [key]: inner }), value);
    const old = nodeAt(root, path.slice(0, length));
    return old === undefined ? inserted(text, node, typeof step === "number" ? { value: wrapped } : { key: step, value: wrapped }, style) : replaced(text, old, wrapped, style);
  }
  return text;
}

/** A JSON text without the member or item at a place. */
export function removeJson(text: string, path: Path): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const found = root === undefined ? undefined : nodeAt(root, path);
  const member = found?.parent?.type === "property" ? found.parent : found;
  const container = member?.parent;
  if (member === undefined || container?.children === undefined) return text;
  const end = member.offset + member.length;
  const comma = commaAfter(text, end);
  const before = container.children[container.children.indexOf(member) - 1];
  const isLast = container.children.at(-1) === member;
  const cut = wholeLines(text, member.offset, comma ?? end) ?? { from: member.offset, to: withBlanks(text, comma ?? end) };
  const rest = text.slice(0, cut.from) + text.slice(cut.to);
  // The one before it is the last now, and strict readers take no comma behind the last.
  const dangling = isLast && comma === undefined && before !== undefined ? commaAfter(text, before.offset + before.length) : undefined;
  return dangling === undefined ? rest : rest.slice(0, dangling - 1) + rest.slice(dangling);
}

function nodeAt(root: Node, path: Path): Node | undefined {
  return path.length === 0 ? root : findNodeAtLocation(root, [...path]);
}

function replaced(text: string, node: Node, value: Json, style: JsonStyle): string {
  return text.slice(0, node.offset) + render(value, indentAt(text, node.offset), style) + text.slice(node.offset + node.length);
}

function inserted(text: string, container: Node, { key, value }: { readonly key?: string; readonly value: Json }, style: JsonStyle): string {
  const close = container.offset + container.length - 1;
  const last = container.children?.at(-1);
  const label = key === undefined ? "" : `${JSON.stringify(key)}: `;
  const comma = last === undefined ? undefined : commaAfter(text, last.offset + last.length);
  const isOneLine = last !== undefined && !text.slice(container.offset, close).includes("\n");
  const withComma = (at: number): string => (last === undefined || comma !== undefined ? text.slice(0, at) : `${text.slice(0, last.offset + last.length)},${text.slice(last.offset + last.length, at)}`);
  if (isOneLine) {
    const at = comma ?? last.offset + last.length;
    return `${withComma(at)} ${label}${JSON.stringify(value)}${comma === undefined ? "" : ","}${text.slice(at)}`;
  }
  const outer = indentAt(text, close);
  const inner = last !== undefined && isFirstInLine(text, last.offset) ? indentAt(text, last.offset) : outer + style.indent;
  const at = container.offset + 1 + text.slice(container.offset + 1, close).trimEnd().length;
  const isCloseAlone = text.slice(at, close).includes("\n");
  return `${withComma(at)}${style.newline}${inner}${label}${render(value, inner, style)}${comma === undefined ? "" : ","}${isCloseAlone ? "" : style.newline + outer}${isCloseAlone ? text.slice(at) : text.slice(close)}`;
}

function render(value: Json, indent: string, style: JsonStyle): string {
  return JSON.stringify(value, undefined, style.indent).replaceAll("\n", style.newline + indent);
}

/** Where the comma ends that follows, with nothing but blanks and comments before it. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  return text[scanner.getTokenOffset()] === "," ? scanner.getPosition() : undefined;
}

/** The lines of a piece, when nothing else but a comment behind it stands on them. */
function wholeLines(text: string, from: number, to: number): { readonly from: number; readonly to: number } | undefined {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*)?(?:\r?\n|$)/.exec(text.slice(to));
  return isFirstInLine(text, from) && rest !== null ? { from: lineStart(text, from), to: to + rest[0].length } : undefined;
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;
const isFirstInLine = (text: string, offset: number): boolean => text.slice(lineStart(text, offset), offset).trim() === "";
const indentAt = (text: string, offset: number): string => /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? "";
const withBlanks = (text: string, offset: number): number => offset + (/^[ \t]*/.exec(text.slice(offset))?.[0].length ?? 0);
