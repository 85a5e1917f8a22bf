import { GatewayError } from "@dragoman/core";
import type { Limits } from "./limits.ts";

/** Who asks. `id` tells keys apart in records and scopes; it opens nothing. */
export interface Principal {
  /** `anonymous`, `key-<hash>` for a key of the configuration, `key:<id>` for one of the store. */
  readonly id: string;
  readonly keyId?: number;
  readonly userId?: number;
  /** Absent: all. */
  readonly allowedModels?: (model: string) => boolean;
  /** Answers to names that nobody serves. */
  readonly ownModel?: string;
  /** Absent: all. Dialect ids. */
  readonly allowedDialects?: ReadonlySet<string>;
  /** Whose limits hold, the key's and its owner's. Absent: none. */
  readonly holders?: readonly LimitHolder[];
}

/** A key or a user that has limits. */
export interface LimitHolder {
  /** `key:<id>` or `user:<id>`. */
  readonly id: string;
  /** As people call it: `key laptop`, `user alice`. */
  readonly label?: string;
  readonly limits: Limits;
}

/** Everybody, where no key is configured. */
export const ANONYMOUS: Principal = { id: "anonymous" };

/** @throws GatewayError `invalid_api_key` when the host lets nobody in without a key; `refusal` says what to do */
export function refuseKeyless(refusal: string | undefined): void {
  if (refusal !== undefined) throw new GatewayError("invalid_api_key", { source: "client", message: refusal });
}

/** What is known of the other end of the connection. */
export interface Visitor {
  /** IP address of the peer, as the host saw it; never from a header. IPv4 is not written as IPv6. */
  readonly address?: string | undefined;
}

/** Whether the other end is this machine, as far as the host can tell. */
export function isLoopback(visitor: Visitor): boolean {
  return visitor.address === "127.0.0.1" || visitor.address === "::1";
}
