// What a browser must fetch before the first page can be drawn.
import { beforeAll, expect, test } from "bun:test";
import { buildAdmin, type BuiltFile } from "../build.ts";

const BUDGET_BYTES = 200_000;
let files: ReadonlyMap<string, BuiltFile>;
const text = (path: string): string => new TextDecoder().decode(files.get(path)?.content);
beforeAll(async () => {
  files = new Map((await buildAdmin()).map((file) => [file.path, file]));
});

/** A file and what it imports before it runs; `import(…)` is later. */
function atOnce(path: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, name = ""] of text(path).matchAll(/(?:import|export)\s*(?:[\w$*{}\s,]+from\s*)?"\/admin\/(assets\/[^"]+\.js)"/g)) atOnce(name, seen);
  return seen;
}

test("the first script and all that it needs weigh at most 200 kB", () => {
  const [, entry = ""] = /src="\/admin\/(assets\/[^"]+\.js)"/.exec(text("index.html")) ?? [];
  const first = atOnce(entry);
  expect(files.has(entry)).toBe(true);
  const bytes = [...first].reduce((sum, path) => sum + Bun.gzipSync(new Uint8Array(files.get(path)?.content ?? [])).length, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
});

test("pages, charts and the editor come later, and no schema comes at all", () => {
  const [, entry = ""] = /src="\/admin\/(assets\/[^"]+\.js)"/.exec(text("index.html")) ?? [];
  const first = [...atOnce(entry)].map(text).join("");
  expect(first).not.toContain("uplot");
  expect(first).not.toContain("cm-editor");
  for (const path of files.keys()) expect(text(path), path).not.toContain("ZodObject");
});

test("every asset has its contents in its name, and the page has no script or style of its own", () => {
  for (const path of files.keys()) expect(path).toMatch(/^(?:index\.html|assets\/[\w.-]+-[0-9a-z]{8}\.\w+)$/);
  expect(text("index.html")).not.toMatch(/<script(?![^>]*src=)|<style| style=/);
});
