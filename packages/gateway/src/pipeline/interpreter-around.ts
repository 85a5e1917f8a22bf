import type { GatewayError } from "@dragoman/core";
import type { Interpreter } from "./interpreter.ts";
import type { ReplyFacts } from "./ledger.ts";

/** Another interpreter, with somebody beside it who listens: what it says of the answer is said unchanged. */
export abstract class InterpreterAround implements Interpreter {
  protected readonly inner: Interpreter;

  constructor(inner: Interpreter) {
    this.inner = inner;
  }

  abstract push(chunk: Uint8Array): Uint8Array | undefined;
  abstract end(): Uint8Array | undefined;

  get begun(): boolean {
    return this.inner.begun;
  }

  get done(): boolean {
    return this.inner.done;
  }

  /** As the relay asks of streams that pass. */
  get ended(): boolean {
    return "ended" in this.inner && this.inner.ended === true;
  }

  get complete(): boolean {
    return this.inner.complete;
  }

  get error(): GatewayError | undefined {
    return this.inner.error;
  }

  get facts(): ReplyFacts {
    return this.inner.facts;
  }

  get said(): number {
    return this.inner.said;
  }

  keepAlive(): Uint8Array {
    return this.inner.keepAlive();
  }

  fail(error: GatewayError): Uint8Array | undefined {
    return this.inner.fail(error);
  }
}
