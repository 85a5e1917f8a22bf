import { describe, expect, test } from "bun:test";
import { parseJson } from "./parse-json.ts";

const nested = (levels: number): string => `${'{"a":['.repeat(levels / 2)}${"]}".repeat(levels / 2)}`;
const PADDING = `"${"x".repeat(50_000)}"`;

describe("parseJson", () => {
  test("refuses what is nested too deeply, and takes what is not", () => {
    expect(() => parseJson(nested(200_000))).toThrow("nested deeper than 1000 levels");
    expect(() => parseJson(`[${PADDING},${nested(1000)}]`)).toThrow("nested deeper");
    expect(parseJson(`[${PADDING},${nested(998)}]`)).toHaveLength(2);
  });

  test("brackets in strings are text, whatever stands before a quote", () => {
    const text = JSON.stringify([PADDING, "[{".repeat(30_000), `\\"${"[".repeat(2000)}\\`, `\\\\${"{".repeat(2000)}`, { "[": '"' }]);
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("many values beside each other are not deep", () => {
    const text = JSON.stringify(Array.from({ length: 5000 }, (_, at) => ({ at, list: [at, [at]] })));
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test("what is no JSON is told by the parser", () => {
    for (const text of ["", "{", '"', `{"a":${PADDING}`, `${PADDING}]]]]`, '"\\']) expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});
