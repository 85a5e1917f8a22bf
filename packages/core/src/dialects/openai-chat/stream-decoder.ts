import { EventSequencer, isJsonObject, parseJson, type EmitEvent, type Json, type JsonObject } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { Frame } from "../../wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import { ChoiceReader } from "./choice-reader.ts";
import { decodeEmbeddedError } from "./decode-error.ts";
import { residueFrom, sequencerOptions, startFrom } from "./response-head.ts";
import { decodeUsage } from "./usage.ts";
import type { ChatChoice, ChatChunk } from "./wire.ts";

export function createStreamDecoder(exchange: Exchange, emit: EmitEvent): StreamDecoder {
  return new ChatStreamDecoder(exchange, emit);
}

/** Reads a chunk after the other; order, gaps and repetitions are the readers' and the sequencer's business. */
class ChatStreamDecoder implements StreamDecoder {
  readonly #exchange: Exchange;
  readonly #sequencer: EventSequencer;
  readonly #reader: ChoiceReader;
  /** Chunks that name more than the usual members are looked at once at the start and once at the end. */
  #headRead = false;

  constructor(exchange: Exchange, emit: EmitEvent) {
    this.#exchange = exchange;
    this.#sequencer = new EventSequencer(emit, sequencerOptions(exchange));
    this.#reader = new ChoiceReader(exchange, this.#sequencer);
  }

  push(frame: Frame): void {
    if (this.#sequencer.done) return;
    const { data } = frame;
    if (data.charCodeAt(0) !== BRACE && data.trim() === "[DONE]") {
      this.end();
      return;
    }
    const chunk = parse(data);
    if (chunk !== undefined) this.#chunk(chunk);
    else if (data.trim() !== "") this.#sequencer.fail(new GatewayError("upstream_malformed", { source: "upstream" }));
  }

  /** A finish reason is what makes an answer whole; `[DONE]`, or its absence, says nothing. */
  end(): void {
    if (this.#sequencer.done) return;
    if (!this.#sequencer.finished) {
      const finish = this.#exchange.capabilities.lenientEof === true ? this.#reader.guessFinish() : undefined;
      if (finish === undefined) {
        this.#sequencer.fail(new GatewayError("stream_interrupted", { source: "upstream" }));
        return;
      }
      this.#sequencer.finish(0, finish);
    }
    this.#reader.finish();
    this.#sequencer.end();
  }

  #chunk(body: JsonObject): void {
    const chunk = body as ChatChunk;
    if (chunk.error !== undefined && chunk.error !== null) {
      this.#sequencer.fail(decodeEmbeddedError(body));
      return;
    }
    const choices = Array.isArray(chunk.choices) ? (chunk.choices as readonly ChatChoice[]) : [];
    if (!this.#headRead) {
      // Azure sends the verdict on the prompt first, in a chunk that has neither id nor choice (seen 2024).
      if (choices.length === 0 && !isJsonObject(chunk.usage) && !chunk.id) return;
      this.#headRead = true;
      startFrom(chunk, this.#sequencer);
      residueFrom(body, this.#sequencer);
    }
    let last = false;
    for (const choice of choices) {
      if (!isJsonObject(choice)) continue;
      this.#reader.push(choice);
      if (choice.finish_reason) last = true;
    }
    if (last || choices.length === 0) this.#lastWords(body, choices[0]);
    else if (isJsonObject(chunk.usage)) this.#usage(chunk.usage);
  }

  /** Usage stands at the top; Moonshot puts it into the choice, Groq into a member of its own (both seen 2025). */
  #lastWords(body: JsonObject, choice: ChatChoice | undefined): void {
    const own = isJsonObject(body.x_groq) ? body.x_groq.usage : undefined;
    this.#usage(body.usage ?? own ?? (choice as JsonObject | undefined)?.usage);
    residueFrom(body, this.#sequencer);
  }

  #usage(value: Json | undefined): void {
    const usage = decodeUsage(value);
    if (usage !== undefined) this.#sequencer.usage(usage);
  }
}

/** `{`, with which nearly every frame begins. */
const BRACE = 123;

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = parseJson(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
