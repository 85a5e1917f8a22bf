import { describe, expect, test } from "bun:test";
import { gatewayKeyOf, upstreamKeyOf } from "./shown-keys.ts";

const upstreamKey = (headers: Record<string, string>, query: Record<string, string> = {}): string | undefined => upstreamKeyOf({ headers: new Headers(headers), query: { get: (name) => query[name] ?? null } });

describe("the upstream's key", () => {
  test("is taken from where clients of all dialects put it", () => {
    expect(upstreamKey({ "x-api-key": "a" })).toBe("a");
    expect(upstreamKey({ "x-goog-api-key": "a" })).toBe("a");
    expect(upstreamKey({ authorization: "Bearer a" })).toBe("a");
    expect(upstreamKey({ authorization: "bearer  a " })).toBe("a");
    expect(upstreamKey({}, { key: "a" })).toBe("a");
    expect(upstreamKey({})).toBeUndefined();
    expect(upstreamKey({ "x-api-key": "", authorization: "Bearer a" })).toBe("a");
    expect(upstreamKey({ authorization: "Bearer " })).toBeUndefined();
    expect(upstreamKey({ authorization: "Bearer " }, { key: "a" })).toBe("a");
  });

  test("of several it is the one in the header that is made for keys", () => {
    expect(upstreamKey({ "x-api-key": "a", authorization: "Bearer b", "x-goog-api-key": "c" }, { key: "d" })).toBe("a");
    expect(upstreamKey({ authorization: "Bearer b", "x-goog-api-key": "c" }, { key: "d" })).toBe("c");
    expect(upstreamKey({ authorization: "Bearer b" }, { key: "d" })).toBe("b");
  });
});

test("the gateway's key has a header of its own, and the one that the operator named", () => {
  const key = (headers: Record<string, string>, configured = ""): string | undefined => gatewayKeyOf(new Headers(headers), configured);
  expect(key({ "x-dragoman-key": "g" })).toBe("g");
  expect(key({ "X-Relay-Key": "g" }, "x-relay-key")).toBe("g");
  expect(key({ "x-relay-key": "g" })).toBeUndefined();
  expect(key({ "x-dragoman-key": "g", "x-relay-key": "h" }, "X-Relay-Key")).toBe("g");
});

test.each([["x-api-key"], ["X-Goog-Api-Key"], ["Authorization"]])("a header of the upstream's key is not the gateway's, even if it is named so: %s", (name) => {
  expect(gatewayKeyOf(new Headers({ [name]: "u" }), name)).toBeUndefined();
});
