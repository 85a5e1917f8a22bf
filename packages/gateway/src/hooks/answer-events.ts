import { SseReader, unfold, type EmitEvent, type Exchange, type GenerateEvent, type GenerateResponse, type Json, type StreamDecoder } from "@dragoman/core";
import type { Call } from "../pipeline/call.ts";
import type { Interpreter } from "../pipeline/interpreter.ts";
import { InterpreterAround } from "../pipeline/interpreter-around.ts";
import type { Candidate } from "../routing/candidate.ts";
import { contextOf } from "./call-context.ts";
import { isolated } from "./gather-hooks.ts";

/** An attempt that is being answered. */
export interface Answer {
  readonly call: Call;
  readonly candidate: Candidate;
  readonly request: { readonly stream: boolean };
  readonly parcel: { readonly exchange: Exchange };
}

/** Those who want to be told the events of this answer; `undefined`: nobody. A listener that threw is told no more. */
export function listenersOf({ call, candidate, request }: Pick<Answer, "call" | "candidate" | "request">): EmitEvent | undefined {
  const hooks = call.engine.hooks?.events;
  if (hooks === undefined) return undefined;
  const { logger } = call.engine.ports;
  const context = { ...contextOf(call), upstream: candidate.upstream.name, model: candidate.model, streamed: request.stream };
  const listeners = new Set<(event: GenerateEvent) => void>();
  for (const hook of hooks) {
    void isolated("events", logger, () => {
      const listener = hook(context);
      if (listener !== undefined) listeners.add(listener);
    });
  }
  if (listeners.size === 0) return undefined;
  return (event) => {
    for (const listener of listeners) {
      void isolated("events", logger, () => {
        try {
          listener(event);
        } catch (thrown) {
          listeners.delete(listener);
          throw thrown;
        }
      });
    }
  };
}

/** The events of an answer that came whole and is not read otherwise. */
export function tellBody(answer: Answer, body: Json): void {
  const tell = listenersOf(answer);
  if (tell === undefined) return;
  void isolated("events", answer.call.engine.ports.logger, () => unfold(answer.candidate.upstream.dialect.decodeResponse(body, quiet(answer)), tell));
}

/** The events of an answer that came whole and was read. */
export function tellResponse(answer: Pick<Answer, "call" | "candidate" | "request">, response: GenerateResponse): void {
  const tell = listenersOf(answer);
  if (tell !== undefined) unfold(response, tell);
}

/** Reads a stream for its events beside an interpreter that passes its bytes on; the same interpreter where nobody listens. */
export function toldStream(answer: Answer, interpreter: Interpreter): Interpreter {
  const tell = listenersOf(answer);
  return tell === undefined ? interpreter : new ToldInterpreter(interpreter, answer, tell);
}

/** What is read only to be told loses nothing for anybody. */
function quiet({ parcel }: Answer): Exchange {
  return { ...parcel.exchange, report: () => undefined };
}

class ToldInterpreter extends InterpreterAround {
  readonly #decoder: StreamDecoder;
  readonly #text = new TextDecoder();
  readonly #reader: SseReader;
  #over = false;

  constructor(inner: Interpreter, answer: Answer, tell: EmitEvent) {
    super(inner);
    this.#decoder = answer.candidate.upstream.dialect.createStreamDecoder(quiet(answer), (event) => {
      this.#over ||= event.type === "response-end" || event.type === "error";
      tell(event);
    });
    this.#reader = new SseReader((frame) => {
      if (!this.#over) this.#decoder.push(frame);
    });
  }

  push(chunk: Uint8Array): Uint8Array | undefined {
    this.#reader.push(this.#text.decode(chunk, { stream: true }));
    return this.inner.push(chunk);
  }

  end(): Uint8Array | undefined {
    const truncated = this.#reader.end();
    if (!this.#over) this.#decoder.end(truncated);
    return this.inner.end();
  }
}
