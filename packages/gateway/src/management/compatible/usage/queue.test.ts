import { expect, test } from "bun:test";
import type { Call } from "../../../pipeline/call.ts";
import type { AttemptRecord } from "../../../usage/attempt-record.ts";
import { UsageQueue } from "./queue.ts";

let now = 1000;
const make = (): UsageQueue => new UsageQueue({ now: () => now });
const call = (usageQueueMs: number): Call => ({ settings: { usageQueueMs }, headers: new Headers({ "user-agent": "tests" }) }) as unknown as Call;
const record = (requestId: string): AttemptRecord => ({ requestId, startedAt: now - 10, durationMs: 10 }) as AttemptRecord;
const names = (queue: UsageQueue, count: number, retentionMs = 60_000): string[] => queue.pop(count, retentionMs).map(({ record: { requestId } }) => requestId);

test("the oldest leave first, each once", () => {
  const queue = make();
  for (const name of ["a", "b", "c"]) queue.attemptEnded(call(60_000), record(name));
  expect(names(queue, 2)).toEqual(["a", "b"]);
  expect(names(queue, 5)).toEqual(["c"]);
  expect(names(queue, 5)).toEqual([]);
});

test("those that nobody fetched in time are gone", () => {
  const queue = make();
  queue.attemptEnded(call(60_000), record("old"));
  now += 60_001;
  queue.attemptEnded(call(60_000), record("new"));
  expect(names(queue, 5)).toEqual(["new"]);
});

test("switched off, it is empty", () => {
  const queue = make();
  queue.attemptEnded(call(60_000), record("a"));
  queue.attemptEnded(call(0), record("b"));
  expect(names(queue, 5)).toEqual([]);
  queue.attemptEnded(call(60_000), record("c"));
  expect(names(queue, 5, 0)).toEqual([]);
});

test("holds so many and no more, however many come", () => {
  const queue = make();
  expect(names(queue, 1)).toEqual([]);
  for (let n = 0; n < 25_000; n++) queue.attemptEnded(call(60_000), record(`r${n}`));
  expect(names(queue, 1)).toEqual(["r15000"]);
  expect(names(queue, 50_000).length).toBe(9999);
});

test("holds the last ones only while no program fetches them", () => {
  const queue = make();
  const fill = (): void => {
    for (let n = 0; n < 2000; n++) queue.attemptEnded(call(60_000), record(`r${n}`));
  };
  fill();
  expect(names(queue, 5000)).toHaveLength(500);
  fill();
  expect(names(queue, 5000)).toHaveLength(2000);
  now += 3_600_001;
  fill();
  expect(names(queue, 1)).toEqual(["r1500"]);
});
