import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { ConfigPath } from "../config/index.ts";

/** A configuration file's values. */
export interface ConfigTree {
  readonly [key: string]: Json;
}

/** `undefined`: there is nothing. */
export function valueAt(tree: Json | undefined, path: ConfigPath): Json | undefined {
  return path.reduce<Json | undefined>((node, step) => {
    if (typeof step === "number") return Array.isArray(node) ? (node as readonly Json[])[step] : undefined;
    return isJsonObject(node) && Object.hasOwn(node, step) ? node[step] : undefined;
  }, tree);
}

/**
 * The tree with a value put in its place, or taken away (`undefined`). What is missing on the way is made; a list can be
 * lengthened by one.
 * @throws RangeError when the path leads through something that has no such part
 */
export function withValueAt(tree: ConfigTree, path: ConfigPath, value: Json | undefined): ConfigTree {
  return place(tree, path, value, []) as ConfigTree;
}

function place(node: Json | undefined, path: ConfigPath, value: Json | undefined, done: ConfigPath): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  return typeof step === "number" ? placeInList(node, [step, ...rest], value, done) : placeInMap(node, [step, ...rest], value, done);
}

function placeInList(node: Json | undefined, path: readonly [number, ...(string | number)[]], value: Json | undefined, done: ConfigPath): Json {
  const [step, ...rest] = path;
  const list: readonly Json[] = node === undefined || node === null ? [] : Array.isArray(node) ? (node as readonly Json[]) : fail(done, "is not a list");
  if (!Number.isInteger(step) || step < 0 || step > list.length || (step === list.length && value === undefined)) return fail([...done, step], "is outside of the list");
  const next = place(list[step], rest, value, [...done, step]);
  return next === undefined ? list.filter((_, index) => index !== step) : [...list.slice(0, step), next, ...list.slice(step + 1)];
}

function placeInMap(node: Json | undefined, path: readonly [string, ...(string | number)[]], value: Json | undefined, done: ConfigPath): Json | undefined {
  const [step, ...rest] = path;
  if (value === undefined && (node === undefined || node === null)) return node;
  const map: JsonObject = node === undefined || node === null ? {} : isJsonObject(node) ? node : fail(done, "is not a mapping");
  const next = place(Object.hasOwn(map, step) ? map[step] : undefined, rest, value, [...done, step]);
  if (next !== undefined) return Object.fromEntries([...Object.entries(map).map(([key, item]) => [key, key === step ? next : item] as const), ...(Object.hasOwn(map, step) ? [] : [[step, next] as const])]);
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== step));
}

function fail(path: ConfigPath, message: string): never {
  throw new RangeError(`${path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("").replace(/^\./, "")} ${message}`);
}
