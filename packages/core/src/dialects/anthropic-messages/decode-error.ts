import { isJsonObject, parseJson, type JsonObject } from "../../canonical/index.ts";
import { parseRetryAfter, readErrorFacts, upstreamError, type ErrorCode, type ErrorFacts, type GatewayError } from "../../errors/index.ts";
import { text } from "./loose-values.ts";

/** Error types and the status they come with; inside a stream only the type is there. */
const STATUS_BY_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

interface HeaderReader {
  get(name: string): string | null;
}

/** @param now epoch ms */
export function decodeError(status: number, headers: HeaderReader, body: string, now: number): GatewayError {
  const facts = readErrorFacts(body);
  return upstreamError(status, facts, {
    retryAfterMs: retryAfter(headers, now),
    requestId: headers.get("request-id") ?? requestIdOf(body),
    code: sureCode(facts),
  });
}

/** An error that came where an answer or an event was expected, with no status of its own. */
export function errorOfBody(body: JsonObject): GatewayError {
  const facts = readErrorFacts(body);
  const status = facts.type === undefined ? undefined : STATUS_BY_TYPE[facts.type];
  return upstreamError(status ?? 500, facts, { requestId: text(body.request_id), code: sureCode(facts) });
}

/** An overload is one whatever status a proxy in between made of it. */
function sureCode(facts: ErrorFacts): ErrorCode | undefined {
  if (facts.type === "overloaded_error") return "overloaded";
  return facts.type === "billing_error" ? "billing" : undefined;
}

function requestIdOf(body: string): string | undefined {
  if (!body.includes('"request_id"')) return undefined;
  try {
    const parsed: unknown = parseJson(body);
    return isJsonObject(parsed) ? text(parsed.request_id) : undefined;
  } catch {
    return undefined;
  }
}

const UNIFIED = "anthropic-ratelimit-unified";

/** Usage windows of a subscription; `7d_oi` limits one model only. */
const WINDOWS = ["5h", "7d", "7d_oi"] as const;

/**
 * When to try again: the latest of all deadlines that hold. A window's reset counts only if the window refused; the
 * unified one if any refused, or if nothing tells which. When the model's own window alone is spent, the other models
 * go on, and its long deadlines are left aside.
 * @returns ms from `now`, or `undefined` when no header tells
 */
function retryAfter(headers: HeaderReader, now: number): number | undefined {
  const status = (window: string): string | undefined => headers.get(`${UNIFIED}-${window}status`)?.toLowerCase();
  const rejected = WINDOWS.filter((window) => status(`${window}-`) === "rejected");
  const onlyModelWindow = rejected.length === 1 && rejected[0] === "7d_oi" && status("5h-") === "allowed" && status("7d-") === "allowed";
  const unified = status("");
  const noStatus = unified === undefined && WINDOWS.every((window) => status(`${window}-`) === undefined);
  const names = onlyModelWindow ? [] : rejected.map((window) => `${UNIFIED}-${window}-reset`);
  if (!onlyModelWindow && (rejected.length > 0 || unified === "rejected" || noStatus)) names.push(`${UNIFIED}-reset`);
  const resets = names.map((name) => parseReset(headers.get(name), now));
  const delays = [parseRetryAfter(headers.get("retry-after"), now), ...resets].filter((delay) => delay !== undefined);
  return delays.length === 0 ? undefined : Math.max(...delays);
}

/** Unix seconds, also fractional, or a date. */
function parseReset(value: string | null, now: number): number | undefined {
  const seconds = value === null || value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(seconds)) return parseRetryAfter(value, now);
  const delay = Math.ceil(seconds * 1000) - now;
  return delay > 0 ? delay : undefined;
}
