import type { AttemptRecord } from "./attempt-record.ts";

/** What usage can be summed by. `day` and `hour` are UTC. */
export const USAGE_DIMENSIONS = ["hour", "day", "user", "key", "principal", "endpoint", "dialect", "provider", "credential", "model", "upstreamModel"] as const;
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

/** Which attempts count. Lists mean any of; absent members mean all. */
export interface UsageFilter {
  /** Epoch ms, inclusive. */
  readonly from?: number;
  /** Epoch ms, exclusive. */
  readonly to?: number;
  readonly userIds?: readonly number[];
  readonly keyIds?: readonly number[];
  readonly principals?: readonly string[];
  readonly providers?: readonly string[];
  /** Credential indexes. */
  readonly credentials?: readonly string[];
  /** Models as they were asked for. */
  readonly models?: readonly string[];
  readonly dialects?: readonly string[];
}

export interface UsageQuery extends UsageFilter {
  /**
   * Empty: one row of totals. `hour` alone and without a filter is answered over any span. Otherwise hours of a long span
   * are more rows than anybody looks at, and more than can be added up while somebody waits: beyond `HOURLY_DAYS` they are
   * answered by the day, and each row has a `day` in the place of its `hour`.
   */
  readonly groupBy: readonly UsageDimension[];
}

/**
 * The longest span, in days, that is answered by the hour: with a filter alone, with one further dimension, with more. It is
 * counted from the first hour of the span that anything is on record of to the last.
 */
export const HOURLY_DAYS = [31, 8, 3] as const;

/** What the rows of an answer are in fact summed up by: as asked, or by the day in the place of hours. */
export function answeredDimensions(asked: readonly UsageDimension[], [first]: readonly GroupedUsage[]): readonly UsageDimension[] {
  if (first === undefined || first.hour !== undefined) return asked;
  return [...new Set(asked.map((dimension) => (dimension === "hour" ? "day" : dimension)))];
}

/** Sums over attempts. Token parts are disjoint, as in `Usage`. */
export interface UsageSums {
  readonly attempts: number;
  /** Attempts with number 1: each request has one. */
  readonly requests: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** All of the above. */
  readonly totalTokens: number;
  readonly costNanoUsd: number;
  /** Attempts with tokens whose price nobody knows. */
  readonly unpriced: number;
  /** Attempts whose tokens were counted here, not by the vendor. */
  readonly estimated: number;
  /** Of succeeded attempts; absent without any. */
  readonly averageFirstEventMs?: number;
  readonly averageDurationMs?: number;
}

/** One row: the dimensions asked for, and sums. */
export interface GroupedUsage extends UsageSums {
  /** Epoch ms of the hour's start. */
  readonly hour?: number;
  /** `YYYY-MM-DD`. */
  readonly day?: string;
  readonly user?: number;
  readonly key?: number;
  readonly principal?: string;
  readonly endpoint?: string;
  readonly dialect?: string;
  readonly provider?: string;
  /** `credential` is the index, `credentialLabel` what people call it. */
  readonly credential?: string;
  readonly credentialLabel?: string;
  readonly model?: string;
  readonly upstreamModel?: string;
}

export interface RecordQuery extends UsageFilter {
  readonly outcomes?: readonly AttemptRecord["outcome"][];
  readonly limit: number;
  /** From an earlier page. */
  readonly cursor?: string;
}

export interface RecordPage {
  readonly records: readonly AttemptRecord[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}
