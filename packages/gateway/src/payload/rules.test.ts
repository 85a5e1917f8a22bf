import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "@dragoman/core";
import { parseConfig } from "../config/index.ts";
import { parsePath } from "./parse-path.ts";
import { valuesAt } from "./path.ts";
import { createPayloadRules, type PayloadQuestion } from "./rules.ts";

const tools = { tools: [{ type: "function", name: "a" }, { type: "web_search", name: "b", uses: 3 }, { type: "web_search", name: "c.d" }] };
const question: PayloadQuestion = { models: ["gemini-3-pro"], upstreamDialect: "gemini-generate-content", clientDialect: "openai-responses", headers: new Headers({ "x-client-tier": "tenant-7" }), asSent: { metadata: { client: "codex" } } };

function change(payload: Record<string, unknown>, body: JsonObject, more: Partial<PayloadQuestion> = {}): JsonObject {
  const result = parseConfig({ payload }, {});
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return createPayloadRules(result.config.payload)?.(body, { ...question, ...more }) ?? body;
}

describe("paths", () => {
  test.each<[string, readonly Json[]]>([
    ["tools.0.name", ["a"]],
    ["tools.9.name", []],
    ["tools.#.name", ["a", "b", "c.d"]],
    ['tools.#(type=="web_search").name', ["b"]],
    ['tools.#(type=="web_search")#.name', ["b", "c.d"]],
    ['tools.#(name=="c.d").type', ["web_search"]],
    ['tools.#(type=="web_search" && uses>2)#.name', ["b"]],
    ['tools.#(name=="a"||name=="b")#.name', ["a", "b"]],
    ['tools.#(type!="function")#.name', ["b", "c.d"]],
    ['tools.#(name%"c*")#.name', ["c.d"]],
    ["tools.#(uses)#.name", ["b"]],
    ["tools.#(uses<=3)#.name", ["b"]],
    ["tools.#(uses<3)#.name", []],
    ["tools.length", []],
    ["constructor", []],
  ])("%s", (path, expected) => {
    expect(valuesAt(tools, parsePath(path))).toEqual(expected);
  });

  test("a dot within a name is written with a backslash", () => {
    expect(valuesAt({ "a.b": { c: 1 } }, parsePath("a\\.b.c"))).toEqual([1]);
  });
});

describe("setting", () => {
  const all = [{ name: "*" }];

  test("a default is set where nothing is said, and the first rule for a path wins", () => {
    const rules = { default: [{ models: all, params: { "a.b": 1, c: 2 } }, { models: all, params: { "a.b": 3 } }], "default-raw": [{ models: all, params: { d: '{"e":[1]}', "a.b": "4" } }] };
    expect(change(rules, { c: 9 })).toEqual({ c: 9, a: { b: 1 }, d: { e: [1] } });
  });

  test("an override is set whatever is said, and the last rule wins", () => {
    expect(change({ override: [{ models: all, params: { a: 1 } }, { models: all, params: { a: 2 } }], "override-raw": [{ models: all, params: { b: "null" } }] }, { a: 0, b: 1, c: 3 })).toEqual({ a: 2, b: null, c: 3 });
  });

  test("in lists: places, items that fulfil a condition, the end; nothing else is touched", () => {
    const rules = { override: [{ models: all, params: { "tools.0.x": 1, 'tools.#(type=="web_search")#.y': 2, "tools.-1": { name: "new" }, "tools.17": "no", 'tools.#(type=="none").z': 3 } }] };
    expect(change(rules, tools)).toEqual({ tools: [{ ...tools.tools[0], x: 1 }, { ...tools.tools[1], y: 2 }, { ...tools.tools[2], y: 2 }, { name: "new" }] } as never);
  });

  test("a body that already says so is the same object, and the given one is never changed", () => {
    const body = { a: { b: [1, { c: 2 }] } };
    expect(change({ override: [{ models: all, params: { a: { b: [1, { c: 2 }] } } }] }, body)).toBe(body);
    change({ override: [{ models: all, params: { "a.b.1.c": 5 } }], filter: [{ models: all, params: ["a.b.0"] }] }, body);
    expect(body).toEqual({ a: { b: [1, { c: 2 }] } });
  });

  test("a name that objects inherit is only a name", () => {
    const changed = change({ override: [{ models: all, params: { "__proto__.polluted": true } }] }, {});
    expect(JSON.stringify(changed)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("removing", () => {
  test("places keep their meaning while others go", () => {
    expect(change({ filter: [{ models: [{}], params: ["list.0", "list.2", "list.1.x", "gone"] }] }, { list: ["a", { x: 1, y: 2 }, "c", "d"] })).toEqual({ list: [{ y: 2 }, "d"] });
  });

  test("items that fulfil a condition, after everything else", () => {
    expect(change({ override: [{ models: [{}], params: { "tools.0.type": "web_search" } }], filter: [{ models: [{}], params: ['tools.#(type=="web_search")#'] }] }, tools)).toEqual({ tools: [] });
  });
});

describe("where a rule holds", () => {
  const holds = (model: Record<string, unknown>, more: Partial<PayloadQuestion> = {}): boolean => change({ override: [{ models: [model], params: { hit: true } }] }, { out: 1, none: null }, more).hit === true;

  test.each<[Record<string, unknown>, boolean]>([
    [{ name: "gemini-*" }, true],
    [{ name: "*-pro" }, true],
    [{ name: "gemini-*-3-pro" }, false],
    [{ name: "Gemini-*" }, false],
    [{ name: "gemini" }, false],
    [{ protocol: "gemini" }, true],
    [{ protocol: "openai" }, false],
    [{ "from-protocol": "responses" }, true],
    [{ "from-protocol": "openai" }, false],
    [{ headers: { "X-Client-Tier": "tenant-*" } }, true],
    [{ headers: { "X-Client-Tier": "team-*" } }, false],
    [{ headers: { "X-Absent": "x" } }, false],
    [{ match: [{ "metadata.client": "codex" }] }, true],
    [{ match: [{ "metadata.client": "other" }] }, false],
    [{ match: [{ out: 1 }] }, true],
    [{ "not-match": [{ "metadata.client": "codex" }] }, false],
    [{ "not-match": [{ "metadata.mode": "dev" }] }, true],
    [{ exist: ["metadata.client"] }, true],
    [{ exist: ["none"] }, false],
    [{ "not-exist": ["none"] }, true],
    [{ "not-exist": ["metadata.client"] }, false],
  ])("%j", (model, expected) => {
    expect(holds(model)).toBe(expected);
  });

  test("any name of the model will do", () => {
    expect(holds({ name: "fast(high)" }, { models: ["gemini-3-pro", "fast", "fast(high)"] })).toBe(true);
  });

  test("one of several places is enough, and a rule without any holds nowhere", () => {
    expect(change({ override: [{ models: [{ name: "x" }, { name: "gemini-*" }], params: { a: 1 } }] }, {})).toEqual({ a: 1 });
    expect(change({ override: [{ models: [], params: { a: 1 } }] }, {})).toEqual({});
  });
});

test("no rules, no work", () => {
  const result = parseConfig({}, {});
  expect(result.ok && createPayloadRules(result.config.payload)).toBeUndefined();
});
