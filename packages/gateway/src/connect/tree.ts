import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Put, Step } from "./client.ts";

/** The value at a place; `undefined` when there is none. */
export function valueAt(tree: Json | undefined, path: readonly Step[]): Json | undefined {
  let value = tree;
  for (const step of path) {
    if (typeof step === "string") value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    else value = Array.isArray(value) ? (value as readonly Json[]).find((item) => isItem(item, step)) : undefined;
  }
  return value;
}

/** A tree with one value put, or taken away. What is on the way and missing is made. */
export function withPut(tree: Json | undefined, { path, value }: Pick<Put, "path" | "value">): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "string") {
    const old = isJsonObject(tree) ? tree : {};
    const next = withPut(old[step], { path: rest, ...(value !== undefined && { value }) });
    if (next !== undefined) return { ...old, [step]: next };
    return Object.fromEntries(Object.entries(old).filter(([name]) => name !== step));
  }
  const items = Array.isArray(tree) ? (tree as readonly Json[]) : [];
  const at = items.findIndex((item) => isItem(item, step));
  const next = withPut(items[at], { path: rest, ...(value !== undefined && { value }) });
  if (next === undefined) return items.filter((_item, index) => index !== at);
  return at < 0 ? [...items, next] : items.map((item, index) => (index === at ? next : item));
}

/** What puts make of nothing, for pages that show whole files. */
export function treeOf(puts: readonly Put[]): JsonObject {
  let tree: Json = {};
  for (const put of puts) if (put.value !== undefined) tree = withPut(tree, put) ?? {};
  return isJsonObject(tree) ? tree : {};
}

export function isItem(item: Json, { member, is }: Exclude<Step, string>): boolean {
  return isJsonObject(item) && item[member] === is;
}
