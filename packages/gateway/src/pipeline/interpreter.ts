import type { GatewayError } from "@dragoman/core";
import type { ReplyFacts } from "./ledger.ts";

/** Stands between the upstream's bytes and the client's: by translating them, or by listening while they pass. */
export interface Interpreter {
  /** @returns what the client gets for it, if anything yet */
  push(chunk: Uint8Array): Uint8Array | undefined;
  /** The transport ended. */
  end(): Uint8Array | undefined;
  /** The upstream has begun to answer in earnest: from here on there is no failover. */
  readonly begun: boolean;
  /** The answer is complete, or ended with an error; what follows is ignored. */
  readonly done: boolean;
  /** All that counts of the answer is known, and it is good; the bytes that say so to the client are just being made. */
  readonly complete: boolean;
  /** Why the stream failed, when it did. */
  readonly error: GatewayError | undefined;
  readonly facts: ReplyFacts;
  /** About how many tokens the upstream has said so far; used where nobody counts them. */
  readonly said: number;
  keepAlive(): Uint8Array;
  /** Ends a stream that has begun with an error of the client's dialect; nothing when it has ended already. */
  fail(error: GatewayError): Uint8Array | undefined;
}
