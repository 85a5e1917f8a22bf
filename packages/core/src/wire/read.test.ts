import { describe, expect, test } from "bun:test";
import { isGatewayError } from "../errors/index.ts";
import { join, optionalArray, optionalBoolean, optionalInteger, optionalNumber, optionalObject, optionalString, readArray, readObject, readString } from "./read.ts";

function faultOf(act: () => unknown): { path: string | undefined; message: string; status: number } | undefined {
  try {
    act();
  } catch (error) {
    if (isGatewayError(error)) return { path: error.path, message: error.message, status: error.status };
    throw error;
  }
  return undefined;
}

describe("what must be there", () => {
  test("comes back as it is", () => {
    const object = { a: 1 };
    const list = [1, "two"];
    expect(readObject(object, "")).toBe(object);
    expect(readArray(list, "")).toBe(list);
    expect(readString("", "x")).toBe("");
  });

  test.each([
    [() => readObject([], "messages[0]"), "messages[0]", "messages[0]: expected an object, got a list"],
    [() => readObject(null, ""), "", "expected an object, got null"],
    [() => readArray({}, "tools"), "tools", "tools: expected a list, got a object"],
    [() => readArray("x", "tools"), "tools", "tools: expected a list, got a string"],
    [() => readString(undefined, "model"), "model", "model: expected a string, got nothing"],
    [() => readString(7, "model"), "model", "model: expected a string, got a number"],
  ] as const)("is refused with its path: %#", (act, path, message) => {
    expect(faultOf(act)).toEqual({ path, message, status: 400 });
  });
});

describe("what may be there", () => {
  const readers = { optionalString, optionalNumber, optionalInteger, optionalBoolean, optionalObject, optionalArray };

  test.each(Object.entries(readers))("%s takes absent and null as the same", (_name, reader) => {
    expect(reader({}, "a", "")).toBeUndefined();
    expect(reader({ a: null }, "a", "")).toBeUndefined();
  });

  test("comes back as it is, also when it is falsy", () => {
    expect(optionalString({ a: "" }, "a", "")).toBe("");
    expect(optionalNumber({ a: 0 }, "a", "")).toBe(0);
    expect(optionalInteger({ a: 0 }, "a", "")).toBe(0);
    expect(optionalBoolean({ a: false }, "a", "")).toBe(false);
    expect(optionalObject({ a: {} }, "a", "")).toEqual({});
    expect(optionalArray({ a: [] }, "a", "")).toEqual([]);
  });

  test.each([
    [() => optionalString({ a: 1 }, "a", "b[0]"), "b[0].a"],
    [() => optionalNumber({ a: "1" }, "a", ""), "a"],
    [() => optionalInteger({ a: 1.5 }, "a", "x"), "x.a"],
    [() => optionalInteger({ a: -1 }, "a", "x"), "x.a"],
    [() => optionalInteger({ a: 3 }, "a", "x", 4), "x.a"],
    [() => optionalBoolean({ a: "true" }, "a", ""), "a"],
    [() => optionalObject({ a: [] }, "a", "x"), "x.a"],
    [() => optionalArray({ a: {} }, "a", "x"), "x.a"],
  ] as const)("is refused with its path when it is of another kind: %#", (act, path) => {
    expect(faultOf(act)).toMatchObject({ path, status: 400 });
  });

  test("an integer may be negative where that is said", () => {
    expect(optionalInteger({ a: -1 }, "a", "", -1)).toBe(-1);
  });
});

test("paths join with dots, the body has none", () => {
  expect([join("", "a"), join("a", "b"), join("a[0]", "b")]).toEqual(["a", "a.b", "a[0].b"]);
});
