import { expect, test } from "bun:test";
import { parseBatch, toCsv } from "./csv.ts";

test("reads users, with and without addresses", () => {
  expect(parseBatch("username,email\nresearch, research@example.com\n\n\"docs team\"\r\nbuild-bot,\n")).toEqual({
    lines: [{ username: "research", email: "research@example.com" }, { username: "docs team" }, { username: "build-bot" }],
    wrong: [],
  });
});

test("tells the lines that cannot be read", () => {
  expect(parseBatch("one,not-an-address\n,two@example.com\nthree\nthree\nfour,4@example.com,more")).toEqual({ lines: [{ username: "three" }], wrong: [1, 2, 4, 5] });
});

test("writes what spreadsheets read, and no formulas", () => {
  expect(toCsv([["username", "key"], ["a,b", "say \"so\""], ["=1+1", "x"]])).toBe('username,key\r\n"a,b","say ""so"""\r\n\'=1+1,x\r\n');
});
