import { expect, test } from "bun:test";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import { BUCKET_MS, RecentRequests } from "./recent-requests.ts";

const START = 1_800_000_000_000;

function attempt(at: number, outcome: AttemptRecord["outcome"], credentialIndex = "a"): AttemptRecord {
  return { startedAt: at - 5, durationMs: 5, outcome, credentialIndex } as AttemptRecord;
}

test("twenty buckets of ten minutes; older ones only count since the start", () => {
  let now = START;
  const recent = new RecentRequests({ now: () => now });
  recent.attemptEnded(undefined, attempt(START, "succeeded"));
  recent.attemptEnded(undefined, attempt(START, "failed"));
  recent.attemptEnded(undefined, attempt(START, "cancelled"));
  recent.attemptEnded(undefined, attempt(START, "failed", "b"));
  now = START + 2 * BUCKET_MS;
  recent.attemptEnded(undefined, attempt(now, "succeeded"));

  const first = recent.of("a");
  expect(first).toMatchObject({ succeeded: 2, failed: 1 });
  expect(first.buckets).toHaveLength(20);
  expect(first.buckets.slice(-3).map(({ succeeded, failed }) => [succeeded, failed])).toEqual([[1, 1], [0, 0], [1, 0]]);
  expect(first.buckets.at(-1)?.startsAt).toBe(Math.floor(now / BUCKET_MS) * BUCKET_MS);

  now = START + 20 * BUCKET_MS;
  expect(recent.of("a").buckets.reduce((sum, bucket) => sum + bucket.succeeded + bucket.failed, 0)).toBe(1);
  recent.attemptEnded(undefined, attempt(now, "failed"));
  expect(recent.of("a").buckets.at(-1)).toMatchObject({ succeeded: 0, failed: 1 });
  expect(recent.of("a")).toMatchObject({ succeeded: 2, failed: 2 });
  expect(recent.of("unknown")).toMatchObject({ succeeded: 0, failed: 0 });
});
