import { expect, test } from "bun:test";
import type { Json } from "../canonical/index.ts";
import { cleanJsonSlot, cleanProtoSlot, type ProtoSlotOptions } from "./index.ts";

const OPTIONS: ProtoSlotOptions = { flattenUnions: false, placeholderEmptyObject: false, schemaSafe: false };

function clean(schema: Json | undefined, options: Partial<ProtoSlotOptions> = {}) {
  const losses: string[] = [];
  const onLoss = (keyword: string, path: string) => void losses.push(`${path}: ${keyword}`);
  const json = cleanJsonSlot(schema, onLoss);
  const jsonLosses = losses.splice(0);
  const proto = cleanProtoSlot(schema, { ...OPTIONS, ...options }, onLoss);
  return { json, jsonLosses, proto, protoLosses: losses };
}

/** What becomes of one property. */
function cleanProperty(property: Json, options: Partial<ProtoSlotOptions> = {}) {
  const { json, proto } = clean({ type: "object", properties: { p: property } }, options);
  const pick = (schema: typeof json) => (schema["properties"] as { p: Json }).p;
  return { json: pick(json), proto: pick(proto) };
}

const BUSY: Json = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  additionalProperties: false,
  propertyNames: { pattern: "^[a-z]+$" },
  properties: {
    count: { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 10, default: 3, description: "How many." },
    ratio: { type: "number", exclusiveMinimum: 0 },
    kind: { const: "file" },
    name: { type: "string", minLength: 3, pattern: "^a", format: "uri" },
  },
  required: ["count"],
};

test("#193 each keyword goes where the JSON slot's column says", () => {
  const { json, jsonLosses } = clean(BUSY);
  expect(json).toEqual({
    type: "object",
    additionalProperties: false,
    properties: {
      count: { type: "integer", description: "How many. (default: 3)", minimum: 1, maximum: 9 },
      ratio: { type: "number", description: "exclusiveMinimum: 0" },
      kind: { type: "string", enum: ["file"] },
      name: { type: "string", description: "format: uri; minLength: 3; pattern: ^a" },
    },
    required: ["count"],
    description: 'propertyNames: {"pattern":"^[a-z]+$"}',
  });
  expect(jsonLosses).toEqual([": propertyNames", "properties.count: default", "properties.ratio: exclusiveMinimum", "properties.name: format", "properties.name: minLength", "properties.name: pattern"]);
});

test("#193 each keyword goes where the proto slot's column says", () => {
  expect(clean(BUSY).proto).toEqual({
    type: "object",
    properties: {
      count: { type: "integer", description: "How many. (default: 3)", minimum: 1, maximum: 9 },
      ratio: { type: "number", description: "exclusiveMinimum: 0" },
      kind: { type: "string", enum: ["file"] },
      name: { type: "string", minLength: 3, pattern: "^a", description: "format: uri" },
    },
    required: ["count"],
    description: 'additionalProperties: false; propertyNames: {"pattern":"^[a-z]+$"}',
  });
  expect(cleanProperty({ type: "string", minLength: 3 }, { schemaSafe: true }).proto).toEqual({ type: "string", description: "minLength: 3" });
});

test("#194 properties may be called like keywords", () => {
  const names = ["title", "format", "properties", "$ref", "default", "enum", "items", "required", "type", "__proto__", "constructor", "additionalProperties", "$defs"];
  const schema = { type: "object", properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])), required: names };
  const { json, proto } = clean(schema);
  for (const cleaned of [json, proto]) {
    expect(Object.keys(cleaned["properties"] as object)).toEqual(names);
    expect(cleaned["required"]).toEqual(names);
  }
});

test("#195 what is data inside a schema stays data", () => {
  const values = ["default", "$ref", "format"];
  expect(cleanProperty({ type: "string", enum: values })).toEqual({ json: { type: "string", enum: values }, proto: { type: "string", enum: values } });
  expect(cleanProperty({ type: "object", properties: { a: { type: "string" } }, default: { $ref: "#/nowhere", format: "x" } }).json)
    .toEqual({ type: "object", properties: { a: { type: "string" } }, description: 'default: {"$ref":"#/nowhere","format":"x"}' });
});

test("#196 a type that may be null is nullable in the proto", () => {
  expect(cleanProperty({ type: ["string", "null"] })).toEqual({ json: { type: ["string", "null"] }, proto: { type: "string", nullable: true } });
});

