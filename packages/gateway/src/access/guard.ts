import type { GenerateRequest } from "@dragoman/core";
import type { OwnKey } from "../credentials/credential-account.ts";
import type { Call } from "../pipeline/call.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";
import type { Principal, Visitor } from "./principal.ts";

/** Who may come in, and how much they may use. Answers at once when it can: a promise costs a turn of the loop. */
export interface Guard {
  /**
   * The first of the presented keys that is known wins: a dummy bearer token beside a good `x-api-key` is fine.
   * @throws GatewayError `invalid_api_key`, `permission_denied` (address, dialect), `store_unavailable`
   */
  identify(presented: Presented, visitor: Visitor): Principal | Promise<Principal>;
  /**
   * Sets aside what the request may come to.
   * @throws GatewayError `permission_denied` (model), `rate_limited`, `budget_exhausted`, `money_budget_exhausted`, `store_unavailable`
   */
  admit(call: Call, request: Admitted): Pass | undefined | Promise<Pass | undefined>;
  /** The key beside the one that opened the door, if it is none of those that are known here. Ours are never told. */
  ownKey(headers: Headers, principal: Principal): OwnKey | undefined;
  /** Whether anybody is asked for a key. Without one, whoever reaches the port is let in. */
  isKeyed(): boolean | Promise<boolean>;
  /** Keys or users of the store were changed here; what is remembered of them is read anew. */
  reload(): Promise<void>;
}

/** What of a request tells who asks. */
export interface Presented {
  readonly headers: Headers;
  readonly query: { get(name: string): string | null };
  /** Client dialect; absent for what is no dialect's own, such as a list of models. */
  readonly dialect?: string;
}

/** What of a request tells what it may come to. */
export interface Admitted {
  /** Absent: none in particular. */
  readonly model?: string;
  readonly maxOutputTokens?: number | undefined;
  /** `false`: nothing is generated; it counts as a request, and no more. */
  readonly spends?: boolean;
  /** Members of a `GenerateRequest`, for an estimate of its input. */
  readonly messages?: GenerateRequest["messages"];
  readonly sampling?: GenerateRequest["sampling"];
}

/** The permission that one request has. */
export interface Pass {
  /** Rate-limit headers in the client's dialect; none while there is nothing to tell. */
  readonly headers: Readonly<Record<string, string>>;
  /** The client has limits a minute of its own here: those of the upstream are none of its business. */
  readonly hasRates?: boolean;
  /** An attempt was written down. */
  spend(record: AttemptRecord): void;
  /** The request is over; called once. */
  release(): void;
}
