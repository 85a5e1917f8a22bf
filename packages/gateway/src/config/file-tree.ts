import { type Environment, expandEnvironment } from "./expand-environment.ts";
import { migrateLegacyKeys } from "./migrate.ts";
import { isRawObject, type RawObject } from "./raw.ts";

/** A file's tree with old spellings brought up to date; references stay as they are written. The given tree is left alone. */
export function migratedTree(raw: unknown): RawObject {
  const tree: unknown = structuredClone(raw ?? {});
  if (!isRawObject(tree)) return {};
  migrateLegacyKeys(tree, () => undefined);
  return tree;
}

/** The tree with references replaced by what they stand for. */
export function expandTree(tree: RawObject, environment: Environment): RawObject {
  return expandEnvironment(tree, environment).value as RawObject;
}

/** What a text of the file stands for. References to variables that are not set stay as they are written. */
export function expandText(text: string, environment: Environment): string {
  return String(expandEnvironment(text, environment).value);
}
