// Random schemas, well-formed and not: what must hold for all of them.
import { expect, test } from "bun:test";
import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { cleanJsonSlot, cleanObjectRoot, cleanPlain, cleanProtoSlot, cleanStrict, cleanStructuredOutput, renameProperties, stripForcedNulls, toJsonSchema } from "./index.ts";
import { everySchema } from "./walk.ts";

/** mulberry32: the same schemas in every run. */
function randomFrom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { chance: (odds: number) => next() < odds, int: (limit: number) => Math.floor(next() * limit), pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T };
}
type Random = ReturnType<typeof randomFrom>;

const NAMES = ["a", "b", "title", "format", "properties", "$ref", "enum", "items", "type", "required", "__proto__", "constructor", "user-id"];
const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null", "STRING", "OBJECT", "any"];
const MAPS = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const SLOTS = ["items", "additionalItems", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not", "unevaluatedItems", "unevaluatedProperties", "contentSchema"];
const NUMBERS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties", "minContains"];
const REFS = ["#", "#/$defs/a", "#/definitions/b", "#/properties/a", "#/$defs/title", "https://example.com/s.json", "#/nowhere/%E0", "#anchor"];
const OTHERS = ["$schema", "$id", "$comment", "x-mark", "deprecated", "cache_control", "unheardOf", "enumTitles"];

function randomData(random: Random, depth = 2): Json {
  const kind = random.int(depth > 0 ? 8 : 5);
  if (kind < 5) return ([null, random.chance(0.5), random.int(9) - 4, random.int(90) / 8, random.pick(["", "x", "$ref", "Grüße"])] as Json[])[kind] as Json;
  if (kind === 5) return Array.from({ length: random.int(3) }, () => randomData(random, depth - 1));
  return Object.fromEntries(Array.from({ length: random.int(3) }, () => [random.pick([...NAMES, "default", "const"]), randomData(random, depth - 1)]));
}

function randomSchema(random: Random, depth: number): Json {
  if (random.chance(0.06)) return randomData(random);
  const child = () => (depth > 0 ? randomSchema(random, depth - 1) : ({ type: random.pick(TYPES) } as Json));
  const members: [string, Json][] = [];
  const add = (odds: number, key: string, value: () => Json) => void (random.chance(odds) && members.push([key, random.chance(0.03) ? randomData(random) : value()]));
  add(0.75, "type", () => (random.chance(0.2) ? Array.from({ length: random.int(4) }, () => random.pick(TYPES)) : random.pick(TYPES)));
  for (const key of MAPS) add(key === "properties" ? 0.5 : 0.06, key, () => Object.fromEntries(Array.from({ length: random.int(4) }, () => [random.pick(NAMES), child()])));
  for (const key of LISTS) add(0.09, key, () => Array.from({ length: random.int(4) }, child));
  for (const key of SLOTS) add(key === "items" ? 0.2 : 0.05, key, () => (random.chance(0.2) ? Array.from({ length: random.int(3) }, child) : child()));
  for (const key of NUMBERS) add(0.06, key, () => random.pick<Json>([1, 2.5, "3", true]));
  add(0.2, "required", () => Array.from({ length: random.int(3) }, () => random.pick(NAMES)));
  add(0.1, "enum", () => Array.from({ length: random.int(4) }, () => randomData(random, 1)));
  add(0.07, "enum", () => ["x", "y"].slice(random.int(2)));
  add(0.07, "const", () => randomData(random, 1));
  add(0.1, "default", () => randomData(random));
  add(0.05, "examples", () => [randomData(random)]);
  add(0.08, "$ref", () => random.pick(REFS));
  add(0.1, "nullable", () => random.chance(0.7));
  add(0.1, "format", () => random.pick(["date-time", "uri", "email", "int32"]));
  add(0.1, "pattern", () => "^a+$");
  add(0.1, "uniqueItems", () => random.chance(0.5));
  add(0.2, "description", () => random.pick(["Words.", ""]));
  add(0.1, "title", () => "T");
  for (const key of OTHERS) add(0.03, key, () => randomData(random));
  return Object.fromEntries(members);
}

const SEEDS = Array.from({ length: 500 }, (_, seed) => seed);
const schemaOf = (seed: number) => randomSchema(randomFrom(seed), 3);
const ignore = () => undefined;

const PROTO_OPTIONS = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({ flattenUnions: (bits & 1) > 0, placeholderEmptyObject: (bits & 2) > 0, schemaSafe: (bits & 4) > 0 }));
const CLEANERS: [string, (schema: Json | undefined, seed: number) => JsonObject | undefined][] = [
  ["toJsonSchema", (schema) => toJsonSchema(schema)],
  ["cleanPlain", (schema) => cleanPlain(schema, ignore)],
  ["cleanStrict", (schema, seed) => cleanStrict(schema, { plain: seed % 2 === 0 }, ignore).schema],
  ["cleanObjectRoot", (schema) => cleanObjectRoot(schema, ignore)],
  ["cleanStructuredOutput", (schema) => cleanStructuredOutput(schema, ignore)],
  ["cleanJsonSlot", (schema) => cleanJsonSlot(schema, ignore)],
  ["cleanProtoSlot", (schema, seed) => cleanProtoSlot(schema, PROTO_OPTIONS[seed % 8] ?? PROTO_OPTIONS[0]!, ignore)],
];

