import { expect, test } from "bun:test";
import { Bans, durationText } from "./bans.ts";

const MINUTE = 60_000;

function started(): { bans: Bans; wait: (ms: number) => void; fail: (address: string, times: number) => void } {
  let now = 1_000_000;
  const bans = new Bans({ now: () => now });
  return { bans, wait: (ms) => void (now += ms), fail: (address, times) => { for (let call = 0; call < times; call++) bans.fail(address); } };
}

test("five failures in a row shut an address out for half an hour; then the count begins anew", () => {
  const { bans, wait, fail } = started();
  fail("a", 4);
  expect(bans.remainingMs("a")).toBe(0);
  fail("a", 1);
  expect([bans.remainingMs("a"), bans.remainingMs("b")]).toEqual([30 * MINUTE, 0]);
  wait(30 * MINUTE);
  expect(bans.remainingMs("a")).toBe(0);
  fail("a", 4);
  expect(bans.remainingMs("a")).toBe(0);
  fail("a", 1);
  expect(bans.remainingMs("a")).toBe(30 * MINUTE);
});

test("a success forgives", () => {
  const { bans, fail } = started();
  fail("a", 4);
  bans.succeed("a");
  fail("a", 4);
  expect(bans.remainingMs("a")).toBe(0);
});

test("what was long ago, and what is too much, is forgotten", () => {
  const { bans, wait, fail } = started();
  fail("idle", 4);
  wait(121 * MINUTE);
  fail("other", 1);
  fail("idle", 1);
  expect(bans.remainingMs("idle")).toBe(0);
  fail("first", 4);
  for (let address = 0; address < 10_000; address++) fail(`n${address}`, 1);
  fail("first", 1);
  expect(bans.remainingMs("first")).toBe(0);
});

test.each([[29 * MINUTE + 58_400, "29m58s"], [30 * MINUTE, "30m0s"], [44_600, "45s"], [400, "0s"], [3_600_000, "1h0m0s"], [3_725_000, "1h2m5s"]])("%d ms is %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
