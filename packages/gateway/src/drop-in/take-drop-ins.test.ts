import { describe, expect, test } from "bun:test";
import type { RawObject } from "../config/raw.ts";
import type { DropIn } from "./drop-in.ts";
import { laidOver, takeDropIns } from "./take-drop-ins.ts";

const other: DropIn = {
  id: "other",
  name: "Other",
  isFile: (file) => "listen" in file,
  ofFile: (file) => ({ config: { port: file.listen }, notes: [{ kind: "warning", path: "listen", message: "is the port" }] }),
  ofEnvironment: ({ OTHER_KEY }) => (OTHER_KEY === undefined ? undefined : { config: { "api-keys": ["${OTHER_KEY}"], port: 1 }, notes: [] }),
};

describe("another gateway's settings", () => {
  test("its file is read in place of ours, its variables go below", () => {
    expect(takeDropIns({ listen: 80 }, { OTHER_KEY: "x" }, [other])).toEqual({
      tree: { port: 80, "api-keys": ["${OTHER_KEY}"] }, notes: [{ kind: "warning", path: "listen", message: "is the port" }], fileOf: "other",
    });
  });

  test("our own file stays as it is", () => {
    expect(takeDropIns({ port: 5 }, {}, [other])).toEqual({ tree: { port: 5 }, notes: [] });
  });

  test("maps are joined, lists strung together without repeating, single values stay", () => {
    expect(laidOver({ a: { b: 1, n: null }, l: [1, { x: 1 }], s: "own" }, { a: { b: 2, c: 3, n: 4 }, l: [{ x: 1 }, 2], s: "other", t: 1 }))
      .toEqual({ a: { b: 1, c: 3, n: 4 }, l: [1, { x: 1 }, 2], s: "own", t: 1 });
  });
});

describe("where to listen", () => {
  const listening = (file: RawObject, environment: Record<string, string>): unknown[] => {
    const { tree } = takeDropIns(file, environment, [other]);
    return [tree.host, tree.port];
  };

  test("our file, then our variables, then another gateway's, then the platform's", () => {
    const all = { DRAGOMAN_HOST: "::", DRAGOMAN_PORT: "5", OTHER_KEY: "x", PORT: "7" };
    expect(listening({ host: "h", port: 3 }, all)).toEqual(["h", 3]);
    expect(listening({}, all)).toEqual(["${DRAGOMAN_HOST}", "${DRAGOMAN_PORT}"]);
    expect(listening({}, { OTHER_KEY: "x", PORT: "7" })).toEqual([undefined, 1]);
    expect(listening({}, { PORT: "7" })).toEqual([undefined, 7]);
  });

  test("above another gateway's file, which always holds a port", () => {
    expect(listening({ listen: 80 }, { PORT: "7" })).toEqual([undefined, 7]);
    expect(listening({ listen: 80 }, { PORT: "7", DRAGOMAN_PORT: "5" })).toEqual([undefined, "${DRAGOMAN_PORT}"]);
    expect(listening({ listen: 80 }, {})).toEqual([undefined, 80]);
  });

  test.each([["tcp://10.0.0.1:80"], ["0"], ["70000"], [" "]])("PORT=%p is no port", (PORT) => {
    expect(listening({}, { PORT })).toEqual([undefined, undefined]);
  });
});

test("a file may say that the variables are not looked at", () => {
  expect(takeDropIns({ discovery: { "drop-ins": false } }, { OTHER_KEY: "x" }, [other]).tree).toEqual({ discovery: { "drop-ins": false } });
});

test("patterns of redirects stay in their order, the file's first", () => {
  expect(Object.keys(laidOver({ b: "1", a: "2" }, { "*": "3", a: "4" }))).toEqual(["b", "a", "*"]);
});
