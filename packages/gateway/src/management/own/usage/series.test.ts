import { expect, test } from "bun:test";
import { addUp, seriesOf, spanOf } from "./series.ts";
import { NO_SUMS } from "./views.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-21T10:37:12.345Z");

test("spans begin on a step of UTC and end now", () => {
  expect(spanOf("24h", NOW)).toEqual({ from: Date.parse("2026-11-20T11:00:00Z"), to: NOW + 1, stepMs: HOUR, count: 24 });
  expect(new Date(spanOf("30d", NOW).from).toISOString()).toBe("2026-10-23T00:00:00.000Z");
  expect(new Date(spanOf("1h", NOW).from).toISOString()).toBe("2026-11-21T09:38:00.000Z");
});

test("hours are folded into their steps; steps without any are there as well", async () => {
  const span = spanOf("7d", NOW);
  const rows = [{ ...NO_SUMS, hour: span.from + HOUR, requests: 1 }, { ...NO_SUMS, hour: span.from + 2 * HOUR, requests: 2 }, { ...NO_SUMS, hour: span.from + 3 * HOUR, requests: 4 }];
  const series = await seriesOf({ group: () => Promise.resolve(rows) }, span);
  expect(series.length).toBe(56);
  expect(series.slice(0, 3).map(({ at, sums }) => [(at - span.from) / HOUR, sums.requests])).toEqual([[0, 3], [3, 4], [6, 0]]);
});

test("means are weighed by the successes that they are of", () => {
  const sums = addUp([{ ...NO_SUMS, succeeded: 3, averageFirstEventMs: 100 }, { ...NO_SUMS, succeeded: 1, averageFirstEventMs: 500 }, { ...NO_SUMS, attempts: 7 }]);
  expect(sums).toMatchObject({ attempts: 7, succeeded: 4, averageFirstEventMs: 200 });
  expect(addUp([])).toEqual(NO_SUMS);
});
