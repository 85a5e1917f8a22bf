import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Case, CaseSheet } from "./case.ts";

const FOLDER = join(import.meta.dirname, "..", "cases");

/** Every case of the folder, in the order of its name. */
export function loadCases(): readonly Case[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => loadCase(name))
    .sort((a, b) => a.id.localeCompare(b.id));
}

function loadCase(id: string): Case {
  const folder = join(FOLDER, id);
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).replaceAll("\\", "/")] = readFileSync(path, "utf8");
  }
  const sheet = files["case.json"];
  if (sheet === undefined) throw new TypeError(`${folder} has no case.json`);
  return { id, sheet: JSON.parse(sheet) as CaseSheet, files };
}