test("#197 a union with null is nullable; other unions stay or are flattened", () => {
  expect(cleanProperty({ anyOf: [{ type: "string" }, { type: "null" }] })).toEqual({ json: { anyOf: [{ type: "string" }, { type: "null" }] }, proto: { nullable: true, type: "string" } });
  const union = { anyOf: [{ type: "string" }, { type: "object", properties: { a: { type: "integer" } } }], description: "Either." };
  expect(cleanProperty(union).proto).toEqual(union);
  expect(cleanProperty(union, { flattenUnions: true }).proto).toEqual({ description: "Either. (Accepts: string / object)", type: "object", properties: { a: { type: "integer" } } });
});

test("#197 what stands beside a union moves into its branches", () => {
  const { proto } = clean({ type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, anyOf: [{ required: ["a"] }, { required: ["b"] }] });
  const properties = { a: { type: "string" }, b: { type: "string" } };
  expect(proto).toEqual({ anyOf: [{ required: ["a"], type: "object", properties }, { required: ["b"], type: "object", properties }] });
});

test("several types are a union in both slots", () => {
  const anyOf = [{ type: "string", pattern: "^a" }, { type: "integer", minimum: 2 }];
  expect(cleanProperty({ type: ["string", "integer", "null"], pattern: "^a", minimum: 2, title: "T" })).toEqual({
    json: { title: "T", anyOf: [{ type: "string", description: "pattern: ^a" }, { type: "integer", minimum: 2 }, { type: "null" }] },
    proto: { title: "T", nullable: true, anyOf },
  });
  expect(cleanProperty({ type: ["string", "integer", "null"] }, { flattenUnions: true }).proto).toEqual({ nullable: true, description: "Accepts: string / integer", type: "string" });
});

test("#198 numbers in an enumeration are strings in the proto, with a hint", () => {
  expect(cleanProperty({ type: "integer", enum: [1, 2] })).toEqual({ json: { type: "integer", enum: [1, 2] }, proto: { type: "string", enum: ["1", "2"], description: "type: integer" } });
});

test("other enumerations become hints", () => {
  expect(cleanProperty({ enum: [true, false] })).toEqual({ json: { type: "boolean", description: "Allowed: true, false" }, proto: { type: "boolean", description: "Allowed: true, false" } });
  expect(cleanProperty({ enum: ["a", 1] })).toEqual({ json: { description: "Allowed: a, 1" }, proto: { type: "string", description: "Allowed: a, 1; Any JSON value" } });
  expect(cleanProperty({ enum: ["a", null] })).toEqual({ json: { anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] }, proto: { nullable: true, type: "string", enum: ["a"] } });
  expect(cleanProperty({ const: { a: 1 } }).json).toEqual({ description: 'const: {"a":1}' });
});

test("#199 recursion ends with a hint", () => {
  const tree: Json = { type: "object", properties: { root: { $ref: "#/$defs/Node" } }, $defs: { Node: { type: "object", properties: { child: { $ref: "#/$defs/Node", description: "Below." } } } } };
  const { json, proto, protoLosses } = clean(tree);
  const expected = { type: "object", properties: { root: { type: "object", properties: { child: { type: "object", description: "Below. (See: Node)" } } } } };
  expect(json).toEqual(expected);
  expect(proto).toEqual(expected);
  expect(protoLosses).toEqual(["properties.root.properties.child: $ref"]);
});

test("definitions that name each other twice do not explode", () => {
  const $defs: Record<string, Json> = { D40: { type: "string" } };
  for (let depth = 0; depth < 40; depth += 1) $defs[`D${depth}`] = { type: "object", properties: { a: { $ref: `#/$defs/D${depth + 1}` }, b: { $ref: `#/$defs/D${depth + 1}` } } };
  const { proto } = clean({ $ref: "#/$defs/D0", $defs });
  expect(JSON.stringify(proto).length).toBeLessThan(2_000_000);
});

test("unions beside properties do not explode when nested", () => {
  let schema: Json = { type: "string" };
  for (let depth = 0; depth < 40; depth += 1) schema = { type: "object", properties: { a: schema }, anyOf: [{ required: ["a"] }, { required: ["b"] }] };
  expect(JSON.stringify(clean(schema).proto).length).toBeLessThan(20_000_000);
});

