import type { Json } from "../../canonical/index.ts";
import { parseRetryAfter, parseTryAgainIn, readErrorFacts, upstreamError, type ErrorFacts, type GatewayError } from "../../errors/index.ts";

/** Reads an error reply, whichever server wrote it. `retry-after-ms` is OpenAI's own header, and finer than the other. */
export function decodeError(status: number, headers: { get(name: string): string | null }, body: string, now: number): GatewayError {
  const facts = readErrorFacts(body);
  return upstreamError(status, facts, {
    retryAfterMs: milliseconds(headers.get("retry-after-ms")) ?? parseRetryAfter(headers.get("retry-after"), now) ?? parseTryAgainIn(facts.message ?? ""),
    requestId: headers.get("x-request-id") ?? undefined,
  });
}

function milliseconds(value: string | null): number | undefined {
  const number = value === null || value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? Math.ceil(number) : undefined;
}

/** HTTP statuses that the type words stand for, where a stream gives no number. */
const STATUS_BY_WORD: Readonly<Record<string, number>> = {
  invalid_request_error: 400, context_length_exceeded: 400, content_policy_violation: 400, content_filter: 400,
  authentication_error: 401, invalid_api_key: 401, insufficient_quota: 429, billing_error: 402, permission_error: 403, not_found_error: 404, model_not_found: 404,
  rate_limit_error: 429, rate_limit_exceeded: 429, requests: 429, tokens: 429,
  server_error: 500, api_error: 500, internal_server_error: 500, overloaded_error: 529, overloaded: 503, engine_overloaded: 503,
  timeout: 504, timeout_error: 504,
};

/** An error in the midst of a stream, or in a reply that calls itself a success: `{"error": …}` of any kind. */
export function decodeEmbeddedError(body: Json): GatewayError {
  const facts = readErrorFacts(body);
  return upstreamError(statusOf(facts), facts, { retryAfterMs: parseTryAgainIn(facts.message ?? "") });
}

function statusOf(facts: ErrorFacts): number {
  for (const value of [facts.error?.status, facts.error?.status_code, facts.code]) {
    const status = Number(value);
    if (Number.isInteger(status) && status >= 400 && status < 600) return status;
  }
  return STATUS_BY_WORD[facts.code ?? ""] ?? STATUS_BY_WORD[facts.type ?? ""] ?? 500;
}
