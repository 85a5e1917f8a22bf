import type { ErrorKind, GatewayErrorShape } from "../../canonical/index.ts";
import { sseFrame } from "../../wire/sse.ts";
import type { WireError } from "../dialect.ts";
import { failedResponse } from "./response-object.ts";
import type { WireErrorObject } from "./wire.ts";

interface ErrorRow {
  readonly type: string;
  /** Absent: the vendor's own code, or the house's. */
  readonly code?: string;
  /** Where OpenAI's differs from the house's. */
  readonly status?: number;
}

const INVALID = "invalid_request_error";

const ROWS: Readonly<Record<ErrorKind, ErrorRow>> = {
  "invalid-request": { type: INVALID },
  "context-length": { type: INVALID, code: "context_length_exceeded" },
  "content-policy": { type: INVALID, code: "content_policy_violation" },
  authentication: { type: "authentication_error", code: "invalid_api_key" },
  billing: { type: "insufficient_quota", code: "insufficient_quota", status: 429 },
  budget: { type: "insufficient_quota" },
  permission: { type: "permission_error" },
  "not-found": { type: INVALID },
  timeout: { type: "timeout" },
  conflict: { type: "conflict" },
  "too-large": { type: INVALID, code: "request_too_large" },
  "unsupported-media": { type: INVALID },
  unprocessable: { type: INVALID },
  "rate-limit": { type: "rate_limit_error", code: "rate_limit_exceeded" },
  "client-closed": { type: "client_closed" },
  server: { type: "server_error" },
  "not-implemented": { type: "not_supported" },
  "bad-gateway": { type: "server_error", code: "upstream_error" },
  overloaded: { type: "server_error", code: "overloaded" },
  "gateway-timeout": { type: "timeout" },
};

/** Codes of ours that say no more than the type does. */
const PLAIN = new Set(["invalid_request", "invalid_json", "internal", "upstream_server_error"]);

function codeOf(error: GatewayErrorShape): string | null {
  if (error.code === "budget_exhausted") return error.code;
  const { code } = ROWS[error.kind];
  if (code !== undefined) return code;
  if (error.upstream?.code !== undefined) return error.upstream.code;
  return PLAIN.has(error.code) ? null : error.code;
}

const SAYS_CONTEXT = /context[ _](window|length)|maximum context/i;

/** Clients read two things in the words: that the context is full, and when to try again (Codex, read in its source 2026-11). */
function messageOf(error: GatewayErrorShape): string {
  if (error.kind === "context-length" && !SAYS_CONTEXT.test(error.message)) {
    return `Your input exceeds the context window of this model. Please adjust your input and try again. ${error.message}`;
  }
  if (error.kind === "rate-limit" && error.retryAfterMs !== undefined && !/try again in/i.test(error.message)) {
    return `${error.message} Please try again in ${Math.ceil(error.retryAfterMs / 1000)}s.`;
  }
  return error.message;
}

export function errorObject(error: GatewayErrorShape): WireErrorObject {
  return { message: messageOf(error), type: ROWS[error.kind].type, param: error.path === undefined || error.path === "" ? null : error.path, code: codeOf(error) };
}

export function encodeError(error: GatewayErrorShape, requestId?: string): WireError {
  const retry = error.retryAfterMs;
  const id = requestId ?? error.requestId;
  return {
    status: ROWS[error.kind].status ?? error.status,
    headers: {
      ...(retry !== undefined && { "retry-after": String(Math.ceil(retry / 1000)), "retry-after-ms": String(Math.ceil(retry)) }),
      ...(id !== undefined && { "x-request-id": id }),
    },
    body: { error: errorObject(error) },
  };
}

/** The error of a response object: its code is what Codex decides by. */
export function responseError(error: GatewayErrorShape): { readonly code: string; readonly message: string } {
  const fallback = ROWS[error.kind].type === INVALID ? "invalid_prompt" : "server_error";
  return { code: codeOf(error) ?? fallback, message: messageOf(error) };
}

/** Without the encoder that wrote the stream nothing is known of the response but that it failed. */
export function encodeStreamError(error: GatewayErrorShape, requestId?: string): string {
  const response = failedResponse(`resp_${requestId ?? "failed"}`, responseError(error));
  return sseFrame(JSON.stringify({ type: "response.failed", sequence_number: 0, response }), "response.failed");
}
