import { expect, test } from "bun:test";
import type { Json } from "../canonical/index.ts";
import { cleanObjectRoot, cleanPlain, cleanStrict, cleanStructuredOutput, stripForcedNulls, toJsonSchema } from "./index.ts";

function listen() {
  const losses: string[] = [];
  return { losses, onLoss: (keyword: string, path: string) => void losses.push(`${path}: ${keyword}`) };
}
const objectRoot = (schema: Json | undefined) => cleanObjectRoot(schema, () => undefined);
const plain = (schema: Json | undefined) => cleanPlain(schema, () => undefined);
const strict = (schema: Json | undefined, plain = false) => cleanStrict(schema, { plain }, () => undefined);
const structured = (schema: Json | undefined) => cleanStructuredOutput(schema, () => undefined);

test("#202 Google's own Schema is read as JSON Schema", () => {
  const google = { type: "OBJECT", properties: { city: { type: "STRING", nullable: true, description: "Where." }, days: { type: "ARRAY", items: { type: "INTEGER" }, minItems: "1" }, any: { type: "TYPE_UNSPECIFIED" } }, required: ["days"] };
  expect(toJsonSchema(google)).toEqual({
    type: "object",
    properties: { city: { description: "Where.", anyOf: [{ type: "string" }, { type: "null" }] }, days: { type: "array", items: { type: "integer" }, minItems: 1 }, any: {} },
    required: ["days"],
  });
});

test("#203 a root union becomes one object", () => {
  const { losses, onLoss } = listen();
  const union = { anyOf: [{ type: "object", properties: { a: { type: "string" }, c: { type: "string" } }, required: ["a", "c"] }, { type: "object", properties: { b: { type: "integer" }, c: { type: "string" } }, required: ["b", "c"] }] };
  expect(cleanObjectRoot(union, onLoss)).toEqual({
    type: "object",
    properties: { a: { type: "string" }, c: { type: "string" }, b: { type: "integer" } },
    required: ["c"],
    description: "anyOf: (a, c) | (b, c)",
  });
  expect(losses).toEqual([": anyOf"]);
});

test("#203 a discriminator keeps all its values", () => {
  const branch = (kind: string) => ({ type: "object", properties: { kind: { const: kind } }, required: ["kind"] });
  expect(objectRoot({ oneOf: [branch("a"), branch("b"), branch("c")] })).toMatchObject({ properties: { kind: { anyOf: [{ const: "a" }, { const: "b" }, { const: "c" }] } }, required: ["kind"] });
});

test("#203 references in a root union are followed, and allOf is merged", () => {
  const $defs = { A: { type: "object", properties: { a: { type: "string" } }, required: ["a"] }, B: { type: "object", properties: { b: { type: "string" } }, required: ["b"] } };
  expect(objectRoot({ anyOf: [{ $ref: "#/$defs/A" }, { $ref: "#/$defs/B" }], $defs })).toMatchObject({ type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, $defs });
  expect(objectRoot({ allOf: [{ $ref: "#/$defs/A" }, { $ref: "#/$defs/B" }], $defs })).toMatchObject({ required: ["a", "b"], properties: { a: { type: "string" }, b: { type: "string" } } });
  expect(objectRoot({ $ref: "#/$defs/A", $defs })).toMatchObject({ type: "object", properties: { a: { type: "string" } }, required: ["a"] });
});

test("#203 below the root everything passes", () => {
  const inner = { oneOf: [{ type: "string", pattern: "^a", "x-mark": 1 }, { type: "integer", multipleOf: 3 }], default: 3 };
  expect(objectRoot({ type: "object", properties: { p: inner } })).toEqual({ type: "object", properties: { p: inner } });
  expect(objectRoot({ type: "object", properties: { p: { type: "array", items: [{ type: "string" }], additionalItems: false }, q: { type: "number", minimum: 1, exclusiveMinimum: true } } })["properties"])
    .toEqual({ p: { type: "array", prefixItems: [{ type: "string" }], items: false }, q: { type: "number", exclusiveMinimum: 1 } });
});

test("#204 nothing, or next to nothing, is an object without properties", () => {
  for (const schema of [undefined, null, {}, "string", [], { type: "object" }, { type: null }, { properties: {} }, { properties: [] }]) {
    expect(objectRoot(schema as Json)).toEqual({ type: "object", properties: {} });
    expect(plain(schema as Json)).toEqual({ type: "object", properties: {} });
  }
});

