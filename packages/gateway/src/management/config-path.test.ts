import { describe, expect, test } from "bun:test";
import { valueAt, withValueAt } from "./config-path.ts";

const TREE = { debug: true, list: [{ a: 1 }, { a: 2 }], map: { deep: { x: null } } };

describe("values", () => {
  test("are found by their path", () => {
    expect(valueAt(TREE, ["list", 1, "a"])).toBe(2);
    expect(valueAt(TREE, ["map", "deep", "x"])).toBeNull();
    expect([valueAt(TREE, ["list", 2]), valueAt(TREE, ["list", "a"]), valueAt(TREE, ["debug", "x"]), valueAt(TREE, ["toString"])]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("are put in place; what is missing on the way is made, what stands beside stays", () => {
    expect(withValueAt(TREE, ["debug"], false)).toEqual({ ...TREE, debug: false });
    expect(withValueAt(TREE, ["list", 0, "b"], "new")).toEqual({ ...TREE, list: [{ a: 1, b: "new" }, { a: 2 }] });
    expect(withValueAt(TREE, ["list", 2], { a: 3 }).list).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(withValueAt({}, ["a", "b", 0], 1)).toEqual({ a: { b: [1] } });
    expect(withValueAt(TREE, ["map", "deep", "x", "y"], 1).map).toEqual({ deep: { x: { y: 1 } } });
    expect(Object.keys(withValueAt(TREE, ["debug"], 1))).toEqual(["debug", "list", "map"]);
    expect(TREE.debug).toBe(true);
  });

  test("are taken away", () => {
    expect(withValueAt(TREE, ["list", 0], undefined).list).toEqual([{ a: 2 }]);
    expect(withValueAt(TREE, ["map"], undefined)).toEqual({ debug: true, list: TREE.list });
    expect(withValueAt(TREE, ["nothing", "here"], undefined)).toEqual(TREE);
  });

  test("cannot go through what has no parts", () => {
    expect(() => withValueAt(TREE, ["debug", "x"], 1)).toThrow("debug is not a mapping");
    expect(() => withValueAt(TREE, ["map", 0], 1)).toThrow("map is not a list");
    expect(() => withValueAt(TREE, ["list", 5], 1)).toThrow("list[5] is outside of the list");
    expect(() => withValueAt(TREE, ["list", 2], undefined)).toThrow("outside");
    expect(() => withValueAt(TREE, ["list", -1], 1)).toThrow("outside");
  });

  test("a name of the language's own is a name like others", () => {
    const changed = withValueAt({}, ["__proto__", "polluted"], true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(changed)).toEqual(["__proto__"]);
  });
});
