import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

/** What an item of a list must be like. */
export type Condition = (item: Json) => boolean;

export type Step =
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "items"; readonly holds: Condition; readonly all: boolean };

/** Where something really stands. */
export type Location = readonly (string | number)[];

/** Every place that a path leads to. */
export function locate(root: Json, path: readonly Step[]): readonly Location[] {
  const [step, ...rest] = path;
  if (step === undefined) return [[]];
  return childrenAt(root, step).flatMap(([key, child]) => locate(child, rest).map((inner) => [key, ...inner]));
}

function childrenAt(node: Json, step: Step): readonly (readonly [string | number, Json])[] {
  if (step.type === "items") {
    if (!Array.isArray(node)) return [];
    const found = (node as readonly Json[]).flatMap((item, index) => (step.holds(item) ? [[index, item] as const] : []));
    return step.all ? found : found.slice(0, 1);
  }
  if (Array.isArray(node)) {
    const index = placeOf(step.name);
    const item = index === undefined ? undefined : (node as readonly Json[])[index];
    return index === undefined || item === undefined ? [] : [[index, item]];
  }
  const child = isJsonObject(node) && Object.hasOwn(node, step.name) ? node[step.name] : undefined;
  return child === undefined ? [] : [[step.name, child]];
}

function placeOf(name: string): number | undefined {
  return /^\d+$/.test(name) ? Number(name) : undefined;
}

/** The values that a path leads to. */
export function valuesAt(root: Json, path: readonly Step[]): readonly Json[] {
  return locate(root, path).map((location) => location.reduce<Json>((node, key) => (node as Readonly<Record<string | number, Json>>)[key] ?? null, root));
}

/** The same tree with a value at a path; objects and lists on the way there are made where nothing is. Items are only changed, never made up. */
export function withValue(node: Json | undefined, path: readonly Step[], value: Json): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step.type === "items") return Array.isArray(node) ? withItems(node, step, (item) => withValue(item, rest, value)) : node;
  const index = placeOf(step.name);
  if (Array.isArray(node) || (node === undefined && index !== undefined)) return withPlace(node === undefined ? [] : (node as readonly Json[]), step.name, (item) => withValue(item, rest, value));
  const object = isJsonObject(node) ? node : {};
  const child = withValue(Object.hasOwn(object, step.name) ? object[step.name] : undefined, rest, value);
  return child === undefined ? node : { ...object, [step.name]: child };
}

function withItems(list: Json & readonly unknown[], step: Extract<Step, { type: "items" }>, change: (item: Json) => Json | undefined): Json {
  const places = new Set(childrenAt(list, step).map(([key]) => key));
  return (list as readonly Json[]).map((item, index) => (places.has(index) ? (change(item) ?? item) : item));
}

/** A list grows by one at its end (`-1`, or its length); holes are not made. */
function withPlace(list: readonly Json[], name: string, change: (item: Json | undefined) => Json | undefined): Json {
  const index = name === "-1" ? list.length : placeOf(name);
  if (index === undefined || index > list.length) return list;
  const item = change(list[index]);
  return item === undefined ? list : [...list.slice(0, index), item, ...list.slice(index + 1)];
}

/** The same tree without what stands at some places. The last places of a list go first, so that the others keep theirs. */
export function withoutLocations(root: JsonObject, locations: readonly Location[]): JsonObject {
  return [...locations].sort(laterFirst).reduce<Json>(without, root) as JsonObject;
}

function laterFirst(a: Location, b: Location): number {
  for (const [depth, key] of a.entries()) {
    const other = b[depth];
    if (other === undefined) return -1;
    if (typeof key === "number" && typeof other === "number" && key !== other) return other - key;
    if (key !== other) return String(key) < String(other) ? -1 : 1;
  }
  return b.length - a.length;
}

function without(node: Json, location: Location): Json {
  const [key, ...rest] = location;
  if (key === undefined) return node;
  if (Array.isArray(node) && typeof key === "number") {
    const list = node as readonly Json[];
    if (list[key] === undefined) return list;
    return rest.length === 0 ? list.filter((_item, index) => index !== key) : list.map((item, index) => (index === key ? without(item, rest) : item));
  }
  if (!isJsonObject(node) || !Object.hasOwn(node, String(key))) return node;
  const { [String(key)]: child, ...others } = node;
  if (rest.length === 0) return others;
  return { ...node, [String(key)]: child === undefined ? undefined : without(child, rest) };
}
