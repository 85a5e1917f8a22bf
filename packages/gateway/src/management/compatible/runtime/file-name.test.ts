import { expect, test } from "bun:test";
import { baseName, dispositionOf, isPlainName } from "./file-name.ts";

test("names lead nowhere", () => {
  expect(["a.json", "codex-jane@example.com.json", "ä b.json", ".hidden.json"].map(isPlainName)).toEqual([true, true, true, true]);
  const bad = ["", ".", "..", "../a.json", "a/b.json", "/etc/a.json", "a\\b.json", "C:a.json", "a\0.json", "a\n.json", "x..json", `${"x".repeat(256)}`];
  expect(bad.map(isPlainName)).toEqual(bad.map(() => false));
});

test("base names", () => {
  expect(["a.json", "dir/a.json", "C:\\dir\\a.json", "dir/"].map(baseName)).toEqual(["a.json", "a.json", "a.json", ""]);
});

test("a name in a header cannot end it", () => {
  expect(dispositionOf("acc1.json")).toBe('attachment; filename="acc1.json"');
  expect(dispositionOf('a"b.json')).toBe(`attachment; filename="a_b.json"; filename*=UTF-8''a%22b.json`);
  expect(dispositionOf("ä.json")).toBe(`attachment; filename="_.json"; filename*=UTF-8''%C3%A4.json`);
});
