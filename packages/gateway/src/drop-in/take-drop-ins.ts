import type { Environment } from "../config/expand-environment.ts";
import type { ConfigNote } from "../config/findings.ts";
import { type RawObject, isRawObject, sameValue } from "../config/raw.ts";
import type { DropIn } from "./drop-in.ts";

export interface Taken {
  readonly tree: RawObject;
  readonly notes: readonly ConfigNote[];
  /** Whose file it was; absent: ours. */
  readonly fileOf?: string;
}

/** Reads other gateways' settings into a configuration: their file in place of ours, their variables below what the file says. */
export function takeDropIns(file: RawObject, environment: Environment, dropIns: readonly DropIn[]): Taken {
  const owner = dropIns.find(({ isFile, ofFile }) => ofFile !== undefined && isFile?.(file) === true);
  const read = owner?.ofFile?.(file);
  let tree = read?.config ?? file;
  const notes: ConfigNote[] = [...(read?.notes ?? [])];
  for (const { ofEnvironment } of dropIns) {
    const found = ofEnvironment?.(environment);
    if (found === undefined) continue;
    tree = laidOver(tree, found.config);
    notes.push(...found.notes);
  }
  return { tree, notes, ...(owner !== undefined && { fileOf: owner.id }) };
}

/** Maps are joined, lists are strung together, and of two single values the upper one stays. */
export function laidOver(upper: RawObject, lower: RawObject): RawObject {
  const joined: RawObject = { ...lower };
  for (const [key, value] of Object.entries(upper)) joined[key] = Object.hasOwn(lower, key) ? joinedValue(value, lower[key]) : value;
  return joined;
}

function joinedValue(upper: unknown, lower: unknown): unknown {
  if (upper === null || upper === undefined) return lower;
  if (isRawObject(upper) && isRawObject(lower)) return laidOver(upper, lower);
  if (!Array.isArray(upper) || !Array.isArray(lower)) return upper;
  return [...(upper as unknown[]), ...(lower as unknown[]).filter((item) => !upper.some((own) => sameValue(own, item)))];
}
