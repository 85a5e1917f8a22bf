import { expect, test } from "bun:test";
import type { CallMemory } from "../exchange.ts";
import { LruSealMemory } from "./lru-seal-memory.ts";

const named = (name: string): CallMemory => ({ seals: [], name });

test("the least recently used memory goes first", () => {
  const memory = new LruSealMemory(2);
  memory.set("a", named("a"));
  memory.set("b", named("b"));
  expect(memory.get("a")).toEqual(named("a"));
  memory.set("c", named("c"));
  expect(memory.get("b")).toBeUndefined();
  expect(memory.get("a")).toEqual(named("a"));
  expect(memory.get("c")).toEqual(named("c"));
});

test("setting a key again replaces it and makes it the newest", () => {
  const memory = new LruSealMemory(2);
  memory.set("a", named("a"));
  memory.set("b", named("b"));
  memory.set("a", named("a again"));
  memory.set("c", named("c"));
  expect(memory.get("a")).toEqual(named("a again"));
  expect(memory.get("b")).toBeUndefined();
});

test("a memory for nothing keeps nothing", () => {
  const memory = new LruSealMemory(0);
  memory.set("a", named("a"));
  expect(memory.get("a")).toBeUndefined();
});
