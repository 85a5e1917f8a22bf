import type { Environment } from "../config/expand-environment.ts";
import type { ConfigNote } from "../config/findings.ts";
import { type RawObject, isRawObject, sameValue } from "../config/raw.ts";
import type { DropIn, DropInSettings } from "./drop-in.ts";
import { ownListening, platformListening } from "./listening.ts";

export interface Taken {
  readonly tree: RawObject;
  readonly notes: readonly ConfigNote[];
  /** Whose file it was; absent: ours. */
  readonly fileOf?: string;
}

/**
 * Reads other gateways' settings into a configuration: their file in place of ours, their variables below what the file says.
 * Where to listen can be said by variables of our own and of container platforms, too: below our file, and above another
 * gateway's, which holds a port whether somebody chose it or not.
 */
export function takeDropIns(file: RawObject, environment: Environment, dropIns: readonly DropIn[]): Taken {
  const owner = dropIns.find(({ isFile, ofFile }) => ofFile !== undefined && isFile?.(file) === true);
  const read = owner?.ofFile?.(file);
  const own = ownListening(environment);
  const platform = platformListening(environment);
  const said = read?.config ?? file;
  let tree = read === undefined ? laidOver(said, own) : laidOver(laidOver(own, platform), said);
  const notes: ConfigNote[] = [...(read?.notes ?? [])];
  for (const { ofEnvironment } of mayLookAround(file) ? dropIns : []) {
    const found = ofEnvironment?.(environment, said);
    if (found === undefined) continue;
    tree = laidOver(tree, found.config);
    notes.push(...found.notes);
  }
  return { tree: laidOver(tree, platform), notes, ...(owner !== undefined && { fileOf: owner.id }) };
}

/**
 * One gateway's settings, of its file and of variables, as a part of a configuration that needs neither of them any more.
 * @returns `undefined` when neither is that gateway's
 */
export function settingsOf({ isFile, ofFile, ofEnvironment }: DropIn, file: RawObject, environment: Environment): DropInSettings | undefined {
  const ofIts = isFile?.(file) === true ? ofFile?.(file) : undefined;
  const around = ofEnvironment?.(environment, ofIts?.config ?? {});
  if (ofIts === undefined && around === undefined) return undefined;
  return {
    config: laidOver(laidOver(ofIts?.config ?? {}, around?.config ?? {}), { discovery: { "drop-ins": false } }),
    notes: [...(ofIts?.notes ?? []), ...(around?.notes ?? [])],
  };
}

function mayLookAround({ discovery }: RawObject): boolean {
  return !isRawObject(discovery) || discovery["drop-ins"] !== false;
}

/** Maps are joined, what the upper one says first; lists are strung together, and of two single values the upper one stays. */
export function laidOver(upper: RawObject, lower: RawObject): RawObject {
  const joined = Object.entries(upper).map(([key, value]) => [key, Object.hasOwn(lower, key) ? joinedValue(value, lower[key]) : value]);
  return Object.fromEntries([...joined, ...Object.entries(lower).filter(([key]) => !Object.hasOwn(upper, key))]) as RawObject;
}

function joinedValue(upper: unknown, lower: unknown): unknown {
  if (upper === null || upper === undefined) return lower;
  if (isRawObject(upper) && isRawObject(lower)) return laidOver(upper, lower);
  if (!Array.isArray(upper) || !Array.isArray(lower)) return upper;
  return [...(upper as unknown[]), ...(lower as unknown[]).filter((item) => !upper.some((own) => sameValue(own, item)))];
}
