import { isJsonObject, parseJson, type ErrorKind, type GatewayErrorShape, type JsonObject } from "../canonical/index.ts";
import type { ErrorCode } from "./codes.ts";
import { GatewayError } from "./gateway-error.ts";

/** What every error body has in common, whichever dialect it is in. */
export interface ErrorFacts {
  readonly message: string | undefined;
  readonly type: string | undefined;
  readonly code: string | undefined;
  /** The innermost error object, for what only one dialect knows. */
  readonly error: JsonObject | undefined;
}

/**
 * Reads any error body seen in the field: `{error:{…}}`, Google's `[{error}]`, `{error:"text"}`, `{detail}` (FastAPI),
 * `{message}`, `{errors:[…]}`, JSON inside a message, HTML, nothing at all.
 */
export function readErrorFacts(body: unknown): ErrorFacts {
  const none: ErrorFacts = { message: undefined, type: undefined, code: undefined, error: undefined };
  const value: unknown = typeof body === "string" ? parseOrText(body) : body;
  if (typeof value === "string") return { ...none, message: plainText(value) };
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (!isJsonObject(first)) return none;
  const inner: unknown = first.error ?? (Array.isArray(first.errors) ? first.errors[0] : undefined);
  if (typeof inner === "string") return { ...none, message: inner, code: text(first.code), error: first };
  const error: JsonObject = isJsonObject(inner) ? inner : first;
  const message = text(error.message) ?? detailText(error.detail ?? first.detail) ?? text(error.msg);
  const facts: ErrorFacts = { message, type: text(error.type) ?? text(error.status), code: text(error.code), error };
  return unwrapNested(facts);
}

/** One level of JSON inside the message, as gateways in a row produce. */
function unwrapNested(facts: ErrorFacts): ErrorFacts {
  if (facts.message === undefined || !facts.message.trimStart().startsWith("{")) return facts;
  const nested = parseOrText(facts.message);
  if (!isJsonObject(nested)) return facts;
  const inner = isJsonObject(nested.error) ? nested.error : nested;
  const message = text(inner.message);
  if (message === undefined) return facts;
  return { message, type: text(inner.type) ?? facts.type, code: text(inner.code) ?? facts.code, error: inner };
}

function parseOrText(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}

/** Markup says nothing to a program and may name hosts; it is left out. */
function plainText(body: string): string | undefined {
  const trimmed = body.trim();
  if (trimmed === "" || /^<(!doctype|html|\?xml)/i.test(trimmed)) return undefined;
  return trimmed.slice(0, 2_000);
}

function text(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" ? String(value) : undefined;
}

function detailText(detail: unknown): string | undefined {
  if (typeof detail === "string") return detail;
  if (!Array.isArray(detail)) return isJsonObject(detail) ? text(detail.message) : undefined;
  const lines = detail.map((entry) => (isJsonObject(entry) ? `${Array.isArray(entry.loc) ? `${entry.loc.join(".")}: ` : ""}${text(entry.msg) ?? ""}` : ""));
  return lines.filter((line) => line !== "").join("; ") || undefined;
}

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: "invalid_request", 401: "upstream_authentication", 402: "billing", 403: "permission_denied", 404: "not_found", 405: "method_not_allowed",
  408: "request_timeout", 409: "conflict", 413: "request_too_large", 415: "unsupported_media_type", 422: "unprocessable",
  429: "rate_limited", 499: "client_closed", 500: "upstream_server_error", 501: "not_implemented", 502: "upstream_malformed",
  503: "overloaded", 504: "upstream_timeout", 529: "overloaded",
};

/** The house's code for an upstream status. */
export function codeOfStatus(status: number): ErrorCode {
  return CODE_BY_STATUS[status] ?? (status >= 500 ? "upstream_server_error" : "invalid_request");
}

const CONTEXT_LENGTH = /context[ _-]?(length|window)|context_too_large|prompt is too long|maximum context|too many tokens|input token count .* exceeds|exceeds the maximum number of tokens|string_above_max_length/i;
const CONTENT_POLICY = /content[_ -]?policy|content management policy|responsible ai|flagged|cyber_policy/i;

export interface UpstreamErrorHints {
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  /** A code that the dialect is sure of; else it follows from status and words. */
  readonly code?: ErrorCode | undefined;
}

/** Turns an upstream's error reply into ours. 529 is told as 503: the dialects that know it turn it back. */
export function upstreamError(status: number, facts: ErrorFacts, hints: UpstreamErrorHints = {}): GatewayError {
  const words = `${facts.code ?? ""} ${facts.type ?? ""} ${facts.message ?? ""}`;
  const code = hints.code ?? sharpen(codeOfStatus(status), status, words);
  const upstream: NonNullable<GatewayErrorShape["upstream"]> = {
    status,
    ...(facts.type !== undefined && { type: facts.type }),
    ...(facts.code !== undefined && { code: facts.code }),
  };
  return new GatewayError(code, {
    source: "upstream",
    upstream,
    status: status === 529 ? 503 : status,
    ...(facts.message !== undefined && { message: facts.message }),
    ...(hints.retryAfterMs !== undefined && { retryAfterMs: hints.retryAfterMs }),
    ...(hints.requestId !== undefined && { requestId: hints.requestId }),
  });
}

function sharpen(code: ErrorCode, status: number, words: string): ErrorCode {
  if (status === 400 || status === 413 || status === 422) {
    if (CONTEXT_LENGTH.test(words)) return "context_length_exceeded";
    if (status === 400 && CONTENT_POLICY.test(words)) return "content_policy_violation";
  }
  if (status === 404 && /model/i.test(words)) return "model_not_found";
  if (status === 429 && /insufficient_quota/.test(words)) return "billing";
  return code;
}

/** Kinds that say something about the credential or the provider, not about the request. */
export function isRequestFault(kind: ErrorKind): boolean {
  return kind === "invalid-request" || kind === "context-length" || kind === "content-policy" || kind === "conflict"
    || kind === "too-large" || kind === "unsupported-media" || kind === "unprocessable";
}
