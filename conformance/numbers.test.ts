import { expect, test } from "bun:test";
import { missingNumbers, numbersInTests } from "./catalogue.ts";
import { loadCases } from "./runner/load-cases.ts";

test("every number of the catalogue is a case here or a test elsewhere", () => {
  expect(missingNumbers(loadCases(), numbersInTests())).toEqual([]);
});

test("a case's folder begins with its first number", () => {
  for (const { id, sheet } of loadCases()) expect(Number(id.slice(0, 3))).toBe(sheet.numbers[0] ?? 0);
});
