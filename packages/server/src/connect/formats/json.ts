import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import { isItem, renderFile, withPut, type Put } from "@dragoman/gateway";
import { parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { Unreadable } from "../text-file.ts";
import type { Format } from "./format.ts";
import { putJson, removeJson, type JsonStyle } from "./json-edit.ts";

/** JSON, with comments and commas at the end where the client allows them. */
export const jsonFormat: Format = {
  read,
  edit(text, { puts, wanted, newline }) {
    if (text.trim() === "") return `${renderFile("json", wanted).replaceAll("\n", newline)}${newline}`;
    let result = text;
    let tree: Json = read(text);
    const style = styleOf(text, newline);
    for (const put of puts) {
      const path = pathIn(tree, put);
      if (path !== undefined) result = put.value === undefined ? removeJson(result, path) : putJson(result, path, put.value, style);
      tree = withPut(tree, put) ?? {};
    }
    return result;
  },
};

function read(text: string): JsonObject {
  if (text.trim() === "") return {};
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) throw new Unreadable(`is not valid JSON: ${words(first)}`, text.slice(0, first.offset).split("\n").length);
  if (!isJsonObject(value)) throw new Unreadable("is no JSON object", 1);
  return value;
}

/** `PropertyNameExpected` → `property name expected`. */
function words({ error }: ParseError): string {
  return printParseErrorCode(error).replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

/** Items of lists by their index. `undefined`: there is nothing to take away. */
function pathIn(tree: Json, { path, value }: Put): readonly (string | number)[] | undefined {
  const found: (string | number)[] = [];
  let node: Json | undefined = tree;
  for (const step of path) {
    if (node === undefined && value === undefined) return undefined;
    if (typeof step === "string") {
      found.push(step);
      node = isJsonObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
    } else {
      const items: readonly Json[] = Array.isArray(node) ? node : [];
      const at = items.findIndex((item) => isItem(item, step));
      found.push(at < 0 ? items.length : at);
      node = items[at];
    }
  }
  return node === undefined && value === undefined ? undefined : found;
}

/** As the first line that is indented. */
function styleOf(text: string, newline: string): JsonStyle {
  return { newline, indent: /^([ \t]+)["}\]]/m.exec(text)?.[1] ?? "  " };
}
