import { expect, test } from "bun:test";
import { appendTo, parseConfigPath, removalOf } from "./config-path.ts";

test("paths as steps", () => {
  expect(parseConfigPath("openai-compatibility[2].api-key-entries[0]")).toEqual(["openai-compatibility", 2, "api-key-entries", 0]);
});

test("the last key takes its upstream with it", () => {
  expect(removalOf("openai-compatibility[2].api-key-entries[0]", 1)).toEqual(["openai-compatibility", 2]);
  expect(removalOf("openai-compatibility[2].api-key-entries[1]", 2)).toEqual(["openai-compatibility", 2, "api-key-entries", 1]);
  expect(removalOf("claude-api-key[0]", 1)).toEqual(["claude-api-key", 0]);
});

test("an entry goes to the end of its list, or begins it", () => {
  expect(appendTo({ "claude-api-key": [{}] }, "claude-api-key", "new")).toEqual({ path: ["claude-api-key", 1], value: "new" });
  expect(appendTo({ "claude-api-key": [] }, "claude-api-key", "new")).toEqual({ path: ["claude-api-key"], value: ["new"] });
  expect(appendTo(null, "claude-api-key", "new")).toEqual({ path: ["claude-api-key"], value: ["new"] });
});
