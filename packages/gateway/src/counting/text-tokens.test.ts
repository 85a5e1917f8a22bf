import { expect, test } from "bun:test";
import { textTokens } from "./text-tokens.ts";

const PROSE = "The interpreter of travellers knew every word, and what it cost: 25 piastres a day.\n";
const CODE = "export function fooBar(x: number): string {\n\treturn `${x * 2}`; // HTTPServer\n}\n";
const CHINESE = "翻译官知道每一个词的价钱。";

test.each([
  ["prose", PROSE.repeat(3000)],
  ["code", CODE.repeat(3000)],
  ["ideographs", CHINESE.repeat(5000)],
  ["all of them", PROSE.repeat(1000) + CHINESE.repeat(2000) + CODE.repeat(700)],
])("a share of a text tells nearly the same as all of it: %s", (_name, text) => {
  const exact = textTokens(text);
  for (const share of [0.05, 0.2, 0.5, 0.9]) {
    expect(textTokens(text, share)).toBeGreaterThan(exact * 0.95);
    expect(textTokens(text, share)).toBeLessThan(exact * 1.1);
  }
});

test("short texts are looked at as a whole, whatever the share", () => {
  for (const text of ["", "a", CHINESE, PROSE]) expect(textTokens(text, 0.05)).toBe(textTokens(text));
});
