import { describe, expect, test } from "bun:test";
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
