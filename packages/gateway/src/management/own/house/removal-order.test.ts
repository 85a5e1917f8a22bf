import { expect, test } from "bun:test";
import { removalOrder } from "./removal-order.ts";

test("later items first, also with others between them; what is inside before what holds it", () => {
  expect(removalOrder([["x", 1], ["y"], ["x", 10], ["x", 2, "a"], ["x", 2]])).toEqual([["x", 10], ["x", 2, "a"], ["x", 2], ["x", 1], ["y"]]);
});
