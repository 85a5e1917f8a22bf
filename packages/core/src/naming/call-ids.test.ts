import { expect, test } from "bun:test";
import { createCallIds } from "./call-ids.ts";
import type { NameRules } from "./tool-names.ts";

const rules: NameRules = { toolNameChar: /./, toolNameFirstChar: /./, toolNameMaxLength: 64, callIdChar: /[A-Za-z0-9_-]/, callIdMaxLength: 64 };

test("a legal id stays and an unknown one comes back unchanged", () => {
  const ids = createCallIds(rules);
  expect(ids.toWire("call_abc-1")).toBe("call_abc-1");
  expect(ids.fromWire("call_abc-1")).toBe("call_abc-1");
  expect(ids.fromWire("toolu_never_seen")).toBe("toolu_never_seen");
});

test("#28 a call id longer than 64 is shortened alike for the call and its output, and restored", () => {
  const long = `call_${"a".repeat(80)}`;
  const ids = createCallIds(rules);
  const wire = ids.toWire(long);
  expect(wire).toMatch(/^call_a{42}_[0-9a-f]{16}$/);
  expect(wire.length).toBe(64);
  expect(ids.toWire(long)).toBe(wire);
  expect(ids.fromWire(wire)).toBe(long);
  expect(createCallIds(rules).toWire(long)).toBe(wire);
});

test("#28 an id of exactly 64 characters stays", () => {
  const id = "b".repeat(64);
  expect(createCallIds(rules).toWire(id)).toBe(id);
});

test("#27 characters that are illegal at the upstream are replaced and the id is restored", () => {
  const ids = createCallIds(rules);
  expect(ids.toWire("functions.read:0")).toBe("functions_read_0");
  expect(ids.fromWire("functions_read_0")).toBe("functions.read:0");
});

test("ids that would become the same stay apart", () => {
  const ids = createCallIds(rules);
  const wires = ["a:1", "a.1", "a_1"].map((id) => ids.toWire(id));
  expect(new Set(wires).size).toBe(3);
  expect(wires.map((wire) => ids.fromWire(wire))).toEqual(["a:1", "a.1", "a_1"]);
  expect(wires[0]).toBe("a_1");
  for (const wire of wires) expect(wire).toMatch(/^[A-Za-z0-9_-]+$/);
});

test("an id without a character becomes a legal one", () => {
  expect(createCallIds(rules).toWire("")).toMatch(/^call_[0-9a-f]{16}$/);
});
