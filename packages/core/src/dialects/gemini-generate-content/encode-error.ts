import type { ErrorKind, GatewayErrorShape, JsonObject } from "../../canonical/index.ts";
import type { WireError } from "../dialect.ts";
import { present } from "../../wire/present.ts";

const STATUS: Readonly<Record<ErrorKind, string>> = {
  "invalid-request": "INVALID_ARGUMENT", "context-length": "INVALID_ARGUMENT", "content-policy": "INVALID_ARGUMENT",
  "authentication": "UNAUTHENTICATED", "billing": "RESOURCE_EXHAUSTED", "budget": "RESOURCE_EXHAUSTED", "permission": "PERMISSION_DENIED", "not-found": "NOT_FOUND",
  "timeout": "DEADLINE_EXCEEDED", "conflict": "ABORTED", "too-large": "INVALID_ARGUMENT", "unsupported-media": "INVALID_ARGUMENT",
  "unprocessable": "INVALID_ARGUMENT", "rate-limit": "RESOURCE_EXHAUSTED", "client-closed": "CANCELLED", "server": "INTERNAL",
  "not-implemented": "UNIMPLEMENTED", "bad-gateway": "UNAVAILABLE", "overloaded": "UNAVAILABLE", "gateway-timeout": "DEADLINE_EXCEEDED",
};

export function encodeError(error: GatewayErrorShape, requestId?: string): WireError {
  return { status: error.status, headers: retryHeaders(error), body: errorBody(error, requestId) };
}

/** The last event of a stream that had begun. */
export function encodeStreamError(error: GatewayErrorShape, requestId?: string): string {
  return `data: ${JSON.stringify(errorBody(error, requestId))}\n\n`;
}

export function errorBody(error: GatewayErrorShape, requestId: string | undefined): JsonObject {
  return { error: { code: error.status, message: messageOf(error), status: STATUS[error.kind], details: detailsOf(error, requestId ?? error.requestId) } };
}

function retryHeaders({ retryAfterMs }: GatewayErrorShape): { readonly [name: string]: string } {
  if (retryAfterMs === undefined) return {};
  return { "retry-after": String(Math.ceil(retryAfterMs / 1000)), "retry-after-ms": String(retryAfterMs) };
}

/** Gemini CLI knows an overflow by these words. */
function messageOf({ kind, message }: GatewayErrorShape): string {
  if (kind !== "context-length" || /exceeds the maximum number of tokens/i.test(message)) return message;
  return `The input token count exceeds the maximum number of tokens allowed. ${message}`;
}

const TYPE = "type.googleapis.com/google.rpc.";

function detailsOf(error: GatewayErrorShape, requestId: string | undefined): readonly JsonObject[] {
  const { upstream, path, message, retryAfterMs } = error;
  const metadata = present<JsonObject>({ upstreamType: upstream?.type, upstreamCode: upstream?.code, upstreamStatus: upstream?.status?.toString() });
  return [
    { "@type": `${TYPE}ErrorInfo`, reason: error.code.toUpperCase(), domain: "dragoman", ...(Object.keys(metadata).length > 0 && { metadata }) },
    ...(path !== undefined && path !== "" ? [{ "@type": `${TYPE}BadRequest`, fieldViolations: [{ field: path, description: message }] }] : []),
    ...(retryAfterMs !== undefined ? [{ "@type": `${TYPE}RetryInfo`, retryDelay: `${retryAfterMs / 1000}s` }] : []),
    ...(requestId !== undefined ? [{ "@type": `${TYPE}RequestInfo`, requestId }] : []),
  ];
}
