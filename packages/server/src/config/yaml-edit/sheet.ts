import type { Json } from "@dragoman/core";
import { type Document, isCollection, isPair, type Node, type ParsedNode } from "yaml";

export type Tree = { readonly [key: string]: Json };

/** A YAML text that is being edited, and what its references stand for. */
export interface Sheet {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly newline: "\n" | "\r\n";
  /** What a text with references in it stands for. */
  expand(text: string): string;
}

/** A piece of the text that gives way to another. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The part of the text from `from` to `to`, with the edits that lie in it. */
export function withEdits(text: string, edits: readonly Edit[], from = 0, to: number = text.length): string {
  let result = "";
  let at = from;
  for (const edit of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at, to);
}

/** Whether a value of the file says what is wanted: itself, through a reference, or by saying nothing of an empty list. */
export function says(sheet: Sheet, old: unknown, wanted: unknown): boolean {
  if (Object.is(old, wanted)) return true;
  if (old === null) return isEmpty(wanted);
  if (typeof old === "string" && old.includes("${")) return sheet.expand(old) === String(wanted) && typeof wanted !== "object";
  if (Array.isArray(old)) return Array.isArray(wanted) && old.length === wanted.length && old.every((item, index) => says(sheet, item, wanted[index]));
  if (!isTree(old) || !isTree(wanted)) return false;
  const keys = Object.keys(old);
  return keys.length === Object.keys(wanted).length && keys.every((key) => Object.hasOwn(wanted, key) && says(sheet, old[key], wanted[key]));
}

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) ? value.length === 0 : isTree(value) && Object.keys(value).length === 0;

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line of an offset ends, its line break included. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** Where the comment lines begin that stand right above a line. */
export function commentStart(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (!/^[ \t]*#/.test(text.slice(above, at))) break;
    at = above;
  }
  return at;
}

/** Where the words of a node end: without what trails behind, comments and line breaks. */
export function endOf(text: string, node: unknown): number {
  if (isPair(node)) return Math.max(endOf(text, node.key), node.value === null ? 0 : endOf(text, node.value));
  const { range } = node as ParsedNode;
  if (isCollection(node) && node.flow !== true && node.items.length > 0) return endOf(text, node.items.at(-1));
  // A value that is not there has its place somewhere behind the colon.
  let end = range[1];
  while (end > 0 && text.charAt(end - 1).trim() === "") end -= 1;
  return end;
}

export const startOf = (node: unknown): number => (node as Node).range?.[0] ?? 0;
