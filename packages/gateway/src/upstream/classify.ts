import { GatewayError, isRequestFault, type FailureKind, type FailureReading, type FailureReply, type Provider } from "@dragoman/core";
import type { AttemptOutcome } from "./outcome.ts";

/** Codes that are the request's fault whatever the status; OpenAI and its kin use them with 4xx and 5xx alike. */
const REQUEST_FAULT_CODES: ReadonlySet<string> = new Set([
  "context_length_exceeded", "message_too_big", "string_above_max_length", "invalid_prompt", "invalid_value", "unsupported_value",
  "previous_response_not_found", "cyber_policy",
]);
const MODEL_UNSUPPORTED = /model_not_supported|(requested )?model (is )?(not supported|unsupported|unavailable)|unsupported model|not available for your (plan|account)/i;
const CHALLENGE_PAGE = /challenge-platform|cf-mitigated/i;

/** What is known of a failed reply beside the error that the dialect made of it. */
export type FailureContext = Omit<FailureReply, "status">;

/** Puts an upstream's failure into the word that routing acts on; the provider's own reader first, then its rows. */
export function classifyFailure(error: GatewayError, provider: Provider, context: FailureContext): Extract<AttemptOutcome, { type: "failed" }> {
  const status = error.upstream?.status ?? error.status;
  const { body } = context;
  const reading = provider.readFailure?.({ ...context, status });
  if (reading !== undefined) return read(error, reading);
  for (const row of provider.failures ?? []) {
    if ((row.status === undefined || row.status === status) && (row.match === undefined || row.match.test(body))) {
      return { type: "failed", kind: row.kind, error, ...(row.credentialWide !== undefined && { credentialWide: row.credentialWide }) };
    }
  }
  return { type: "failed", kind: kindOf(error, status, body), error };
}

function read(error: GatewayError, { kind, credentialWide, retryAfterMs, end }: FailureReading): Extract<AttemptOutcome, { type: "failed" }> {
  return {
    type: "failed",
    kind,
    error: retold(error, kind, retryAfterMs),
    ...(credentialWide !== undefined && { credentialWide }),
    ...(end !== undefined && { end }),
  };
}

/** With the vendor's own time; and a rate limit that came with another status is told as one, so that clients wait. */
function retold(error: GatewayError, kind: FailureKind, retryAfterMs: number | undefined): GatewayError {
  const { message, cause } = error;
  const time = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (kind === "rate-limited" && error.kind !== "rate-limit") {
    const { status: _another, ...rest } = error;
    return new GatewayError("rate_limited", { ...rest, message, cause, ...time });
  }
  return retryAfterMs === undefined ? error : new GatewayError(error.code, { ...error, message, cause, ...time });
}

function kindOf(error: GatewayError, status: number, body: string): FailureKind {
  if (error.kind === "client-closed") return "client-closed";
  if (error.kind === "billing" || status === 402) return "quota-exhausted";
  if (status === 429) return "rate-limited";
  if ((status === 400 || status === 422) && MODEL_UNSUPPORTED.test(error.message)) return "model-unavailable";
  if (status === 401) return "credential-rejected";
  if (error.kind === "content-policy") return "content-refused";
  if (isRequestFault(error.kind) || REQUEST_FAULT_CODES.has(error.upstream?.code ?? "")) return "request-rejected";
  if (status === 403) return CHALLENGE_PAGE.test(body) ? "overloaded" : "credential-rejected";
  if (status === 404) return /not persisted|item with id/i.test(error.message) ? "request-rejected" : "model-unavailable";
  if (error.code === "stream_interrupted") return "stream-broken";
  return status === 503 || status === 529 ? "overloaded" : "unavailable";
}

/** Whether no other credential is tried: the answer would be the same, or the operator says so. */
export function endsRequest({ kind, verdict }: Extract<AttemptOutcome, { type: "failed" }>): boolean {
  if (verdict !== undefined) return verdict.ends;
  return kind === "request-rejected" || kind === "content-refused" || kind === "client-closed";
}