function freeze(value: Json): Json {
  if (typeof value === "object" && value !== null) for (const child of Object.values(Object.freeze(value))) freeze(child as Json);
  return value;
}

for (const [name, clean] of CLEANERS) {
  test(`#208 ${name} gives the same bytes for the same schema, and leaves the caller's alone`, () => {
    const first = SEEDS.map((seed) => {
      const schema = freeze(schemaOf(seed));
      const before = JSON.stringify(schema);
      const cleaned = clean(schema, seed);
      expect(JSON.stringify(schema)).toBe(before);
      return cleaned;
    });
    // More than is remembered, so that the second time is really one.
    for (let index = 0; index < 8 * 30; index += 1) {
      const filler = { type: "object", title: `${index} ${"x".repeat(90_000)}` };
      clean(filler, index);
      cleanPlain(filler, ignore);
    }
    for (const seed of SEEDS) {
      const again = clean(schemaOf(seed), seed);
      if (again !== undefined) expect(again).not.toBe(first[seed] as JsonObject);
      expect(JSON.stringify(again)).toBe(JSON.stringify(first[seed]) as string);
    }
  });

  test(`${name} has nothing to do on what it has cleaned`, () => {
    const unequal: [number, Json, Json][] = [];
    for (const seed of SEEDS) {
      const once = clean(schemaOf(seed), seed);
      // What strict mode could not say may have become sayable by being made plain.
      if (once === undefined || (name === "cleanStrict" && !cleanStrict(schemaOf(seed), { plain: seed % 2 === 0 }, ignore).strict)) continue;
      const twice = clean(once, seed);
      if (JSON.stringify(twice) !== JSON.stringify(once)) unequal.push([seed, once, twice ?? null]);
    }
    expect(unequal.map(([seed]) => seed)).toEqual([]);
  });
}

/** The value stands at every place where a schema may have data. */
function data(schema: JsonObject): string[] {
  return [...everySchema(schema)].flatMap((node) => ["enum", "const", "default", "examples"].map((keyword) => node[keyword]).filter((value) => value !== undefined)).map((value) => JSON.stringify(value));
}

test("data inside schemas is never rewritten", () => {
  for (const seed of SEEDS) {
    const schema = toJsonSchema(schemaOf(seed));
    const known = new Set(data(schema));
    for (const cleaned of [cleanObjectRoot(schema, ignore), cleanPlain(schema, ignore)]) for (const value of data(cleaned)) expect(known).toContain(value);
    const values = new Set([...known].flatMap((text) => (Array.isArray(JSON.parse(text)) ? [text, ...(JSON.parse(text) as Json[]).map((value) => JSON.stringify(value))] : [text])));
    for (const node of everySchema(cleanJsonSlot(schema, ignore))) {
      for (const value of Array.isArray(node["enum"]) ? node["enum"] : []) expect(values).toContain(JSON.stringify(value));
    }
  }
});

