import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { FileFormat } from "./client.ts";
import { json, quoted, shell } from "./recipe.ts";

/** A whole settings file as text, without a line's end behind it. */
export function renderFile(format: FileFormat, tree: JsonObject): string {
  if (format === "json") return json(tree);
  if (format === "toml") return tomlTable(tree, []).join("\n").trimStart();
  if (format === "yaml") return yamlLines(tree).join("\n");
  return Object.entries(tree).map(([name, value]) => `${name}=${shell(String(value))}`).join("\n");
}

/** A table's own values, then the tables in it. */
export function tomlTable(tree: JsonObject, path: readonly string[]): readonly string[] {
  const entries = Object.entries(tree);
  const values = entries.filter(([, value]) => !isJsonObject(value));
  const tables = entries.filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]));
  const head = path.length > 0 && values.length > 0 ? ["", `[${path.map(tomlKey).join(".")}]`] : [];
  return [...head, ...values.map(([key, value]) => `${tomlKey(key)} = ${JSON.stringify(value)}`), ...tables.flatMap(([key, table]) => tomlTable(table, [...path, key]))];
}

export const tomlKey = (key: string): string => (/^[\w-]+$/.test(key) ? key : quoted(key));

function yamlLines(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => yamlLines(item).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)));
  if (!isJsonObject(value)) return [yamlScalar(value)];
  return Object.entries(value).flatMap(([key, inner = null]) => {
    if (isShort(inner)) return [`${key}: ${Array.isArray(inner) ? `[${(inner as readonly Json[]).map(yamlScalar).join(", ")}]` : yamlScalar(inner)}`];
    return [`${key}:`, ...yamlLines(inner).map((line) => `  ${line}`)];
  });
}

/** Fits on its key's line. */
function isShort(value: Json): boolean {
  return Array.isArray(value) ? value.every((item) => typeof item !== "object" || item === null) : !isJsonObject(value);
}

/** Words of letters alone need no quotes, but for those that mean something else. */
function yamlScalar(value: Json): string {
  return typeof value === "string" && /^[A-Za-z][A-Za-z ]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value) ? value : JSON.stringify(value);
}
