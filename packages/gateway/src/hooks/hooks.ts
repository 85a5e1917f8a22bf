import type { FailureKind, GenerateEvent, GenerateRequest } from "@dragoman/core";
import type { Limits } from "../access/limits.ts";
import type { AttemptRecord } from "../usage/attempt-record.ts";

/**
 * Where an embedder's own code has its say. Each is optional, and costs nothing where it is absent. What waits, makes the
 * request wait. A `GatewayError` that `access`, `request` or `select` throws is the client's answer, in its dialect; any
 * other throw of theirs is `internal`. The others have no say in the answer: what they throw is logged as `hook.failed`.
 */
export interface Hooks {
  /** Who is this? `undefined` leaves it to the next: further hooks, then the gateway's own keys. */
  access?(visit: Visit): MaybePromise<Admission | undefined>;
  /**
   * Sees a request before it is admitted and routed, and may give back another one: from here on it is as if the client
   * had sent that. `undefined` leaves it as it is, and only then do its bytes pass unchanged.
   */
  request?(request: GenerateRequest, context: CallContext): MaybePromise<GenerateRequest | undefined>;
  /**
   * Sees who could answer, in the order in which they would be asked, and may give back some of them in another order;
   * asked anew for each round. Those that pause or are busy are there to be seen, and are not asked whatever their place.
   */
  select?(seats: readonly SeatView[], context: SelectContext): MaybePromise<readonly SeatView[] | undefined>;
  /** Sees each reply before it goes out, refusals too, and may add headers. A stream has just begun by then. */
  response?(reply: OutgoingReply): MaybePromise<void>;
  /**
   * Asked for each attempt that is answered; what it gives back is told the answer's events as they come, also where
   * bytes pass unchanged. It must not wait. After `error`, another attempt may begin.
   */
  events?(context: AnswerContext): ((event: GenerateEvent) => void) | undefined;
  /** Told each attempt's record once it is over. Nobody waits for it. */
  usage?(record: AttemptRecord): MaybePromise<void>;
}

export type MaybePromise<T> = T | Promise<T>;

/** Somebody at the door. */
export interface Visit {
  readonly headers: Headers;
  readonly query: { get(name: string): string | null };
  /** Client dialect; absent for what is no dialect's own, such as a list of models. */
  readonly dialect?: string;
  /** IP address of the peer, where the host tells it. */
  readonly address?: string;
}

/** Who it is, and what he may. */
export interface Admission {
  /** Stands in records and logs, and keeps conversations and sealed reasoning apart: no secret, and one for each person. */
  readonly id: string;
  /** Names or patterns with `*`; absent: all. */
  readonly models?: readonly string[];
  /** Dialect ids; absent: all. */
  readonly dialects?: readonly string[];
  /** Counted in this process. Budgets need a store, and its keys. */
  readonly limits?: Omit<Limits, "budgets">;
}

/** The request that a hook is asked about. */
export interface CallContext {
  readonly requestId: string;
  /** Method and route, without the variable part: `POST /v1/messages`. */
  readonly endpoint: string;
  /** The client's. */
  readonly dialect: string;
  readonly principal: string;
  /** The client's, keys included. */
  readonly headers: Headers;
  /** Fires when the client leaves. */
  readonly signal: AbortSignal;
}

export interface SelectContext extends Pick<CallContext, "requestId" | "dialect" | "principal"> {
  /** As it was asked for. */
  readonly model: string;
  /** Ids by which the conversation is recognised, best first. */
  readonly sessionIds: readonly string[];
}

/** One credential for one model. Nothing of the secret is in it. */
export interface SeatView {
  /** Of the credential: 16 hex digits, the same over restarts. */
  readonly credential: string;
  /** For people: the upstream's name and at most the key's last four characters. */
  readonly label: string;
  /** What the configuration calls the upstream. */
  readonly upstream: string;
  /** Id of the provider's description. */
  readonly provider: string;
  /** The upstream's name for the model. */
  readonly model: string;
  /** Spoken with the upstream. */
  readonly dialect: string;
  readonly priority: number;
  readonly weight: number;
  readonly state: "ready" | "pausing" | "busy";
  /** When a pause ends, epoch ms. */
  readonly until?: number;
  readonly reason?: FailureKind;
}

export interface OutgoingReply {
  readonly requestId: string;
  readonly method: string;
  /** Without the base path. */
  readonly path: string;
  readonly status: number;
  /** Those of the reply; what is added here goes out. */
  readonly headers: Headers;
}

export interface AnswerContext extends CallContext {
  /** What the configuration calls the upstream. */
  readonly upstream: string;
  /** The upstream's name for the model. */
  readonly model: string;
  readonly streamed: boolean;
}
