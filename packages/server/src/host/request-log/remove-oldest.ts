import { rm } from "node:fs/promises";
import { join } from "node:path";
import { logFiles } from "../log-limit.ts";

/** Keeps the newest `keep` logs whose names begin with `prefix`; 0 keeps all. */
export async function removeOldest(directory: string, prefix: string, keep: number): Promise<void> {
  if (keep <= 0) return;
  const files = logFiles(directory).filter(({ name }) => name.startsWith(prefix)).sort((a, b) => b.modifiedAt - a.modifiedAt || (a.name < b.name ? 1 : -1));
  for (const { name } of files.slice(keep)) await rm(join(directory, name), { force: true });
}
