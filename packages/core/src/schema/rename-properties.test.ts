import { expect, test } from "bun:test";
import type { Json, JsonObject } from "../canonical/index.ts";
import { renameProperties, type PropertyNameRules } from "./index.ts";

const RULES: PropertyNameRules = { char: /[a-zA-Z0-9_]/, firstChar: /[a-zA-Z_]/, maxLength: 20 };

test("legal names leave everything as it is", () => {
  const schema = { type: "object", properties: { a: { type: "string" } } };
  const renamed = renameProperties(schema, RULES);
  expect(renamed.renamed).toBe(false);
  expect(renamed.schema).toBe(schema);
});

const SCHEMA: JsonObject = {
  type: "object",
  properties: {
    "user-id": { type: "string" },
    "1st": { type: "object", properties: { "a.b": { type: "string" } }, required: ["a.b"] },
    list: { type: "array", items: { $ref: "#/$defs/Item" } },
    free: { type: "object", additionalProperties: { type: "object", properties: { "a.b": { type: "string" } } } },
    raw: { type: "object" },
    either: { anyOf: [{ type: "string" }, { type: "object", properties: { "x y": { type: "string" } } }] },
    again: { $ref: "#/properties/user-id" },
    "a very long name indeed": { enum: ["user-id"] },
  },
  required: ["user-id", "1st"],
  $defs: { Item: { type: "object", properties: { "item/id": { type: "string" }, next: { $ref: "#/$defs/Item" } } } },
};

test("illegal names are replaced in every place that names them", () => {
  const { schema, renamed } = renameProperties(SCHEMA, RULES);
  const properties = schema["properties"] as JsonObject;
  expect(renamed).toBe(true);
  expect(Object.keys(properties).map((name) => name.replace(/_[0-9a-f]{8}$/, "_#"))).toEqual(["user_id", "_1st", "list", "free", "raw", "either", "again", "a_very_long_#"]);
  expect(schema["required"]).toEqual(["user_id", "_1st"]);
  expect(properties["_1st"]).toEqual({ type: "object", properties: { a_b: { type: "string" } }, required: ["a_b"] });
  expect(properties["again"]).toEqual({ $ref: "#/properties/user_id" });
  expect(Object.values(properties).at(-1)).toEqual({ enum: ["user-id"] });
});

test("arguments go there and back, and only declared members are renamed", () => {
  const { toWire, fromWire } = renameProperties(SCHEMA, RULES);
  const value: JsonObject = {
    "user-id": "u",
    "1st": { "a.b": "c", other: 1 },
    list: [{ "item/id": "1", next: { "item/id": "2" } }],
    free: { "user-id": { "a.b": "x" } },
    raw: { "user-id": "data" },
    either: { "x y": "z" },
    undeclared: { "a.b": 1 },
  };
  const wire = toWire(value);
  expect(wire).toEqual({
    user_id: "u",
    _1st: { a_b: "c", other: 1 },
    list: [{ item_id: "1", next: { item_id: "2" } }],
    free: { "user-id": { a_b: "x" } },
    raw: { "user-id": "data" },
    either: { x_y: "z" },
    undeclared: { "a.b": 1 },
  });
  expect(fromWire(wire)).toEqual(value);
});

test("names that would become the same stay apart", () => {
  const properties = { "a-b": {}, "a.b": {}, a_b: {} };
  const { schema, toWire, fromWire } = renameProperties({ type: "object", properties }, RULES);
  expect(Object.keys(schema["properties"] as Json as object)).toEqual([expect.stringMatching(/^a_b_[0-9a-f]{8}$/), expect.stringMatching(/^a_b_[0-9a-f]{8}$/), "a_b"]);
  const value = { "a-b": 1, "a.b": 2, a_b: 3 };
  expect(fromWire(toWire(value))).toEqual(value);
});
