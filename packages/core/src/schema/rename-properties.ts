import { isJsonObject, type Json, type JsonObject } from "../canonical/index.ts";
import { sha256Hex } from "../seals/sha256.ts";
import { createRefs, decodeSegment, type Refs } from "./inline-refs.ts";
import { everySchema, mapMembers, mapSubschemas, propertiesOf } from "./walk.ts";
import { mayDescribe, viewsOf, viewsOfElement, viewsOfMember } from "./views.ts";

/** What a target allows as a property name. */
export interface PropertyNameRules {
  readonly char: RegExp;
  readonly firstChar: RegExp;
  readonly maxLength: number;
}

/** A schema whose property names are legal at the target, and the way there and back for arguments. */
export interface RenamedSchema {
  readonly schema: JsonObject;
  /** False when every name was legal: then the two functions return what they are given. */
  readonly renamed: boolean;
  toWire(value: JsonObject): JsonObject;
  fromWire(value: JsonObject): JsonObject;
}

const HASH_DIGITS = 8;

/** The same name gets the same wire name wherever it stands, in this turn and the next. */
export function renameProperties(schema: JsonObject, rules: PropertyNameRules): RenamedSchema {
  const wireNames = wireNamesFor(schema, rules);
  if (wireNames.size === 0) return { schema, renamed: false, toWire: (value) => value, fromWire: (value) => value };
  const originals = new Map([...wireNames].map(([name, wireName]) => [wireName, name]));
  const renamed = renameIn(schema, (name) => wireNames.get(name) ?? name);
  const translate = (value: JsonObject, source: JsonObject, names: ReadonlyMap<string, string>): JsonObject =>
    translateMembers(value, [source], { refs: createRefs(source), rename: (name) => names.get(name) ?? name });
  return {
    schema: renamed,
    renamed: true,
    toWire: (value) => translate(value, schema, wireNames),
    fromWire: (value) => translate(value, renamed, originals),
  };
}

function wireNamesFor(schema: JsonObject, rules: PropertyNameRules): ReadonlyMap<string, string> {
  const names = new Set([...everySchema(schema)].flatMap((node) => Object.keys(propertiesOf(node))));
  const wishes = new Map([...names].map((name) => [name, legalName(name, rules)]));
  const wishCount = new Map<string, number>();
  for (const wish of wishes.values()) wishCount.set(wish, (wishCount.get(wish) ?? 0) + 1);
  const changed = [...wishes].filter(([name, wish]) => wish !== name);
  return new Map(changed.map(([name, wish]) => [name, (wishCount.get(wish) ?? 0) > 1 ? withHash(wish, name, rules) : wish]));
}

function legalName(name: string, rules: PropertyNameRules): string {
  let legal = "";
  for (const char of name) legal += rules.char.test(char) ? char : "_";
  if (!rules.firstChar.test(legal.charAt(0))) legal = `_${legal}`;
  return legal.length <= rules.maxLength ? legal : withHash(legal, name, rules);
}

/** A hash and not a counter, as for tool names: the history must agree with the declaration. */
function withHash(legal: string, name: string, rules: PropertyNameRules): string {
  return `${legal.slice(0, rules.maxLength - HASH_DIGITS - 1)}_${sha256Hex(name).slice(0, HASH_DIGITS)}`;
}

type Rename = (name: string) => string;

function renameIn(schema: JsonObject, rename: Rename): JsonObject {
  const renamed = mapMembers(schema, (value, keyword) => renameKeyword(keyword, value, rename));
  return mapSubschemas(renamed, "", (child) => renameIn(child, rename));
}

function renameKeyword(keyword: string, value: Json, rename: Rename): Json {
  const renameText = (name: Json): Json => (typeof name === "string" ? rename(name) : name);
  if (keyword === "$ref" && typeof value === "string") return renamePointer(value, rename);
  if ((keyword === "required" || keyword === "propertyOrdering") && Array.isArray(value)) return value.map(renameText);
  if (!isJsonObject(value)) return value;
  if (keyword === "dependentRequired") return renameKeys(mapMembers(value, (names) => (Array.isArray(names) ? names.map(renameText) : names)), rename);
  return keyword === "properties" || keyword === "dependentSchemas" ? renameKeys(value, rename) : value;
}

function renameKeys(object: JsonObject, rename: Rename): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [rename(name), value]));
}

/** `#/properties/a b/items` names a property too. A property called `properties` is none of a pointer's own words. */
function renamePointer(ref: string, rename: Rename): string {
  let isName = false;
  const segments = ref.split("/").map((segment) => {
    const name = isName ? decodeSegment(segment) : segment;
    const renamed = isName ? rename(name) : name;
    isName = !isName && segment === "properties";
    return renamed === name ? segment : renamed.replaceAll("~", "~0").replaceAll("/", "~1");
  });
  return segments.join("/");
}

interface Translation {
  readonly refs: Refs;
  readonly rename: Rename;
}

/** Only members that a schema declares have new names; in a free-form map the same key is data. */
function translateMembers(value: JsonObject, schemas: readonly JsonObject[], translation: Translation): JsonObject {
  const views = viewsOf(schemas, translation.refs).filter((view) => mayDescribe(view, value));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => {
    const declared = viewsOfMember(views, name);
    const others = declared.length > 0 ? declared : views.flatMap((view) => (isJsonObject(view["additionalProperties"]) ? [view["additionalProperties"]] : []));
    return [declared.length > 0 ? translation.rename(name) : name, member === undefined ? member : translateValue(member, others, translation)];
  }));
}

function translateValue(value: Json, schemas: readonly JsonObject[], translation: Translation): Json {
  if (schemas.length === 0) return value;
  if (isJsonObject(value)) return translateMembers(value, schemas, translation);
  if (!Array.isArray(value)) return value;
  const views = viewsOf(schemas, translation.refs);
  return value.map((element: Json, index) => translateValue(element, viewsOfElement(views, index), translation));
}
