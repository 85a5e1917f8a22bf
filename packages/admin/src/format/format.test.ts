import { expect, test } from "bun:test";
import { createFormat } from "./format.ts";

const en = createFormat("en");
const zh = createFormat("zh");

test("money has as many digits as the sum deserves", () => {
  expect([0, 0.0000042, 0.0042, 0.123, 12.3, 1234.5, undefined].map((usd) => en.money(usd))).toEqual(["$0", "$0.0000042", "$0.0042", "$0.12", "$12.30", "$1,235", "–"]);
});

test("durations, from milliseconds to days", () => {
  expect([0, 830, 4210, 42_000, 185_000, 2 * 3_600_000 + 60_000, 3 * 86_400_000, undefined].map((ms) => en.duration(ms))).toEqual(["0 ms", "830 ms", "4.2 s", "42 s", "3 min 5 s", "2 h 1 min", "3 d 0 h", "–"]);
});

test("counts, shares and bytes", () => {
  expect([999, 12_345, 1_980_000].map(en.compact)).toEqual(["999", "12.3K", "1.98M"]);
  expect([zh.compact(12_345), en.percent(0.1234), en.percent(1), en.number(12_345)]).toEqual(["12.3K", "12.3%", "100%", "12,345"]);
  expect([0, 999, 1500, 123_456, 4_200_000].map(en.bytes)).toEqual(["0 B", "999 B", "1.5 kB", "123 kB", "4.2 MB"]);
});

test("distances in time are told in the language", () => {
  expect([en.relative(1_000_000, 1_180_000), en.relative(7_200_000, 0), zh.relative(1_000_000, 1_180_000)]).toEqual(["3 minutes ago", "in 2 hours", "3分钟前"]);
});
