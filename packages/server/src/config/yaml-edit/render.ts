import type { Json } from "@dragoman/core";
import { Document, Scalar, stringify } from "yaml";
import { isTree, type Sheet } from "./sheet.ts";

/** Lines are never folded. */
const OPTIONS = { lineWidth: 0 } as const;

/** `key: value` as block lines, or a list's item when there is no key; the first line is indented as well. */
export function blockLines(sheet: Sheet, value: Json, indent: number): string {
  const lines = stringify(value, OPTIONS).trimEnd().split("\n");
  return lines.map((line) => (line === "" ? "" : " ".repeat(indent) + line) + sheet.newline).join("");
}

/** A single value on one line, in the quotes that it had. */
export function inline(value: Json, type?: string, inFlow = false): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[]" : "{}";
  if (typeof value !== "string") return String(value);
  const document = new Document(value);
  const { contents } = document;
  if (contents instanceof Scalar) contents.type = styleOf(value, type, inFlow);
  return document.toString(OPTIONS).trimEnd();
}

function styleOf(value: string, type: string | undefined, inFlow: boolean): Scalar.Type {
  if (/[\n\r\t]/.test(value)) return Scalar.QUOTE_DOUBLE;
  if (type === Scalar.QUOTE_SINGLE || type === Scalar.QUOTE_DOUBLE) return type;
  return inFlow && /[,[\]{}]/.test(value) ? Scalar.QUOTE_DOUBLE : Scalar.PLAIN;
}

/** Something that needs lines of its own. */
export function isBlock(value: Json): boolean {
  return Array.isArray(value) ? value.length > 0 : isTree(value) && Object.keys(value).length > 0;
}
