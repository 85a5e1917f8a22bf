import { toGatewayError, type Dialect, type GatewayError } from "@dragoman/core";

/** An error as a reply in the caller's own dialect. Nothing of `cause` is in it. */
export function replyError(thrown: unknown, dialect: Dialect, requestId: string): Response {
  const error = toGatewayError(thrown);
  const { status, headers, body } = dialect.encodeError(error, requestId);
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "x-request-id": requestId, ...retryHeaders(error), ...error.headers, ...headers },
  });
}

function retryHeaders(error: GatewayError): Record<string, string> {
  if (error.retryAfterMs === undefined) return {};
  return { "retry-after": String(Math.ceil(error.retryAfterMs / 1000)), "retry-after-ms": String(Math.ceil(error.retryAfterMs)) };
}
