/** What is summed up by the hour and by the day. */
export const SUM_COLUMNS = [
  "attempts", "requests", "succeeded", "failed", "cancelled",
  "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens",
  "cost_nano_usd", "unpriced", "estimated", "first_events", "first_event_ms", "duration_ms",
] as const;

export type SumColumn = (typeof SUM_COLUMNS)[number];
export type Sums = Record<SumColumn, number>;

/** All token columns together. */
export const ALL_TOKENS = "(input_tokens + cache_read_tokens + cache_write_tokens + output_tokens + reasoning_tokens)";

/** What a single attempt adds to each sum, as SQL over its row. Averages are of attempts that succeeded. */
export const SUM_OF_ATTEMPT: Readonly<Record<SumColumn, string>> = {
  attempts: "1",
  requests: "CASE WHEN attempt = 1 THEN 1 ELSE 0 END",
  succeeded: "CASE WHEN outcome = 'succeeded' THEN 1 ELSE 0 END",
  failed: "CASE WHEN outcome = 'failed' THEN 1 ELSE 0 END",
  cancelled: "CASE WHEN outcome = 'cancelled' THEN 1 ELSE 0 END",
  input_tokens: "input_tokens",
  cache_read_tokens: "cache_read_tokens",
  cache_write_tokens: "cache_write_tokens",
  output_tokens: "output_tokens",
  reasoning_tokens: "reasoning_tokens",
  cost_nano_usd: "COALESCE(cost_nano_usd, 0)",
  unpriced: `CASE WHEN cost_nano_usd IS NULL AND ${ALL_TOKENS} > 0 THEN 1 ELSE 0 END`,
  estimated: "estimated",
  first_events: "CASE WHEN outcome = 'succeeded' AND first_event_ms IS NOT NULL THEN 1 ELSE 0 END",
  first_event_ms: "CASE WHEN outcome = 'succeeded' THEN COALESCE(first_event_ms, 0) ELSE 0 END",
  duration_ms: "CASE WHEN outcome = 'succeeded' THEN duration_ms ELSE 0 END",
};
