import { describe, expect, test } from "bun:test";
import schema from "../../../../../config.schema.json";
import { schemaProblems } from "./schema-problems.ts";
import type { SchemaNode } from "./schema-tree.ts";

const root = schema as unknown as SchemaNode;
const problems = (text: string): readonly string[] => schemaProblems(text, root).map(({ from, to, message }) => `${text.slice(from, to)} | ${message}`);

describe("what the configuration's schema says of a text", () => {
  test("nothing about a good one", () => {
    expect(problems('port: ${PORT:-8317}\ntls:\n  enable: true\nclaude-api-key:\n  - api-key: "k"\n    priority: 2\nrouting: { strategy: fill-first }\n')).toEqual([]);
  });
  test("wrong types, values out of range, words that are not offered", () => {
    expect(problems("port: abc\n")).toEqual(["abc | expected integer ≥ 1 ≤ 65535"]);
    expect(problems("port: 70000\n")).toEqual(["70000 | expected integer ≥ 1 ≤ 65535"]);
    expect(problems("routing:\n  strategy: random\n")[0]).toStartWith("random | expected round-robin | ");
    expect(problems("claude-api-key: text\n")).toHaveLength(1);
  });
  test("unknown keys, also within lists", () => {
    expect(problems("prot: 1\n")).toEqual(["prot | unknown key: prot"]);
    const text = "claude-api-key:\n  - api-key: k\n    prioritty: 1\n    headers: { any: name }\n";
    expect(problems(text)).toEqual(["prioritty | unknown key: prioritty"]);
    expect(["prot: 1\n", text].map((each) => schemaProblems(each, root)[0]?.severity)).toEqual(["error", "warning"]);
  });
  test("broken YAML is told with its place and nothing else", () => {
    expect(schemaProblems("a: [1\nb: 2\n", root)).toHaveLength(1);
  });
});
