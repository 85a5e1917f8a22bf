import type { Json, JsonObject } from "@dragoman/core";

/** What a simulated model does in one answer, in words of no dialect. */
export interface Act {
  readonly reasoning?: string;
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: JsonObject }[];
  /** Default: `tools` when there are calls, else `end`. */
  readonly finish?: "end" | "length" | "refusal";
  /** Totals as people count: cached is part of input, reasoning is part of output. */
  readonly usage?: { readonly input: number; readonly cached?: number; readonly output: number; readonly reasoning?: number };
}

/** What goes wrong instead of an answer. */
export type Trouble =
  | { readonly trouble: "refuse"; readonly status: number; readonly message: string; readonly headers?: Readonly<Record<string, string>>; readonly raw?: string }
  /** The stream ends after so many events, without the dialect's end. */
  | { readonly trouble: "cut"; readonly afterEvents: number; readonly act: Act }
  /** The stream says nothing more after so many events, and stays open. */
  | { readonly trouble: "stall"; readonly afterEvents: number; readonly act: Act }
  /** Status 200 and then an error as the first event, or after so many. */
  | { readonly trouble: "error-event"; readonly afterEvents: number; readonly act: Act; readonly message: string }
  /** A stream was asked for, a whole body comes. */
  | { readonly trouble: "whole-body"; readonly act: Act }
  /** One event is not JSON. */
  | { readonly trouble: "bad-json"; readonly afterEvents: number; readonly act: Act };

/** What the simulator understood of a request. */
export interface Question {
  readonly model: string;
  readonly streamed: boolean;
  /** Texts of the user in the last turn. */
  readonly prompt: string;
  readonly system: string;
  /** Results that the last turn brings, in order. */
  readonly results: readonly { readonly callId: string; readonly name?: string; readonly text: string }[];
  readonly toolNames: readonly string[];
  readonly images: number;
  readonly wantsReasoning: boolean;
  readonly body: JsonObject;
}

export type Script = (question: Question) => Act | Trouble | Promise<Act | Trouble>;

/** A rule of the provider that a request broke; the simulator answers 400 with it, as the provider would. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

export interface SeenRequest {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Json;
  readonly violations: readonly Violation[];
  /** The client (that is, the gateway) hung up before the end. */
  aborted: boolean;
}

/** One dialect's half of a simulator: how to read, check, answer and refuse. Knows nothing of our own codecs. */
export interface SimulatedDialect {
  readonly id: string;
  /** `undefined` for a path that the provider does not have. */
  read(path: string, query: URLSearchParams, headers: Headers, body: JsonObject): Question | undefined;
  /** Everything that the provider would refuse. */
  check(body: JsonObject, question: Question, seals: SealBook): readonly Violation[];
  whole(act: Act, reply: ReplyContext): JsonObject;
  /** SSE events as text, in order, the dialect's end included. */
  events(act: Act, reply: ReplyContext): readonly string[];
  refusal(status: number, message: string): JsonObject;
  /** An error inside a stream. */
  errorEvent(message: string): string;
}

export interface ReplyContext {
  readonly model: string;
  /** Fresh ids, counted. */
  id(prefix: string): string;
  readonly seals: SealBook;
  readonly question: Question;
}

/** Remembers every seal that was handed out, so that one which comes back altered, or from elsewhere, is found out. */
export class SealBook {
  readonly #vendor: string;
  readonly #issued = new Map<string, string>();
  #count = 0;

  constructor(vendor: string) {
    this.#vendor = vendor;
  }

  /** A seal over `content`, in letters that base64 also has. */
  issue(content: string, prefix = ""): string {
    const seal = `${prefix}${this.#vendor}Seal${String(++this.#count).padStart(6, "0")}AbCdEfGhIjKlMnOp+/==`;
    this.#issued.set(seal, content);
    return seal;
  }

  /** Whether the seal was made here, over just this content. */
  verify(seal: unknown, content: string): boolean {
    return typeof seal === "string" && this.#issued.get(seal) === content;
  }

  knows(seal: unknown): boolean {
    return typeof seal === "string" && this.#issued.has(seal);
  }
}
