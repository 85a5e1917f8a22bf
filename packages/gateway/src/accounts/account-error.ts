/** Why a vendor did not give what was asked for an account. */
export type AccountErrorReason =
  /** The login is over: only a new one helps. */
  | "revoked"
  /** The vendor refused for another reason; the same question would be answered the same way. */
  | "refused"
  /** Not now: network, 5xx, 429. */
  | "unavailable"
  /** The reply was not understood. */
  | "malformed"
  /** A setting is missing. */
  | "not-configured"
  /** A person said no, or took too long. */
  | "denied" | "expired";

/** Its message may be shown to operators: it never holds a token, a code or a secret. */
export class AccountError extends Error {
  override readonly name = "AccountError";
  readonly reason: AccountErrorReason;
  readonly retryAfterMs?: number;

  constructor(reason: AccountErrorReason, message: string, options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

export function isAccountError(value: unknown): value is AccountError {
  return value instanceof Error && value.name === "AccountError" && "reason" in value;
}
