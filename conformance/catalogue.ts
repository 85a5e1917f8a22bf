import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./runner/case.ts";

const ROOT = join(import.meta.dirname, "..");

/** Situations that users of gateways run into, numbered once and for all; a number is not used again. */
export const LAST_NUMBER = 228;

/** Numbers that titles of tests speak of, with the files in which they stand. */
export function numbersInTests(): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const folder of ["packages", "e2e", "conformance"]) {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !entry.name.endsWith(".test.ts") || path.includes("node_modules")) continue;
      for (const number of numbersOf(readFileSync(path, "utf8"))) found.set(number, [...(found.get(number) ?? []), path.slice(ROOT.length + 1).replaceAll("\\", "/")]);
    }
  }
  return found;
}

/** Numbers in the titles of `test(…)`, `it(…)` and `describe(…)`: `#17`, or `#108 #109`. */
function numbersOf(source: string): ReadonlySet<number> {
  const titles = source.matchAll(/\b(?:test|it|describe)(?:\.\w+)?(?:\([^()]*\))?\(\s*(["'`])(.*?)\1/gs);
  return new Set([...titles].flatMap(([, , title = ""]) => [...title.matchAll(/#(\d+)/g)].map(([, number]) => Number(number))));
}

export function missingNumbers(cases: readonly Case[], tests: ReadonlyMap<number, readonly string[]>): readonly number[] {
  const known = new Set([...cases.flatMap(({ sheet }) => sheet.numbers), ...tests.keys()]);
  return Array.from({ length: LAST_NUMBER }, (_, at) => at + 1).filter((number) => !known.has(number));
}
