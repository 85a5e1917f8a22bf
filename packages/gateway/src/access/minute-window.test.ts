import { expect, test } from "bun:test";
import { MinuteWindow } from "./minute-window.ts";

const T = 1_795_000_000_000;

test("what is a minute old does not count any more", () => {
  const window = new MinuteWindow();
  window.add(3, T);
  window.add(2, T + 30_000);
  expect(window.sum(T + 59_999)).toBe(5);
  expect(window.sum(T + 60_000)).toBe(2);
  expect(window.sum(T + 90_000)).toBe(0);
});

test("says when enough is gone", () => {
  const window = new MinuteWindow();
  window.add(3, T);
  window.add(2, T + 30_500);
  expect(window.msUntil(5, T + 31_000)).toBe(0);
  expect(window.msUntil(4, T + 31_000)).toBe(29_000);
  expect(window.msUntil(2, T + 31_000)).toBe(29_000);
  expect(window.msUntil(1, T + 31_000)).toBe(59_000);
});

test("takes back, never below nothing, and not what is long gone", () => {
  const window = new MinuteWindow();
  window.add(1000, T);
  window.add(-400, T);
  expect(window.sum(T + 1000)).toBe(600);
  window.add(-5000, T);
  expect(window.sum(T + 1000)).toBe(0);
  window.add(7, T + 100_000);
  window.add(-7, T);
  window.add(9, T);
  expect(window.sum(T + 100_000)).toBe(7);
});

test("agrees with a list of all that happened, over any pauses", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const window = new MinuteWindow();
  const all: { second: number; amount: number }[] = [];
  let now = T;
  for (let step = 0; step < 3000; step++) {
    now += random(step % 50 === 0 ? 200_000 : 1500);
    const amount = random(9);
    window.add(amount, now);
    all.push({ second: Math.floor(now / 1000), amount });
    const expected = all.filter(({ second }) => Math.floor(now / 1000) - second < 60).reduce((sum, each) => sum + each.amount, 0);
    expect(window.sum(now)).toBe(expected);
  }
});
