/** What went wrong, in one word that every dialect can render. */
export type ErrorKind =
  | "invalid-request" | "context-length" | "content-policy" | "authentication" | "billing" | "budget" | "permission" | "not-found"
  | "timeout" | "conflict" | "too-large" | "unsupported-media" | "unprocessable" | "rate-limit" | "client-closed"
  | "server" | "not-implemented" | "bad-gateway" | "overloaded" | "gateway-timeout";

/** The data of a `GatewayError`; canonical knows the shape, `errors/` knows the class and the codes. */
export interface GatewayErrorShape {
  readonly kind: ErrorKind;
  /** The row of `errors/codes.ts`, e.g. `invalid_request`, `model_not_found`. */
  readonly code: string;
  /** HTTP status as the gateway sees it; a dialect may render its own (503 ↔ 529). */
  readonly status: number;
  /** Fit for anyone to read: no keys, hosts or account ids. */
  readonly message: string;
  readonly source: "client" | "gateway" | "upstream";
  /** Path of the fault in the caller's spelling. */
  readonly path?: string;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  /** The vendor's own type word and code, when an upstream said them. */
  readonly upstream?: { readonly type?: string; readonly code?: string; readonly status?: number };
}
