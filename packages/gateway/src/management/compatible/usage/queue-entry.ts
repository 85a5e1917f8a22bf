import { outputTotal } from "@dragoman/core";
import type { ApiNames } from "./api-names.ts";
import type { QueuedAttempt } from "./queue.ts";
import { tokenCounts } from "./tokens.ts";

/** Of the way in which tokens are counted below. */
const ACCOUNTING_VERSION = 2;

/** A record of the queue as CLIProxyAPI tells it. */
export function queueEntry({ record, userAgent, forwardedFor }: QueuedAttempt, names: ApiNames): Record<string, unknown> {
  const failed = record.outcome !== "succeeded";
  return {
    timestamp: new Date(record.startedAt).toISOString(),
    latency_ms: Math.round(record.durationMs),
    ttft_ms: Math.round(record.firstEventMs ?? 0),
    source: record.credential,
    auth_index: record.credentialIndex,
    client_ip: record.clientAddress ?? "",
    x_forwarded_for: forwardedFor,
    user_agent: userAgent,
    tokens: {
      ...tokenCounts(record.usage),
      cache_read_tokens: record.usage?.cacheRead ?? 0,
      cache_read_tokens_present: record.usage?.cacheRead !== undefined,
      cache_creation_tokens: record.usage?.cacheWrite ?? 0,
    },
    failed,
    generate: true,
    fail: { status_code: failed ? record.status : 200, body: "" },
    response_headers: {},
    accounting_version: ACCOUNTING_VERSION,
    token_breakdown: breakdownOf(record.usage),
    provider: record.provider,
    executor_type: record.provider,
    model: record.modelUpstream,
    alias: record.modelAsked,
    endpoint: record.endpoint,
    auth_type: "apikey",
    api_key: names.keyText(record.principal),
    request_id: record.requestId,
    reasoning_effort: record.reasoningEffort ?? "",
    service_tier: "default",
  };
}

function breakdownOf(usage: QueuedAttempt["record"]["usage"]): Record<string, unknown> {
  const { input_tokens: input, total_tokens: total } = tokenCounts(usage);
  const read = usage?.cacheRead ?? 0;
  const written = usage?.cacheWrite ?? 0;
  const output = usage === undefined ? 0 : outputTotal(usage);
  const reasoning = usage?.reasoning ?? 0;
  return {
    schema_version: 2,
    quality: usage === undefined ? "unclassified" : "complete",
    total_tokens: total,
    input: { total_tokens: input, uncached_tokens: input - read - written, cache_read_tokens: read, cache_write_tokens: written },
    output: { total_tokens: output, non_reasoning_tokens: output - reasoning, reasoning_tokens: reasoning },
    unclassified_tokens: 0,
  };
}
