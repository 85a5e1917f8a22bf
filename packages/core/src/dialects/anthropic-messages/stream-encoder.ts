import type { Delta, Finish, GenerateEvent, MutableJsonObject, Part, ReasoningPart, Seal, Usage } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { createCallIds, type CallIds } from "../../naming/index.ts";
import { SSE_COMMENT } from "../../wire/sse.ts";
import type { StreamEncoder } from "../dialect.ts";
import { BlockWriter } from "./block-writer.ts";
import { CallMemoryWriter } from "./call-memory.ts";
import { encodeCitation } from "./citations.ts";
import { encodeStreamError } from "./encode-error.ts";
import { failureOf, replyId, replyUsage } from "./encode-response.ts";
import { estimateInput } from "./estimate-input.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeReplyPart } from "./reply-parts.ts";
import { carrierBefore, carrierBehind, reasoningSignature } from "./reply-seals.ts";
import { MESSAGE_STOP, namedEvent, PING } from "./stream-text.ts";
import { DIALECT_ID, NAME_RULES } from "./wire.ts";

type PartStart = Extract<GenerateEvent, { type: "part-start" }>;
type Head = Extract<GenerateEvent, { type: "response-start" }>;

/** Members that stand beside `delta` in `message_delta`; all other residue stands in it. */
const EVENT_MEMBERS: ReadonlySet<string> = new Set(["context_management", "input_transformations"]);

/** Writes an Anthropic stream: one block after the other, counted from 0, every event named, usage at both ends. */
export class AnthropicStreamEncoder implements StreamEncoder {
  readonly #exchange: Exchange;
  readonly #write: (text: string) => void;
  readonly #ids: CallIds = createCallIds(NAME_RULES);
  readonly #memory: CallMemoryWriter;
  readonly #blocks: BlockWriter;
  /** Held until the next event, which often tells the usage. */
  #head: Head | undefined;
  #started = false;
  #done = false;
  /** The part that grows now. */
  #part: Part | undefined;
  #sealKnownAtStart = false;
  #seal: Seal | undefined;
  #summaryIndex = 0;
  #wireCallId = "";
  /** Text of a thinking block that waits, open, for a seal: the next part may bring the envelope that goes with it. */
  #unsealedText: string | undefined;
  #usage: Usage | undefined;
  #finish: Finish = { reason: "other" };
  #refusal: string | undefined;
  #hasText = false;
  #residue: MutableJsonObject = {};
  #otherCandidates = false;

  constructor(exchange: Exchange, write: (text: string) => void) {
    this.#exchange = exchange;
    this.#write = write;
    this.#memory = new CallMemoryWriter(exchange);
    this.#blocks = new BlockWriter(write, () => this.#start());
  }

