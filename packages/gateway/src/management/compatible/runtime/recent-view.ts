import type { JsonObject } from "@dragoman/core";
import { BUCKET_MS, type RecentTally } from "../../../observe/recent-requests.ts";

/** As CLIProxyAPI tells it: counts since the start and twenty steps of ten minutes, in local time. */
export function recentView({ succeeded, failed, buckets }: RecentTally): JsonObject {
  return {
    success: succeeded,
    failed,
    recent_requests: buckets.map((bucket) => ({ time: `${clockText(bucket.startsAt)}-${clockText(bucket.startsAt + BUCKET_MS)}`, success: bucket.succeeded, failed: bucket.failed })),
  };
}

function clockText(time: number): string {
  const date = new Date(time);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}
