import { describe, expect, test } from "bun:test";
import { DueHeap } from "./due-heap.ts";
import { ReadySet } from "./ready-set.ts";

/** Small and repeatable; the tests draw from it so that a failure can be seen again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

describe("ReadySet", () => {
  for (const capacity of [1, 31, 32, 33, 1024, 1025, 40_000]) {
    test(`agrees with a plain set of ${capacity}`, () => {
      const set = new ReadySet(capacity);
      const plain = new Set<number>();
      const draw = numbers(capacity);
      for (let step = 0; step < 3000; step++) {
        const member = draw(capacity);
        if (draw(3) === 0) {
          set.delete(member);
          plain.delete(member);
        } else {
          set.add(member);
          plain.add(member);
        }
        expect(set.size).toBe(plain.size);
        const from = draw(capacity + 2);
        if (step % 25 === 0) expect(set.nextFrom(from)).toBe([...plain].filter((each) => each >= from).sort((a, b) => a - b)[0] ?? -1);
        expect(set.has(member)).toBe(plain.has(member));
      }
    });
  }
  test("finds the highest bit of a word", () => {
    const set = new ReadySet(64);
    set.add(31);
    set.add(63);
    expect([set.nextFrom(0), set.nextFrom(32), set.nextFrom(64)]).toEqual([31, 63, -1]);
  });
});

test("DueHeap gives members back by time", () => {
  const heap = new DueHeap();
  const draw = numbers(7);
  const times = Array.from({ length: 500 }, () => draw(1000));
  times.forEach((at, member) => heap.push(member, at));
  const popped = times.map(() => heap.pop()?.at);
  expect(popped).toEqual([...times].sort((a, b) => a - b));
  expect(heap.pop()).toBeUndefined();
});