test("malformed schemas are repaired", () => {
  expect(toJsonSchema({ city: { type: "string" }, days: { type: "integer" } })).toEqual({ type: "object", properties: { city: { type: "string" }, days: { type: "integer" } } });
  expect(toJsonSchema({ type: "object", properties: { a: { type: ["string"], required: true }, b: false, c: true, d: "string" }, required: ["b"] }))
    .toEqual({ type: "object", properties: { a: { type: "string" }, c: {}, d: { type: "string" } }, required: ["a"] });
  expect(toJsonSchema({ type: "object", properties: { a: { anyOf: [false, { type: "string" }] }, b: { enum: [], minLength: "x", description: 3 } } }))
    .toEqual({ type: "object", properties: { a: { anyOf: [{ type: "string" }] }, b: {} } });
});

test("tools without strict mode get properties everywhere, and no refused word at the root", () => {
  expect(plain({ $schema: "x", type: "object", not: { required: ["a"] }, properties: { a: { type: "object" }, b: { type: "string", default: "x" } } }))
    .toEqual({ type: "object", properties: { a: { type: "object", properties: {} }, b: { type: "string", default: "x" } }, description: 'not: {"required":["a"]}' });
});

const OPTIONAL: Json = {
  type: "object",
  properties: { a: { type: "string" }, b: { type: "integer" }, c: { enum: ["x", "y"], description: "One." }, d: { type: ["string", "null"] }, e: { type: "object", properties: { f: { type: "string" } } } },
  required: ["a"],
};

test("#205 in strict mode the optional is required and nullable", () => {
  expect(strict(OPTIONAL)).toEqual({
    strict: true,
    schema: {
      type: "object",
      properties: {
        a: { type: "string" },
        b: { type: ["integer", "null"] },
        c: { description: "One.", anyOf: [{ type: "string", enum: ["x", "y"] }, { type: "null" }] },
        d: { type: ["string", "null"] },
        e: { type: ["object", "null"], properties: { f: { type: ["string", "null"] } }, additionalProperties: false, required: ["f"] },
      },
      required: ["a", "b", "c", "d", "e"],
      additionalProperties: false,
    },
  });
});

test("#205 the nulls that this forces are taken out again, and no others", () => {
  expect(stripForcedNulls({ a: null, b: null, c: null, d: null, e: { f: null, g: null }, h: null }, OPTIONAL)).toEqual({ a: null, d: null, e: { g: null }, h: null });
  const list: Json = { type: "object", properties: { all: { type: "array", items: { $ref: "#/$defs/Node" } } }, $defs: { Node: { type: "object", properties: { name: { type: "string" }, next: { $ref: "#/$defs/Node" } }, required: ["name"] } } };
  expect(stripForcedNulls({ all: [{ name: "1", next: { name: "2", next: null } }, { name: "3", next: null }] }, list)).toEqual({ all: [{ name: "1", next: { name: "2" } }, { name: "3" }] });
  expect(stripForcedNulls({ a: null }, undefined)).toEqual({ a: null });
});

test("#206 what strict mode cannot say is left to the plain form, with a loss", () => {
  const impossible: [string, Json][] = [
    ["patternProperties", { type: "object", patternProperties: { "^x": { type: "string" } } }],
    ["additionalProperties", { type: "object", properties: {}, additionalProperties: true }],
    ["additionalProperties", { type: "object", properties: {}, additionalProperties: { type: "string" } }],
    ["anyOf", { anyOf: [{ type: "object", properties: {} }, { type: "object", properties: { a: { type: "string" } } }] }],
  ];
  for (const [keyword, schema] of impossible) {
    const { losses, onLoss } = listen();
    const result = cleanStrict(schema, { plain: false }, onLoss);
    expect(result.strict).toBe(false);
    expect(result.schema).toEqual(plain(schema));
    expect(losses).toContain(`: ${keyword}`);
  }
  const nested: [string, Json][] = [["type", {}], ["properties", { type: "object" }], ["items", { type: "array" }], ["prefixItems", { type: "array", prefixItems: [{ type: "string" }] }], ["not", { type: "string", not: { const: "a" } }]];
  for (const [keyword, property] of nested) {
    const { losses, onLoss } = listen();
    expect(cleanStrict({ type: "object", properties: { p: property } }, { plain: false }, onLoss).strict).toBe(false);
    expect(losses).toContain(`properties.p: ${keyword}`);
  }
});

