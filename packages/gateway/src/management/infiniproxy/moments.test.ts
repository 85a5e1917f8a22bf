import { expect, test } from "bun:test";
import { naiveIso, parseMoment } from "./moments.ts";

const iso = (time: number): string => new Date(time).toISOString();

test("Python's isoformat", () => {
  expect(naiveIso(Date.parse("2026-11-21T10:00:00.120Z"))).toBe("2026-11-21T10:00:00.120000");
  expect(naiveIso(Date.parse("2026-11-21T10:00:00Z"))).toBe("2026-11-21T10:00:00");
});

test.each([
  ["2024-12-31", "2024-12-31T00:00:00.000Z", "2025-01-01T00:00:00.000Z"],
  ["2024-12-31T23:59:59", "2024-12-31T23:59:59.000Z", "2025-01-01T00:00:00.000Z"],
  ["2024-12-31 23:59", "2024-12-31T23:59:00.000Z", "2025-01-01T00:00:00.000Z"],
  ["2024-12-31T23:59:59.123456", "2024-12-31T23:59:59.123Z", "2024-12-31T23:59:59.124Z"],
  ["2024-06-01T00:00:00Z", "2024-06-01T00:00:00.000Z", "2024-06-01T00:00:01.000Z"],
  ["2024-06-01T02:00:00+02:00", "2024-06-01T00:00:00.000Z", "2024-06-01T00:00:01.000Z"],
  // A plus sign in a query string arrives as a blank.
  ["2024-06-01T02:00:00 02:00", "2024-06-01T00:00:00.000Z", "2024-06-01T00:00:01.000Z"],
])("%s", (text, from, to) => {
  const span = parseMoment("start_date", text);
  expect([iso(span.from), iso(span.to)]).toEqual([from, to]);
});

test.each([["yesterday"], ["2024-13-01"], ["2024-02-30"], ["2024-1-1"], ["2024-06-01T25:00:00"], [""]])("%p is no date", (text) => {
  expect(() => parseMoment("end_date", text)).toThrow("end_date: expected an ISO date");
});
