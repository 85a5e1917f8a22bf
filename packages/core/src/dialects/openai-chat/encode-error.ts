import type { ErrorKind, GatewayErrorShape, JsonObject } from "../../canonical/index.ts";
import type { WireError } from "../dialect.ts";

interface Row {
  readonly type: string;
  /** What OpenAI says in this case; `null`: whatever the error itself says. */
  readonly code: string | null;
  /** Where OpenAI's status is another than ours. */
  readonly status?: number;
}

const row = (type: string, code: string | null, status?: number): Row => ({ type, code, ...(status !== undefined && { status }) });

const ROWS: Readonly<Record<ErrorKind, Row>> = {
  "invalid-request": row("invalid_request_error", null),
  "context-length": row("invalid_request_error", "context_length_exceeded"),
  "content-policy": row("invalid_request_error", "content_policy_violation"),
  authentication: row("authentication_error", "invalid_api_key"),
  billing: row("insufficient_quota", "insufficient_quota", 429),
  budget: row("insufficient_quota", null),
  permission: row("permission_error", null),
  "not-found": row("invalid_request_error", null),
  timeout: row("timeout", "timeout"),
  conflict: row("conflict", "conflict"),
  "too-large": row("invalid_request_error", "request_too_large"),
  "unsupported-media": row("invalid_request_error", null),
  unprocessable: row("invalid_request_error", null),
  "rate-limit": row("rate_limit_error", "rate_limit_exceeded"),
  "client-closed": row("invalid_request_error", "client_closed"),
  server: row("server_error", null),
  "not-implemented": row("not_supported", "not_supported"),
  "bad-gateway": row("server_error", "upstream_error"),
  overloaded: row("server_error", "overloaded"),
  "gateway-timeout": row("timeout", "timeout"),
};

/** Codes of the house that tell more than OpenAI's word for their kind. */
const OWN_CODES: ReadonlySet<string> = new Set(["budget_exhausted", "model_cooldown", "no_credential", "store_unavailable", "stream_interrupted"]);

/** OpenAI's envelope. Its SDK repeats 429 and 5xx by itself unless `x-should-retry` says no. */
export function encodeError(error: GatewayErrorShape, requestId?: string): WireError {
  const { status } = ROWS[error.kind];
  return {
    status: status ?? (error.status === 529 ? 503 : error.status),
    headers: {
      ...(error.retryAfterMs !== undefined && { "retry-after": String(Math.ceil(error.retryAfterMs / 1000)), "retry-after-ms": String(Math.ceil(error.retryAfterMs)) }),
      ...((error.kind === "billing" || error.kind === "budget") && { "x-should-retry": "false" }),
      ...(requestId !== undefined && { "x-request-id": requestId }),
    },
    body: errorBody(error),
  };
}

/** In a stream that has begun: the error as an event, and the end that clients wait for. */
export function encodeStreamError(error: GatewayErrorShape): string {
  return `data: ${JSON.stringify(errorBody(error))}\n\ndata: [DONE]\n\n`;
}

function errorBody(error: GatewayErrorShape): JsonObject {
  const { type, code } = ROWS[error.kind];
  return { error: { message: messageOf(error), type, param: error.path === undefined || error.path === "" ? null : error.path, code: OWN_CODES.has(error.code) ? error.code : (code ?? ownCode(error)) } };
}

/** What the upstream called it, else our own code. */
function ownCode(error: GatewayErrorShape): string {
  if (error.source !== "upstream") return error.code;
  return error.kind === "not-found" ? error.code : (error.upstream?.code ?? error.upstream?.type ?? error.code);
}

const OPENAI_IDIOM = /maximum context length|context[_ ]length/i;

/** Agents look for OpenAI's words to know that they must compact. */
function messageOf(error: GatewayErrorShape): string {
  if (error.kind !== "context-length" || OPENAI_IDIOM.test(error.message)) return error.message;
  return `This model's maximum context length was exceeded. ${error.message}`;
}
