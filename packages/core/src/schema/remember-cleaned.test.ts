import { expect, test } from "bun:test";
import { isJsonObject, type Json } from "../canonical/index.ts";
import { rememberCleaned } from "./remember-cleaned.ts";

function counting() {
  let runs = 0;
  const clean = rememberCleaned((schema, onLoss) => {
    runs += 1;
    onLoss("pattern", "properties.a");
    return { schema: schema ?? null };
  });
  const losses: string[] = [];
  return { clean: (schema: Json | undefined) => clean(schema, (keyword, path) => void losses.push(`${path}: ${keyword}`)), losses, runs: () => runs };
}

test("the same schema is cleaned once, and its losses are told each time", () => {
  const { clean, losses, runs } = counting();
  expect(clean({ a: 1 })).toEqual({ schema: { a: 1 } });
  expect(clean({ a: 1 })).toBe(clean({ a: 1 }));
  expect(runs()).toBe(1);
  expect(losses).toEqual(Array.from({ length: 3 }, () => "properties.a: pattern"));
});

test("schemas that differ in anything are different, also in order", () => {
  const { clean, runs } = counting();
  for (const schema of [undefined, null, {}, { a: 1, b: 2 }, { b: 2, a: 1 }]) clean(schema as Json);
  expect(runs()).toBe(5);
});

test("nobody can change what others get, and the caller's schema stays as it was", () => {
  const { clean } = counting();
  const schema = { a: { b: [1] } };
  const cleaned = clean(schema) as { schema: { a: { b: number[] } } };
  expect(() => cleaned.schema.a.b.push(2)).toThrow();
  schema.a.b.push(2);
  expect(isJsonObject(cleaned) && cleaned.schema).toEqual({ a: { b: [1] } });
});

test("what is remembered is bounded", () => {
  const { clean, runs } = counting();
  const large = (letter: string) => ({ text: letter.repeat(90_000) });
  clean(large("a"));
  for (let index = 0; index < 30; index += 1) clean({ index, ...large("b") });
  clean(large("a"));
  expect(runs()).toBe(32);
  clean({ text: "c".repeat(200_000) });
  clean({ text: "c".repeat(200_000) });
  expect(runs()).toBe(34);
});
