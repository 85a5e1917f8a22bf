import type { ErrorKind, GatewayErrorShape } from "../canonical/index.ts";
import { ERROR_CODES, type ErrorCode } from "./codes.ts";

export interface GatewayErrorOptions {
  /** Fit for anyone to read; the code's own sentence when absent. */
  readonly message?: string;
  readonly source?: GatewayErrorShape["source"];
  /** Path of the fault in the caller's spelling, e.g. `messages[2].content[0]`. */
  readonly path?: string;
  /** Overrides the code's status, e.g. with the upstream's own. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  readonly upstream?: GatewayErrorShape["upstream"];
  /** Further headers of the reply: the state of the limits that refused it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Logged, never sent. */
  readonly cause?: unknown;
}

/** The one error of the house. Compare `code`, not `instanceof`: errors cross package and worker boundaries. */
export class GatewayError extends Error implements GatewayErrorShape {
  override readonly name = "GatewayError";
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly status: number;
  readonly source: GatewayErrorShape["source"];
  readonly path?: string;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  readonly upstream?: GatewayErrorShape["upstream"];
  readonly headers?: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    const row = ERROR_CODES[code];
    super(options.message ?? row.sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = row.kind;
    this.status = options.status ?? row.status;
    this.source = options.source ?? "gateway";
    if (options.path !== undefined) this.path = options.path;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.requestId !== undefined) this.requestId = options.requestId;
    if (options.upstream !== undefined) this.upstream = options.upstream;
    if (options.headers !== undefined) this.headers = options.headers;
  }
}

export function isGatewayError(value: unknown): value is GatewayError {
  return value instanceof Error && value.name === "GatewayError" && "code" in value;
}

/** A fault in what the client sent: 400, with the path of it. */
export function invalidRequest(path: string, message: string): GatewayError {
  return new GatewayError("invalid_request", { message: path === "" ? message : `${path}: ${message}`, path, source: "client" });
}

/** The one place where unknown throws become an error of ours; what was thrown goes into `cause`. */
export function toGatewayError(thrown: unknown): GatewayError {
  return isGatewayError(thrown) ? thrown : new GatewayError("internal", { cause: thrown });
}
