import { isAlias, isMap, isNode, visit } from "yaml";
import { readDocument } from "../read-document.ts";
import { anew, mergeNode, mergePairs, removal } from "./merge-node.ts";
import { blockLines } from "./render.ts";
import { says, type Sheet, type Tree, withEdits } from "./sheet.ts";

/**
 * A YAML text that says `wanted`, with as little of it changed as can be: comments, order, quotes and blank lines stay.
 * The result is read again, and is what it should be. A place that anchors make too intricate is written anew, without
 * its comments.
 * @returns `undefined`: this text cannot be edited
 */
export function editYaml(text: string, wanted: Tree, expand: (text: string) => string): string | undefined {
  const sheet = sheetOf(text, expand);
  if (sheet === undefined) return undefined;
  const { contents } = sheet.document;
  if (says(sheet, contents === null ? {} : sheet.document.toJS(), wanted)) return text;
  if (contents === null || (!isMap(contents) && sheet.document.toJS() === null)) return checked(`${text}${text === "" || text.endsWith("\n") ? "" : sheet.newline}${blockLines(sheet, wanted, 0)}`, wanted, expand);
  const edits = mergeNode(sheet, contents, wanted);
  const edited = edits === undefined ? undefined : checked(withEdits(text, edits), wanted, expand);
  return edited ?? checked(withoutAnchors(sheet, wanted), wanted, expand) ?? checked(jsonAnew(text, wanted), wanted, expand);
}

function sheetOf(text: string, expand: (text: string) => string): Sheet | undefined {
  const { document } = readDocument(text);
  return document.errors.length > 0 ? undefined : { text, document, newline: text.includes("\r\n") ? "\r\n" : "\n", expand };
}

function checked(text: string | undefined, wanted: Tree, expand: (text: string) => string): string | undefined {
  const sheet = text === undefined ? undefined : sheetOf(text, expand);
  try {
    return sheet !== undefined && says(sheet, sheet.document.toJS() ?? {}, wanted) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Every part of the file that has an anchor or an alias, and every part that differs, written anew. */
function withoutAnchors(sheet: Sheet, wanted: Tree): string | undefined {
  const { contents } = sheet.document;
  if (!isMap(contents) || contents.flow === true) return undefined;
  const plain = contents.items.filter((pair) => !isIntricate(pair.value) && String(pair.key) !== "<<");
  const intricate = contents.items.filter((pair) => !plain.includes(pair));
  const kept = Object.fromEntries(Object.entries(wanted).filter(([key]) => !intricate.some((pair) => String(pair.key) === key)));
  const rest = mergePairs(sheet, { map: contents, pairs: plain }, kept, false);
  if (rest === undefined) return undefined;
  return withEdits(sheet.text, [...rest, ...intricate.flatMap((pair) => (Object.hasOwn(wanted, String(pair.key)) ? anew(sheet, pair, wanted[String(pair.key)] ?? null) : [removal(sheet, contents, pair)]))]);
}

function isIntricate(value: unknown): boolean {
  let found = false;
  if (isNode(value)) visit(value, { Node: (_key, node) => void (found ||= isAlias(node) || ("anchor" in node && node.anchor !== undefined)) });
  return found;
}

/** A file in JSON's own form has no comments to lose. */
function jsonAnew(text: string, wanted: Tree): string | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  return `${JSON.stringify(wanted, null, 2)}\n`;
}
