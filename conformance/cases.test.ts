import { describe, expect, test } from "bun:test";
import { loadCases } from "./runner/load-cases.ts";
import { runCase } from "./runner/run-case.ts";

for (const source of loadCases()) {
  describe(`${source.sheet.numbers.map((number) => `#${number}`).join(" ")} ${source.id}: ${source.sheet.title}`, () => {
    for (const outcome of runCase(source)) {
      test(`${outcome.client} ↔ ${outcome.upstream}`, () => expect(outcome.problems).toEqual([]));
    }
  });
}
