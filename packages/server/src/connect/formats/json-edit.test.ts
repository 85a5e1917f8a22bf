import { describe, expect, test } from "bun:test";
import { parse } from "jsonc-parser";
import { putJson, removeJson } from "./json-edit.ts";

const style = { newline: "\n", indent: "  " };

describe("putting a value into a JSON text", () => {
  test.each([
    ["replaces a value", `{"a": 1, "b": [1, 2]}`, ["b"], "x", `{"a": 1, "b": "x"}`],
    ["adds to one line", `{ "a": 1 }`, ["b"], true, `{ "a": 1, "b": true }`],
    ["adds to lines", `{\n  "a": { "b":1 }\n}\n`, ["c"], { d: 1 }, `{\n  "a": { "b":1 },\n  "c": {\n    "d": 1\n  }\n}\n`],
    ["adds to nothing", `{}`, ["a", "b"], 1, `{\n  "a": {\n    "b": 1\n  }\n}`],
    ["adds to nothing within", `{\n  "a": {}\n}`, ["a", "b"], 1, `{\n  "a": {\n    "b": 1\n  }\n}`],
    ["keeps a comma at the end", `{\n  "a": 1,\n}`, ["b"], 2, `{\n  "a": 1,\n  "b": 2,\n}`],
    ["keeps a comment behind the last", `{\n  "a": 1 // one\n}`, ["b"], 2, `{\n  "a": 1, // one\n  "b": 2\n}`],
    ["keeps a comment before the end", `{\n  "a": 1\n  // "z": 3\n}`, ["b"], 2, `{\n  "a": 1,\n  // "z": 3\n  "b": 2\n}`],
    ["appends to a list", `{"l": [\n    {"n": 1}\n]}`, ["l", 1], { n: 2 }, `{"l": [\n    {"n": 1},\n    {\n      "n": 2\n    }\n]}`],
    ["makes a list", `{\n  "a": 1\n}`, ["l", 0, "n"], 2, `{\n  "a": 1,\n  "l": [\n    {\n      "n": 2\n    }\n  ]\n}`],
    ["replaces what is no object", `{\n  "a": null\n}`, ["a", "b"], 2, `{\n  "a": {\n    "b": 2\n  }\n}`],
  ] as const)("%s", (_name, text, path, value, expected) => {
    const result = putJson(text, path, value, style);
    expect(result).toBe(expected);
    expect(parse(result, [], { allowTrailingComma: true })).toBeDefined();
  });
});

describe("taking a value out of a JSON text", () => {
  test.each([
    ["on one line", `{ "a": 1, "b": 2 }`, ["a"], `{ "b": 2 }`],
    ["the last on one line", `{ "a": 1, "b": 2 }`, ["b"], `{ "a": 1 }`],
    ["with its line", `{\n  "a": 1, // one\n  "b": 2\n}`, ["a"], `{\n  "b": 2\n}`],
    ["the last with its line", `{\n  "a": 1,\n  "b": 2\n}`, ["b"], `{\n  "a": 1\n}`],
    ["the only one", `{\n  "a": {\n    "b": 2\n  }\n}`, ["a", "b"], `{\n  "a": {\n  }\n}`],
    ["the last, with commas at the end", `{\n  "a": 1,\n  "b": 2,\n}`, ["b"], `{\n  "a": 1,\n}`],
    ["of a list", `[\n  1,\n  2\n]`, [0], `[\n  2\n]`],
    ["what is not there", `{"a":1}`, ["b"], `{"a":1}`],
  ] as const)("%s", (_name, text, path, expected) => expect(removeJson(text, path)).toBe(expected));
});
