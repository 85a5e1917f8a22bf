import { expect, test } from "bun:test";
import { createFailureRules, verdictOn } from "./failure-rules.ts";

const rules = createFailureRules([
  { status: 400, match: ["quota", "limit"], "match-regexr": ["(?i)try .* later"], action: "continue-and-cooldown" },
  { status: 400, match: [], "match-regexr": [], action: "stop" },
  { status: 500, match: ["bad prompt"], "match-regexr": [], action: "stop-and-cooldown" },
]);

test("the first rule that fits counts: by status, and by one text or expression of the body", () => {
  expect(verdictOn(rules, 400, "over the limit")).toEqual({ ends: false, cools: true });
  expect(verdictOn(rules, 400, "TRY again LATER")).toEqual({ ends: false, cools: true });
  expect(verdictOn(rules, 400, "Quota")).toEqual({ ends: true, cools: false });
  expect(verdictOn(rules, 500, "a bad prompt")).toEqual({ ends: true, cools: true });
  expect(verdictOn(rules, 500, "broken")).toBeUndefined();
  expect(verdictOn(rules, 503, "quota")).toBeUndefined();
  expect(verdictOn(undefined, 400, "quota")).toBeUndefined();
  expect(createFailureRules([])).toBeUndefined();
});
