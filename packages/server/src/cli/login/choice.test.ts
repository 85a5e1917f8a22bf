import { expect, test } from "bun:test";
import { choiceOf } from "./choice.ts";

test.each([
  ["", []], ["all", [1, 2, 3, 4]], ["*", [1, 2, 3, 4]], ["2", [2]], [" 1, 3 ", [1, 3]], ["1 1 2", [1, 2]], ["2-4", [2, 3, 4]],
])("%p of four is %p", (text, numbers) => {
  expect(choiceOf(text, 4)).toEqual(numbers);
});

test.each(["0", "5", "1,9", "2-900000000", "some", "-1"])("%p of four is none of them", (text) => {
  expect(choiceOf(text, 4)).toBeUndefined();
});
