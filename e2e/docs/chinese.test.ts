// What is translated says the same: each page in Chinese has the examples of the page that it translates, in the same order.
import { expect, test } from "bun:test";
import { blocksOf, chinesePages, levelsOf, type Block } from "./markdown.ts";

/** An example without its comments, which are words and are translated; what output is promised stays. */
function exampleOf({ language, words, text }: Block): string {
  const bare = text.replace(/(?:^|[ \t]+)(?:#|\/\/) (?!→).*$/gm, "").split("\n").filter((line) => line.trim() !== "");
  return [[language, ...words].join(" "), ...bare].join("\n");
}

test.each(chinesePages())("%s has the examples of %s", (chinese, english) => {
  expect(blocksOf(chinese).map(exampleOf)).toEqual(blocksOf(english).map(exampleOf));
});

test.each(chinesePages())("%s has the sections of %s", (chinese, english) => {
  expect(levelsOf(chinese)).toEqual(levelsOf(english));
});