test("strict mode keeps recursion and names definitions the new way", () => {
  const tree: Json = { $ref: "#/definitions/Node", definitions: { Node: { type: "object", properties: { children: { type: "array", items: { $ref: "#/definitions/Node" } } }, required: ["children"] } } };
  const node = { type: "object", properties: { children: { type: "array", items: { $ref: "#/$defs/Node" } } }, required: ["children"], additionalProperties: false };
  expect(strict(tree)).toEqual({ strict: true, schema: { ...node, $defs: { Node: node } } });
});

test("strict mode puts a definition in place of a reference with words beside it", () => {
  const schema: Json = { type: "object", properties: { at: { $ref: "#/$defs/P", description: "Where." }, loop: { allOf: [{ $ref: "#/$defs/L" }], description: "Round." } }, required: ["at", "loop"], $defs: { P: { type: "string", description: "A place." }, L: { type: "object", properties: { l: { $ref: "#/$defs/L", description: "Again." } }, required: ["l"] } } };
  expect(strict(schema)).toMatchObject({ strict: true, schema: { properties: { at: { type: "string", description: "Where." }, loop: { description: "Round.", properties: { l: { $ref: "#/$defs/L" } } } } } });
});

test("plain strict mode says bounds in words", () => {
  const schema: Json = { type: "object", properties: { p: { type: "string", minLength: 2, format: "email" } }, required: ["p"] };
  expect(strict(schema).schema["properties"]).toEqual({ p: { type: "string", minLength: 2, format: "email" } });
  expect(strict(schema, true).schema["properties"]).toEqual({ p: { type: "string", description: "minLength: 2; format: email" } });
});

test("structured outputs get the narrow set, and the rest in words", () => {
  const { losses, onLoss } = listen();
  const schema: Json = {
    $schema: "x",
    type: "object",
    properties: {
      name: { type: "string", minLength: 2, format: "email", description: "Whose." },
      tags: { type: "array", items: { type: "string" }, minItems: 2, uniqueItems: true },
      either: { oneOf: [{ type: "string" }, { type: "null" }] },
      kind: { type: "string", enum: ["a", "b"] },
      maybe: { type: ["string", "null"], description: "Perhaps." },
    },
    required: ["name", "gone"],
    additionalProperties: { type: "string" },
  };
  expect(cleanStructuredOutput(schema, onLoss)).toEqual({
    type: "object",
    properties: {
      name: { type: "string", format: "email", description: "Whose.\n\n{minLength: 2}" },
      tags: { type: "array", items: { type: "string" }, description: "{minItems: 2, uniqueItems: true}" },
      either: { anyOf: [{ type: "string" }, { type: "null" }] },
      kind: { enum: ["a", "b"] },
      maybe: { description: "Perhaps.", anyOf: [{ type: "string" }, { type: "null" }] },
    },
    required: ["name"],
    additionalProperties: false,
  });
  expect(losses).toEqual([": additionalProperties", "properties.name: minLength", "properties.tags: minItems", "properties.tags: uniqueItems"]);
});

test("structured outputs cannot do recursion, nor values of no kind", () => {
  expect(structured({ $ref: "#/$defs/N", $defs: { N: { type: "object", properties: { n: { $ref: "#/$defs/N" } } } } })).toBeUndefined();
  expect(structured({ type: "object", properties: { any: {} } })).toBeUndefined();
});

test("structured outputs keep plain definitions", () => {
  expect(structured({ type: "object", properties: { p: { $ref: "#/definitions/P" } }, definitions: { P: { type: "integer", minimum: 1 } } }))
    .toEqual({ type: "object", properties: { p: { $ref: "#/$defs/P" } }, $defs: { P: { type: "integer", description: "{minimum: 1}" } }, additionalProperties: false });
});

test("definitions that name each other twice do not explode in strict mode", () => {
  const $defs: Record<string, Json> = { D40: { type: "string" } };
  for (let depth = 0; depth < 40; depth += 1) {
    const next = { $ref: `#/$defs/D${depth + 1}`, description: "Further." };
    $defs[`D${depth}`] = { type: "object", properties: { a: next, b: next } };
  }
  expect(strict({ $ref: "#/$defs/D0", $defs }).strict).toBe(false);
});