  push(event: GenerateEvent): void {
    if (this.#done) return;
    switch (event.type) {
      case "part-delta":
        if (this.#isMine(event.candidate)) this.#delta(event.delta);
        return;
      case "part-start":
        if (this.#isMine(event.candidate)) this.#partStart(event);
        return;
      case "part-end":
        if (this.#isMine(event.candidate)) this.#partEnd(event.part);
        return;
      case "response-start":
        this.#head = event;
        return;
      case "usage":
        this.#usage = event.usage;
        return this.#start();
      case "finish":
        if (this.#isMine(event.candidate)) this.#finish = event.finish;
        return;
      case "residue":
        if (event.dialect === DIALECT_ID) Object.assign(this.#residue, event.value);
        return;
      case "response-end":
        return this.#end();
      case "error":
        return this.#fail(encodeStreamError(event.error));
      case "ping":
        if (this.#started) this.#write(PING);
    }
  }

  /** Before `message_start` only a comment is safe: not every client skips a ping there. */
  keepAlive(): string {
    return this.#started ? PING : SSE_COMMENT;
  }

  #isMine(candidate: number): boolean {
    if (candidate === 0) return true;
    if (!this.#otherCandidates) this.#exchange.report({ code: "candidates", path: "content", action: "dropped", detail: "only the first answer has a form here" });
    this.#otherCandidates = true;
    return false;
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const known = this.#usage?.inputFresh !== undefined ? replyUsage(this.#usage, this.#exchange) : { input_tokens: estimateInput(this.#exchange.request) };
    const message = {
      id: replyId(this.#head?.id ?? "", this.#exchange),
      type: "message",
      role: "assistant",
      model: this.#exchange.replyModel,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { output_tokens: 1, ...known },
    };
    this.#write(namedEvent("message_start", { message }));
    this.#write(PING);
  }

  // Seals of other vendors

  /** Ends thoughts that wait for a seal, with the next part's envelope or with one of their own. */
  #settle(carrier: string | undefined): void {
    const waiting = this.#unsealedText;
    this.#unsealedText = undefined;
    if (waiting !== undefined) this.#blocks.sign(carrier ?? reasoningSignature(waiting, undefined, this.#exchange));
    else if (carrier !== undefined) this.#carry(carrier);
  }

  #carry(envelope: string): void {
    this.#blocks.openThinking();
    this.#blocks.sign(envelope);
  }

  // Parts

  #partStart({ part }: PartStart): void {
    this.#part = part;
    this.#seal = undefined;
    this.#summaryIndex = 0;
    const signed = part.kind === "text" || part.kind === "tool-call" ? part : undefined;
    this.#sealKnownAtStart = signed?.seal !== undefined;
    this.#settle(signed && carrierBefore(signed, this.#exchange));
    switch (part.kind) {
      case "text":
      case "refusal":
        if (part.text !== "") this.#textPiece(part.text);
        return;
      case "reasoning":
        this.#seal = part.seal;
        if (part.text !== "") this.#thinkingPiece(part.text);
        return;
      case "tool-call":
        return this.#callStart(part);
    }
  }

  #callStart(part: Extract<Part, { kind: "tool-call" }>): void {
    this.#wireCallId = part.callId === "" ? this.#exchange.newId("toolu_") : this.#ids.toWire(part.callId);
    const block: MutableJsonObject = { type: "tool_use", id: this.#wireCallId, name: part.name, input: {} };
    if (part.caller !== undefined) block.caller = part.caller;
    this.#blocks.open(block, "input_json_delta", "partial_json");
    if (part.variant === "function") this.#blocks.piece(part.argumentsText);
  }

  #delta(delta: Delta): void {
    switch (delta.type) {
      case "text":
        if (this.#part?.kind === "reasoning") this.#thinkingPiece(delta.text);
        else this.#textPiece(delta.text);
        return;
      case "arguments":
        // Free text becomes a member of an object, which is written when it is whole.
        if (this.#part?.kind === "tool-call" && this.#part.variant === "function") this.#blocks.piece(delta.text);
        return;
      case "summary":
        return this.#summaryPiece(delta.text, delta.summaryIndex);
      case "seal":
        this.#seal = delta.seal;
        return;
      case "citation": {
        const citation = encodeCitation(delta.citation);
        if (citation === undefined) return;
        this.#blocks.openText();
        this.#blocks.cite(citation);
      }
    }
  }

  #textPiece(text: string): void {
    if (text === "") return;
    this.#hasText = true;
    this.#blocks.openText();
    this.#blocks.piece(text);
  }

  #thinkingPiece(text: string): void {
    if (text === "") return;
    this.#blocks.openThinking();
    this.#blocks.piece(text);
  }

  /** Several summary parts are one thinking text, with a blank line between them. */
  #summaryPiece(text: string, summaryIndex: number): void {
    if (summaryIndex > this.#summaryIndex) this.#thinkingPiece("\n\n".repeat(summaryIndex - this.#summaryIndex));
    this.#summaryIndex = Math.max(this.#summaryIndex, summaryIndex);
    this.#thinkingPiece(text);
  }

  #partEnd(part: Part): void {
    switch (part.kind) {
      case "text":
        this.#textEnd(part);
        break;
      case "refusal":
        this.#refusal = (this.#refusal ?? "") + part.text;
        this.#blocks.close();
        break;
      case "reasoning":
        this.#reasoningEnd(part);
        break;
      case "tool-call":
        if (part.variant === "custom") this.#blocks.piece(JSON.stringify({ input: part.argumentsText }));
        this.#blocks.close();
        this.#behind(part);
        break;
      default: {
        const block = encodeReplyPart(part, this.#exchange);
        if (block !== undefined) this.#blocks.whole(block);
      }
    }
    this.#memory.push(part, this.#wireCallId);
    this.#part = undefined;
  }

  /** An empty block is told only to a client whose own dialect sent it. */
  #textEnd(part: Extract<Part, { kind: "text" }>): void {
    if (part.text === "" && this.#exchange.upstreamDialect === DIALECT_ID) this.#blocks.openText();
    this.#blocks.close();
    this.#behind(part);
  }

  #behind(part: Extract<Part, { kind: "text" | "tool-call" }>): void {
    const late = part.seal !== undefined && !this.#sealKnownAtStart;
    const carrier = carrierBehind(part, this.#exchange, late);
    if (carrier !== undefined) this.#carry(carrier);
  }

  #reasoningEnd(part: ReasoningPart): void {
    const seal = part.seal ?? this.#seal;
    if (seal === undefined) {
      if (this.#blocks.isOpen) this.#unsealedText = part.text;
      return;
    }
    if (seal.form === "redacted" && this.#exchange.upstreamDialect === DIALECT_ID) return this.#blocks.whole({ type: "redacted_thinking", data: seal.value });
    this.#blocks.openThinking();
    this.#blocks.sign(reasoningSignature(part.text, seal, this.#exchange, part.summary));
  }

  // The end

  #end(): void {
    this.#start();
    this.#settle(undefined);
    const failure = failureOf({ finish: this.#finish, parts: this.#hasText ? [{ kind: "text", text: "." }] : [] });
    if (failure !== undefined) return this.#fail(encodeStreamError(failure));
    const { delta, beside } = this.#residueByPlace();
    const finish = encodeFinish(this.#finish, this.#exchange.client, this.#refusal);
    this.#write(namedEvent("message_delta", { delta: { ...finish, ...delta }, usage: replyUsage(this.#usage, this.#exchange), ...beside }));
    this.#write(MESSAGE_STOP);
    this.#done = true;
  }

  #residueByPlace(): { delta: MutableJsonObject; beside: MutableJsonObject } {
    const delta: MutableJsonObject = {};
    const beside: MutableJsonObject = {};
    for (const [key, value] of Object.entries(this.#residue)) {
      if (EVENT_MEMBERS.has(key)) beside[key] = value;
      else delta[key] = value;
    }
    return { delta, beside };
  }

  #fail(text: string): void {
    this.#done = true;
    this.#write(text);
  }
}
