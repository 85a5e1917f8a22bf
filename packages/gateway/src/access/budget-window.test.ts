import { expect, test } from "bun:test";
import { runningReset, windowEnd, windowStart } from "./budget-window.ts";
import type { BudgetWindow } from "./limits.ts";

const at = (text: string): number => Date.parse(text);
const iso = (time: number | undefined): string | undefined => (time === undefined ? undefined : new Date(time).toISOString().slice(0, 16));

// 21 November 2026 is a Saturday.
test.each<[BudgetWindow, string, string, string | undefined]>([
  ["5h", "2026-11-21T10:59:59Z", "2026-11-21T06:00", undefined],
  ["5h", "2026-11-21T02:00:00Z", "2026-11-20T22:00", undefined],
  ["day", "2026-11-21T23:59:59Z", "2026-11-21T00:00", "2026-11-22T00:00"],
  ["week", "2026-11-21T10:00:00Z", "2026-11-16T00:00", "2026-11-23T00:00"],
  ["week", "2026-11-22T23:59:59Z", "2026-11-16T00:00", "2026-11-23T00:00"],
  ["week", "2026-11-23T00:00:00Z", "2026-11-23T00:00", "2026-11-30T00:00"],
  ["month", "2026-12-31T23:00:00Z", "2026-12-01T00:00", "2027-01-01T00:00"],
  ["month", "2028-02-29T12:00:00Z", "2028-02-01T00:00", "2028-03-01T00:00"],
  ["total", "2026-11-21T10:00:00Z", "1970-01-01T00:00", undefined],
])("%s at %s", (window, now, from, to) => {
  expect(iso(windowStart(window, at(now)))).toBe(from);
  expect(iso(windowEnd(window, at(now)))).toBe(to as string);
});

test("a running window is free again when enough old hours have left it", () => {
  const hours = [{ hour: at("2026-11-21T06:00:00Z"), amount: 10 }, { hour: at("2026-11-21T08:00:00Z"), amount: 80 }, { hour: at("2026-11-21T10:00:00Z"), amount: 20 }];
  const reset = (below: number): string | undefined => iso(runningReset(hours, below, at("2026-11-21T10:30:00Z")));
  expect(reset(101)).toBe("2026-11-21T11:00");
  expect(reset(100)).toBe("2026-11-21T13:00");
  expect(reset(20)).toBe("2026-11-21T15:00");
});
