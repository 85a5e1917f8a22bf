import { readdirSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { AccountFiles } from "@dragoman/gateway";
import { unlessMissing } from "./named-files.ts";

type FileFacts = Awaited<ReturnType<AccountFiles["list"]>>[number];

/** Deeper directories are somebody else's. */
const MAX_DEPTH = 4;

export const isAccountName = (name: string): boolean => name.toLowerCase().endsWith(".json");

/** All `*.json` below a directory, by their path in it; none when it is not there. Hidden directories are passed by. */
export function listAccountFiles(directory: string): FileFacts[] {
  const found: FileFacts[] = [];
  for (const below of directoriesIn(directory)) {
    for (const file of unlessMissing(() => readdirSync(join(directory, below))) ?? []) {
      if (!isAccountName(file)) continue;
      const name = below === "" ? file : `${below}/${file}`;
      const facts = factsOf(join(directory, name));
      if (facts?.isFile() !== true) continue;
      found.push({ name, size: facts.size, modifiedAt: Math.floor(facts.mtimeMs), createdAt: Math.floor(facts.birthtimeMs || facts.ctimeMs) });
    }
  }
  return found;
}

/** `undefined` also for what cannot be looked at: that is no reason to be without the others. */
export function factsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** The directory itself as an empty word, then those below it. Links to directories are not followed. */
export function directoriesIn(directory: string, below = "", depth = 0): string[] {
  const entries = unlessMissing(() => readdirSync(join(directory, below), { withFileTypes: true }));
  if (entries === undefined) return [];
  const inside = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  return [below, ...(depth >= MAX_DEPTH ? [] : inside.flatMap(({ name }) => directoriesIn(directory, below === "" ? name : `${below}/${name}`, depth + 1)))];
}
