import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";
import { parseRetryAfter, parseTryAgainIn, readErrorFacts, upstreamError, type ErrorCode, type ErrorFacts, type GatewayError } from "../../errors/index.ts";

/** What a code stands for. */
interface Sign {
  readonly status: number;
  readonly code: ErrorCode;
}

/** Codes that say more than the status does. */
const BY_CODE: ReadonlyMap<string, Sign> = new Map(Object.entries<Sign>({
  context_length_exceeded: { status: 400, code: "context_length_exceeded" },
  context_too_large: { status: 400, code: "context_length_exceeded" },
  previous_response_not_found: { status: 400, code: "previous_response_not_found" },
  insufficient_quota: { status: 429, code: "billing" },
  rate_limit_exceeded: { status: 429, code: "rate_limited" },
  usage_limit_reached: { status: 429, code: "rate_limited" },
  usage_not_included: { status: 403, code: "permission_denied" },
  model_not_found: { status: 404, code: "model_not_found" },
  invalid_api_key: { status: 401, code: "upstream_authentication" },
  authentication_error: { status: 401, code: "upstream_authentication" },
  permission_error: { status: 403, code: "permission_denied" },
  server_is_overloaded: { status: 503, code: "overloaded" },
  overloaded: { status: 503, code: "overloaded" },
  upstream_error: { status: 502, code: "upstream_malformed" },
  slow_down: { status: 503, code: "overloaded" },
  content_policy_violation: { status: 400, code: "content_policy_violation" },
  cyber_policy: { status: 400, code: "content_policy_violation" },
  invalid_prompt: { status: 400, code: "invalid_request" },
  invalid_encrypted_content: { status: 400, code: "invalid_request" },
  invalid_request_error: { status: 400, code: "invalid_request" },
  not_found_error: { status: 404, code: "not_found" },
  rate_limit_error: { status: 429, code: "rate_limited" },
  server_error: { status: 500, code: "upstream_server_error" },
}));

/** Type words that are so general that a status knows better. */
const GENERAL = new Set(["invalid_request_error", "server_error"]);

/** The Codex backend's plain words for a full model (seen in the field, 2026). */
const AT_CAPACITY = /selected model is at capacity/i;

function signOf(facts: ErrorFacts): Sign | undefined {
  if (facts.message !== undefined && AT_CAPACITY.test(facts.message)) return BY_CODE.get("rate_limit_exceeded");
  return BY_CODE.get(facts.code ?? "") ?? (GENERAL.has(facts.type ?? "") ? undefined : BY_CODE.get(facts.type ?? ""));
}

/** The Codex backend says when a used-up allowance comes back, as epoch seconds or as a distance. */
function resetMs(error: JsonObject | undefined, now: number): number | undefined {
  if (typeof error?.resets_at === "number" && error.resets_at * 1000 > now) return error.resets_at * 1000 - now;
  return typeof error?.resets_in_seconds === "number" ? error.resets_in_seconds * 1000 : undefined;
}

function milliseconds(value: string | null): number | undefined {
  const number = Number(value ?? "");
  return value !== null && value !== "" && Number.isFinite(number) && number >= 0 ? Math.ceil(number) : undefined;
}

export function decodeError(status: number, headers: { get(name: string): string | null }, body: string, now: number): GatewayError {
  const facts = readErrorFacts(body);
  const row = signOf(facts);
  const retryAfterMs = milliseconds(headers.get("retry-after-ms"))
    ?? parseRetryAfter(headers.get("retry-after"), now)
    ?? resetMs(facts.error, now)
    ?? (facts.message === undefined ? undefined : parseTryAgainIn(facts.message));
  const allowanceUsedUp = row?.code === "rate_limited" || status === 429;
  return upstreamError(row?.code === "rate_limited" ? 429 : status, facts, {
    ...(allowanceUsedUp || status >= 500 ? { retryAfterMs } : {}),
    requestId: headers.get("x-request-id") ?? undefined,
    code: row?.code,
  });
}

/** An error told inside a stream or a response object: flat, wrapped, or as `response.error`. */
export function decodeEventError(error: Json | undefined): GatewayError {
  const facts = readErrorFacts(isJsonObject(error) ? error : {});
  const row = signOf(facts) ?? BY_CODE.get(facts.type ?? "");
  const distance = facts.error?.resets_in_seconds;
  return upstreamError(row?.status ?? 502, facts, {
    code: row?.code,
    retryAfterMs: typeof distance === "number" ? distance * 1000 : facts.message === undefined ? undefined : parseTryAgainIn(facts.message),
  });
}
