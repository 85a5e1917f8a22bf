import type { JsonObject, WireRequest } from "@dragoman/core";
import type { UpstreamFetch } from "../ports.ts";
import type { AttemptOutcome } from "../upstream/outcome.ts";

/** A request that is packed in its dialect, before an account's vendor has its way with it. */
export interface AccountRequest {
  /** The upstream's, without a trailing slash. */
  readonly baseUrl: string;
  /** The dialect's path, e.g. `/v1/messages`. */
  readonly path: string;
  readonly query?: WireRequest["query"] | undefined;
  /** Lower-cased names: the dialect's, then content-type, accept and user-agent, without any credential. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the operator set for this credential: it goes over everything. */
  readonly lastHeaders: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly streamed: boolean;
  /** The upstream's name for the model. */
  readonly model: string;
  /** Dialect id that is spoken with the upstream. */
  readonly dialect: string;
  /** The client's own request headers; none of them travels unless a vendor's kind takes it on. */
  readonly clientHeaders: Headers;
  /** See `OwnKey`. */
  readonly ownKey?: (() => OwnKey | undefined) | undefined;
  /** As in `BodyContext`. */
  readonly conversation?: string | undefined;
}

/** A key that a client brought, and that opens nothing here: it may be for a vendor. */
export interface OwnKey {
  /** As it would stand in `authorization`. */
  readonly authorization: string;
  /** The header that held it. */
  readonly from: "authorization" | "x-api-key";
  /** Nobody is asked for a key of this gateway, so that clients may send anything in its place. */
  readonly isKeyless: boolean;
}

export interface AccountSending {
  readonly fetch: UpstreamFetch;
  readonly signal: AbortSignal;
  readonly proxyUrl?: string | undefined;
  /** Shown what really goes out, each time. */
  readonly sent?: ((request: { readonly url: string; readonly headers: Record<string, string>; readonly body: string | Uint8Array }) => void) | undefined;
}

/** What is known where a body is changed for an account. */
export interface BodyContext {
  readonly model: string;
  readonly dialect: string;
  readonly streamed: boolean;
  readonly clientHeaders: Headers;
  /** Names the conversation, the same in all of its turns and nobody else's. Not for the wire: it holds what clients called it. */
  readonly conversation?: string;
}

/** What stands behind a credential that is more than a fixed key: a login whose token is renewed, a socket, a rotation. */
export interface CredentialAccount {
  /** Members that the vendor wants of this account: a project, a session, an identity. Must not change its argument. */
  patchBody?(body: JsonObject, context: BodyContext): JsonObject;
  /**
   * Sends a request with the account's token, which is renewed first when it is about to end, and once more when the
   * upstream refuses it. The reply is one of the dialect's, without any envelope of the vendor.
   * @throws GatewayError when there is no token to be had, or the upstream cannot be reached
   */
  send(request: AccountRequest, sending: AccountSending): Promise<Response>;
  /** How an attempt ended, with the model's upstream name. */
  told(outcome: AttemptOutcome, model: string): void;
  /** What must not be seen in an error's words. */
  secrets(): readonly string[];
  /** Requests that it takes at a time; absent: as many as come. */
  readonly maxConcurrency?: number;
}