const PROTO_KEYS = new Set(["type", "format", "title", "description", "nullable", "enum", "items", "minItems", "maxItems", "properties", "required", "minProperties", "maxProperties", "minLength", "maxLength", "pattern", "minimum", "maximum", "anyOf", "propertyOrdering"]);
const PROTO_TYPES = new Set<Json | undefined>(["object", "array", "string", "number", "integer", "boolean"]);
const JSON_SLOT_KEYS = new Set(["$defs", "$ref", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems", "maxItems", "minimum", "maximum", "anyOf", "properties", "additionalProperties", "required", "propertyOrdering"]);

test("the proto slot gets only fields of the proto, each schema with a type or a union", () => {
  for (const seed of SEEDS) {
    const options = PROTO_OPTIONS[seed % 8] ?? PROTO_OPTIONS[0]!;
    for (const node of everySchema(cleanProtoSlot(schemaOf(seed), options, ignore))) {
      expect(Object.keys(node).filter((key) => !PROTO_KEYS.has(key))).toEqual([]);
      if (node["anyOf"] === undefined) expect(PROTO_TYPES).toContain(node["type"]);
      else expect(options.flattenUnions).toBe(false);
      if (node["type"] === "array") expect(isJsonObject(node["items"])).toBe(true);
      if (node["enum"] !== undefined) expect((node["enum"] as Json[]).every((value) => typeof value === "string" && value !== "")).toBe(true);
      if (node["required"] !== undefined) expect((node["required"] as string[]).every((name) => Object.hasOwn((node["properties"] ?? {}) as object, name))).toBe(true);
      if (options.placeholderEmptyObject && node["type"] === "object") expect(Object.keys(node["properties"] as object)).not.toBeEmpty();
    }
  }
});

test("the JSON slot gets only documented keywords, and no reference that leads nowhere or in circles", () => {
  for (const seed of SEEDS) {
    const cleaned = cleanJsonSlot(schemaOf(seed), ignore);
    for (const node of everySchema(cleaned)) {
      expect(Object.keys(node).filter((key) => !JSON_SLOT_KEYS.has(key))).toEqual([]);
      if (typeof node["$ref"] === "string") expect(Object.keys((cleaned["$defs"] ?? {}) as object)).toContain(node["$ref"].replace("#/$defs/", ""));
    }
  }
});

test("strict schemas close and require everything", () => {
  let strictOnes = 0;
  for (const seed of SEEDS) {
    const { schema, strict } = cleanStrict(schemaOf(seed), { plain: false }, ignore);
    if (!strict) continue;
    strictOnes += 1;
    for (const node of everySchema(schema)) {
      if (node["$ref"] === undefined && node["anyOf"] === undefined) expect(node["type"]).toBeDefined();
      if (node["type"] !== "object") continue;
      expect(node["additionalProperties"]).toBe(false);
      expect(node["required"]).toEqual(Object.keys(node["properties"] as object));
    }
  }
  expect(strictOnes).toBeGreaterThan(20);
});

test("tools always get an object without a union", () => {
  for (const seed of SEEDS) {
    for (const cleaned of [cleanPlain(schemaOf(seed), ignore), cleanObjectRoot(schemaOf(seed), ignore)]) {
      expect(cleaned["type"]).toBe("object");
      expect(isJsonObject(cleaned["properties"])).toBe(true);
      for (const keyword of ["anyOf", "oneOf", "allOf", "$ref"]) expect(cleaned[keyword]).toBeUndefined();
    }
  }
});

test("renaming properties goes there and back for any value", () => {
  const rules = { char: /[a-z]/, firstChar: /[a-z]/, maxLength: 12 };
  for (const seed of SEEDS) {
    const random = randomFrom(seed + 7);
    const value = Object.fromEntries(NAMES.map((name) => [name, randomData(random, 3)]));
    const { schema, toWire, fromWire } = renameProperties(toJsonSchema(schemaOf(seed)), { ...rules, char: /[a-z0-9_]/, firstChar: /[a-z_]/, maxLength: 20 });
    expect(fromWire(toWire(value))).toEqual(value);
    for (const node of everySchema(schema)) for (const name of Object.keys((node["properties"] ?? {}) as object)) expect(name).toMatch(/^[a-z_][a-z0-9_]{0,19}$/);
  }
});

test("taking out forced nulls never throws and only takes nulls", () => {
  for (const seed of SEEDS) {
    const random = randomFrom(seed + 11);
    const value = Object.fromEntries(NAMES.map((name) => [name, randomData(random, 2)]));
    const stripped = stripForcedNulls(value, schemaOf(seed));
    for (const [name, member] of Object.entries(value)) if (member !== null) expect(Object.hasOwn(stripped, name)).toBe(true);
  }
});
