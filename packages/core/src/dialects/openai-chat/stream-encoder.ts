import type { EmitEvent, GatewayErrorShape, GenerateEvent, JsonObject, Usage } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { SSE_COMMENT } from "../../wire/sse.ts";
import type { StreamEncoder } from "../dialect.ts";
import { ChoiceWriter } from "./choice-writer.ts";
import { encodeStreamError } from "./encode-error.ts";
import { encodeFinish } from "./finish-reason.ts";
import { CHAT } from "./identity.ts";
import { createdAt, replyHabits, type ReplyHabits } from "./reply.ts";
import { encodeUsage } from "./usage.ts";

export function createStreamEncoder(exchange: Exchange, write: (text: string) => void): StreamEncoder {
  return new ChatStreamEncoder(exchange, write);
}

/** Writes chunks. What is alike in all of them is made once; a delta costs one string. */
class ChatStreamEncoder implements StreamEncoder {
  readonly #exchange: Exchange;
  readonly #write: (text: string) => void;
  readonly #habits: ReplyHabits;
  readonly #choices: ChoiceWriter[] = [];
  readonly #wantsUsage: boolean;
  /** Up to and without `"choices"`. */
  #head = "";
  #usage: Usage | undefined;
  #residue: JsonObject = {};
  #ended = false;

  constructor(exchange: Exchange, write: (text: string) => void) {
    this.#exchange = exchange;
    this.#write = write;
    this.#habits = replyHabits(exchange);
    this.#wantsUsage = exchange.request.includeUsage === true;
  }

  readonly push: EmitEvent = (event) => {
    if (this.#ended) return;
    switch (event.type) {
      case "part-delta":
        this.#choice(event.candidate).delta(event.delta);
        return;
      case "part-start":
        this.#choice(event.candidate).start(event.part);
        return;
      case "part-end":
        this.#choice(event.candidate).end(event.part);
        return;
      case "response-start":
        this.#start(event);
        return;
      case "usage":
        this.#usage = event.usage;
        return;
      case "residue":
        if (event.dialect === CHAT) this.#keepResidue(event.value);
        return;
      case "finish":
        this.#finish(event);
        return;
      case "response-end":
        this.#end();
        return;
      case "error":
        this.#fail(event.error);
    }
  };

  /** A comment: an event would not be a chunk, and the SDK would stumble over it. */
  keepAlive(): string {
    return SSE_COMMENT;
  }

  #start(event: Extract<GenerateEvent, { type: "response-start" }>): void {
    const head = {
      id: event.id || this.#exchange.newId("chatcmpl-"),
      object: "chat.completion.chunk",
      created: createdAt(event.createdAt, this.#exchange),
      model: this.#exchange.replyModel,
      ...(event.serviceTier !== undefined && { service_tier: event.serviceTier }),
    };
    this.#head = `data: ${JSON.stringify(head).slice(0, -1)},`;
    this.#choice(0);
  }

  #choice(candidate: number): ChoiceWriter {
    const known = this.#choices[candidate];
    if (known !== undefined) return known;
    const writer = new ChoiceWriter(candidate, { exchange: this.#exchange, habits: this.#habits, write: this.#write });
    this.#choices[candidate] = writer;
    writer.frame(this.#head, this.#tail);
    writer.role();
    return writer;
  }

  get #tail(): string {
    return this.#wantsUsage ? ',"usage":null}\n\n' : "}\n\n";
  }

  /** The fingerprint belongs to every chunk that follows; other members are told with the first finish. */
  #keepResidue(value: JsonObject): void {
    const { system_fingerprint: fingerprint, ...rest } = value;
    if (typeof fingerprint === "string" && !this.#head.includes('"system_fingerprint":')) {
      this.#head += `"system_fingerprint":${JSON.stringify(fingerprint)},`;
      for (const choice of this.#choices) choice?.frame(this.#head, this.#tail);
    }
    this.#residue = { ...this.#residue, ...rest };
  }

  #finish({ candidate, finish }: Extract<GenerateEvent, { type: "finish" }>): void {
    const choice = this.#choice(candidate);
    if (finish.reason === "malformed-tool-call" && !choice.saidText) {
      this.#fail(new GatewayError("upstream_malformed", { source: "upstream", message: "The model made a tool call that could not be read." }));
      return;
    }
    choice.finish(encodeFinish(finish, { refusal: choice.saidRefusal, legacyCall: this.#habits.legacyCalls }), this.#residue);
    this.#residue = {};
  }

  #end(): void {
    this.#ended = true;
    if (this.#wantsUsage && this.#usage !== undefined) this.#write(`${this.#head}"choices":[],"usage":${JSON.stringify(encodeUsage(this.#usage, this.#exchange))}}\n\n`);
    this.#write("data: [DONE]\n\n");
  }

  #fail(error: GatewayErrorShape): void {
    this.#ended = true;
    for (const event of encodeStreamError(error).split(/(?<=\n\n)/)) this.#write(event);
  }
}
