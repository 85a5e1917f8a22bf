import { expect, test } from "bun:test";
import { RequestPace, tooFast } from "./request-pace.ts";

test("so many requests go in any stretch of a minute, and the wait is until the oldest is a minute ago", () => {
  const pace = new RequestPace();
  expect([0, 10_000, 59_500].map((now) => pace.take(now, 3))).toEqual([0, 0, 0]);
  expect(pace.take(59_600, 3)).toBe(1000);
  expect(pace.take(59_000, 3)).toBe(1000);
  expect(pace.take(60_000, 3)).toBe(0);
  expect(pace.take(60_001, 3)).toBe(9999);
});

test("without a limit all go", () => {
  const pace = new RequestPace();
  expect([0, Number.NaN].map((limit) => pace.take(1, limit))).toEqual([0, 0]);
});

test("who is too fast is told when to come again", async () => {
  const reply = tooFast(1001, 60);
  expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "2"]);
  expect(await reply.json()).toMatchObject({ error: { code: "rate_limit_exceeded" } });
});
