import { describe, expect, test } from "bun:test";
import { neighboursOf, pathAround, placeAt } from "./yaml-place.ts";

/** `|` is the cursor. */
function at(marked: string): { text: string; position: number } {
  return { text: marked.replace("¦", ""), position: marked.indexOf("¦") };
}
const place = (marked: string) => {
  const { text, position } = at(marked);
  return placeAt(text, position);
};

describe("the place of a cursor in YAML", () => {
  test.each([
    ["po¦", [], "key", "po"],
    ["tls:\n  en¦", ["tls"], "key", "en"],
    ["tls:\n  ¦", ["tls"], "key", ""],
    ["tls:\n  enable: tr¦", ["tls", "enable"], "value", "tr"],
    ["tls:\n  enable: true\nro¦", [], "key", "ro"],
    ["keys:\n  - api-key: a\n  - api-key: b\n    ba¦", ["keys", 1], "key", "ba"],
    ["keys:\n- api-key: a\n- ba¦", ["keys", 1], "key", "ba"],
    ["keys:\n  - api-key: a\n    models:\n      - name: x\n        al¦", ["keys", 0, "models", 0], "key", "al"],
    ["routing:\n  strategy: ¦\nport: 1", ["routing", "strategy"], "value", ""],
    ["a:\n  b: 1\n  # c:\n  d¦", ["a"], "key", "d"],
  ] as const)("%p", (marked, path, kind, text) => {
    expect(place(marked)).toMatchObject({ path: [...path], kind, text });
  });

  test("a blank line belongs to the mapping at its own depth", () => {
    expect(place("a:\n  b:\n    c: 1\n  ¦")?.path).toEqual(["a"]);
    expect(place("a:\n  b:\n    c: 1\n¦")?.path).toEqual([]);
  });

  test("text in blocks is not keys", () => {
    expect(place("a: |\n  not: a key\nb¦")?.path).toEqual([]);
  });

  test("a pointer anywhere in a line finds its key", () => {
    const { text, position } = at("claude-api-key:\n  - api-key: \"se¦cret\"\n");
    expect(pathAround(text, position)).toEqual(["claude-api-key", 0, "api-key"]);
  });

  test("keys that are there already", () => {
    const { text, position } = at("keys:\n  - api-key: a\n    priority: 1\n    ¦\n    prefix: x\n  - weight: 2\nport: 1\n");
    const here = placeAt(text, position);
    expect(here && [...neighboursOf(text, here)].sort()).toEqual(["api-key", "prefix", "priority"]);
  });
});
