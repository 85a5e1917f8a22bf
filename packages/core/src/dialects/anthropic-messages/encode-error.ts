import type { ErrorKind, GatewayErrorShape, JsonObject, MutableJsonObject } from "../../canonical/index.ts";
import { sseFrame } from "../../wire/sse.ts";
import type { WireError } from "../dialect.ts";
import { present } from "../../wire/present.ts";

/** Type word and, where it differs from the house's, the status. */
const TYPES: Readonly<Record<ErrorKind, { readonly type: string; readonly status?: number }>> = {
  "invalid-request": { type: "invalid_request_error" },
  "context-length": { type: "invalid_request_error", status: 400 },
  "content-policy": { type: "invalid_request_error" },
  authentication: { type: "authentication_error" },
  billing: { type: "billing_error" },
  budget: { type: "billing_error" },
  permission: { type: "permission_error" },
  "not-found": { type: "not_found_error" },
  timeout: { type: "timeout_error" },
  conflict: { type: "conflict_error" },
  "too-large": { type: "request_too_large" },
  "unsupported-media": { type: "invalid_request_error" },
  unprocessable: { type: "invalid_request_error" },
  "rate-limit": { type: "rate_limit_error" },
  "client-closed": { type: "api_error" },
  server: { type: "api_error" },
  "not-implemented": { type: "api_error" },
  "bad-gateway": { type: "api_error" },
  // Clients of this dialect know 529; 503 would be a plain server error to them.
  overloaded: { type: "overloaded_error", status: 529 },
  "gateway-timeout": { type: "timeout_error" },
};

export function encodeError(error: GatewayErrorShape, requestId?: string): WireError {
  const id = requestId ?? error.requestId;
  const retryAfterMs = error.retryAfterMs;
  return {
    status: TYPES[error.kind].status ?? error.status,
    headers: {
      ...(id !== undefined && { "request-id": id }),
      ...(retryAfterMs !== undefined && { "retry-after": String(Math.ceil(retryAfterMs / 1000)), "retry-after-ms": String(Math.ceil(retryAfterMs)) }),
    },
    body: errorBody(error, id),
  };
}

/** Ends the stream: neither `message_delta` nor `message_stop` follows an error. */
export function encodeStreamError(error: GatewayErrorShape, requestId?: string): string {
  return sseFrame(JSON.stringify(errorBody(error, requestId ?? error.requestId)), "error");
}

function errorBody(error: GatewayErrorShape, requestId: string | undefined): JsonObject {
  const details = error.upstream === undefined ? undefined : present<MutableJsonObject>({ ...error.upstream });
  return present<MutableJsonObject>({
    type: "error",
    error: present<MutableJsonObject>({ type: TYPES[error.kind].type, message: messageOf(error), details }),
    request_id: requestId,
  });
}

/** Claude Code compacts the conversation when it reads these words, so an overflow begins with them whoever reported it. */
const TOO_LONG = "prompt is too long";

function messageOf(error: GatewayErrorShape): string {
  if (error.kind !== "context-length" || error.message.startsWith(TOO_LONG)) return error.message;
  return `${TOO_LONG}: ${error.message}`;
}