test("plain definitions stay in the JSON slot under their newer name and are inlined in the proto", () => {
  const { json, proto } = clean({ type: "object", properties: { at: { $ref: "#/definitions/Point" } }, definitions: { Point: { type: "object", properties: { x: { type: "number" } } } } });
  expect(json).toEqual({ type: "object", properties: { at: { $ref: "#/$defs/Point" } }, $defs: { Point: { type: "object", properties: { x: { type: "number" } } } } });
  expect(proto).toEqual({ type: "object", properties: { at: { type: "object", properties: { x: { type: "number" } } } } });
});

test("references follow escaped pointers, and keywords beside them win", () => {
  const { proto } = clean({ type: "object", properties: { "a/b": { type: "string", description: "First." }, c: { $ref: "#/properties/a~1b", description: "Second." } } });
  expect((proto["properties"] as { c: Json }).c).toEqual({ type: "string", description: "Second." });
  expect(cleanProperty({ $ref: "https://example.com/x.json" }).json).toEqual({ description: "$ref: https://example.com/x.json" });
});

test("#200 lists say what is in them", () => {
  expect(cleanProperty({ type: "array" })).toEqual({ json: { type: "array", items: { type: "string" } }, proto: { type: "array", items: { type: "string" } } });
  expect(cleanProperty({ type: "array", items: {} }).json).toEqual({ type: "array", items: { type: "string" } });
  expect(cleanProperty({ type: "array", items: [{ type: "integer" }, { type: "string" }] })).toEqual({
    json: { type: "array", prefixItems: [{ type: "integer" }, { type: "string" }] },
    proto: { type: "array", items: { type: "integer" }, description: 'items: [{"type":"integer"},{"type":"string"}]' },
  });
  expect(cleanProperty({ type: "array", prefixItems: [{ type: "integer" }, { type: "string" }] }).proto)
    .toMatchObject({ type: "array", items: { anyOf: [{ type: "integer" }, { type: "string" }] } });
});

test("#201 names that are not there are not required", () => {
  const { json, proto } = clean({ type: "object", properties: { a: { type: "string" } }, required: ["a", "b"], propertyOrdering: ["b", "a"] });
  expect(json).toMatchObject({ required: ["a"], propertyOrdering: ["a"] });
  expect(proto).toMatchObject({ required: ["a"], propertyOrdering: ["a"] });
  expect(clean({ type: "object", properties: {}, required: ["b"] }).json).toEqual({ type: "object", properties: {} });
});

test("allOf is merged, the first winning with a hint", () => {
  const schema = { allOf: [{ type: "object", properties: { a: { type: "string", minLength: 1 } }, required: ["a"] }, { properties: { a: { type: "string", minLength: 2 }, b: { type: "integer" } }, required: ["b"] }] };
  expect(clean(schema).proto).toEqual({
    type: "object",
    properties: { a: { type: "string", minLength: 1 }, b: { type: "integer" } },
    required: ["a", "b"],
    description: "minLength: 2",
  });
});

test("conditional properties are declared as optional", () => {
  const { json } = clean(JSON.parse('{"type":"object","properties":{"a":{"type":"string"}},"if":{"required":["a"]},"then":{"properties":{"b":{"type":"string"}},"required":["b"]},"else":{"properties":{"a":{"type":"integer"}}}}') as Json);
  expect(json["properties"]).toEqual({ a: { type: "string" }, b: { type: "string" } });
  expect(json["required"]).toBeUndefined();
});

test("an object without properties stays, or gets one where that is refused", () => {
  expect(clean(undefined).proto).toEqual({ type: "object", properties: {} });
  expect(clean(undefined, { placeholderEmptyObject: true }).proto).toEqual({ type: "object", properties: { _: { type: "string", description: "Leave empty" } } });
});

test("an answer's schema may be a list", () => {
  expect(clean({ type: "ARRAY", items: { type: "STRING", nullable: true } })).toMatchObject({
    json: { type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } },
    proto: { type: "array", items: { type: "string", nullable: true } },
  });
});

test("a bare slot takes no constraint at all, and says them instead", () => {
  const schema = { type: "object", title: "T", properties: { n: { type: "integer", minimum: 1, maximum: 5, title: "N" }, list: { type: "array", minItems: 1, items: { type: "string", format: "date-time" } } }, required: ["n"] };
  expect(clean(schema, { schemaBare: true }).proto).toEqual({
    type: "object",
    properties: { n: { type: "integer", description: "minimum: 1; maximum: 5" }, list: { type: "array", items: { type: "string", description: "format: date-time" }, description: "minItems: 1" } },
    required: ["n"],
  });
});
