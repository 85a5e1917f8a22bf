import { expect, test } from "bun:test";
import { safeFileName } from "./save-account.ts";

test.each([
  ["claude-me@example.com.json", "claude-me@example.com.json"],
  ["codex-0a1b2c3d-me+tag@example.com-plus.json", "codex-0a1b2c3d-me+tag@example.com-plus.json"],
  ["vertex-my project.json", "vertex-my-project.json"],
  ["iflow-13*****89.json", "iflow-13xxxxx89.json"],
  ["../../etc/passwd", "etc_passwd.json"],
  ["..\\..\\up.json", "up.json"],
  ["a/b\\c:d\0.json", "a_b_c_d_.json"],
  [".hidden.json", "hidden.json"],
  ["", "account.json"],
  ["..", "account.json"],
  [`${"ä".repeat(300)}.json`, `${"ä".repeat(120)}.json`],
])("%p is written as %p", (name, expected) => {
  expect(safeFileName(name)).toBe(expected);
});
