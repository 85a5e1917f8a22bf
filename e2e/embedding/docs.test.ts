import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, ROOT } from "../docs/markdown.ts";

const EXAMPLES = join(ROOT, "examples/embedding");

test("the page shows every example as it stands in its file", () => {
  const files = readdirSync(EXAMPLES, { recursive: true }).map(String).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
  const shown = blocksOf("docs/guides/embedding.md").flatMap(({ words, text }) => words.filter((word) => word.startsWith("example=")).map((word) => [word.slice("example=".length), text] as const));
  expect(shown.map(([name]) => name).toSorted()).toEqual(files.toSorted());
  for (const [name, text] of shown) expect(text).toBe(readFileSync(join(EXAMPLES, name), "utf8"));
});
