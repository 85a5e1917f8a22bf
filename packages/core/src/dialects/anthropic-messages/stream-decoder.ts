import { EventSequencer, isJsonObject, parseArguments, parseJson, type EmitEvent, type Json, type JsonObject, type MutableJsonObject, type ToolCallPart } from "../../canonical/index.ts";
import { GatewayError, isGatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { Frame } from "../../wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import { decodeCitation } from "./citations.ts";
import type { BlockContext } from "./decode-blocks.ts";
import { errorOfBody } from "./decode-error.ts";
import { residueOf } from "./decode-response.ts";
import { decodeFinish } from "./finish-reason.ts";
import { number, text } from "./loose-values.ts";
import { propertyNames } from "./property-names.ts";
import { decodeReplyBlock, isCustomTool, replyContext, replySeal } from "./reply-blocks.ts";
import { isResultCall } from "./result-tool.ts";
import { decodeUsage, mergeWireUsage } from "./usage.ts";
import { DIALECT_ID, type StreamEventBody } from "./wire.ts";

const MESSAGE_KNOWN: ReadonlySet<string> = new Set(["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage"]);
const DELTA_KNOWN: ReadonlySet<string> = new Set(["stop_reason", "stop_sequence"]);
const DELTA_EVENT_KNOWN: ReadonlySet<string> = new Set(["type", "delta", "usage"]);

/** A block whose deltas mean nothing to canonical piece by piece: it is told whole when it ends. */
interface Held {
  readonly block: MutableJsonObject;
  inputText: string;
  /** Its place is taken already by a part of this stream. */
  readonly opened: boolean;
}

/** How the deltas of an open block are told. */
type Live = "text" | "thinking" | "call" | "result";

/**
 * Reads an Anthropic stream. The real API sends one block after the other; compatible servers repeat
 * `message_start`, skip indices and overlap blocks, which the sequencer puts right.
 */
export class AnthropicStreamDecoder implements StreamDecoder {
  readonly #exchange: Exchange;
  readonly #sequencer: EventSequencer;
  readonly #live = new Map<number, Live>();
  readonly #held = new Map<number, Held>();
  #model: string;
  #usage: JsonObject | undefined;

  constructor(exchange: Exchange, emit: EmitEvent) {
    this.#exchange = exchange;
    this.#model = exchange.upstreamModel;
    this.#sequencer = new EventSequencer(emit, {
      fallbackId: () => exchange.newId("msg_"),
      fallbackModel: exchange.upstreamModel,
      newCallId: () => exchange.newId("toolu_"),
    });
  }

  push(frame: Frame): void {
    if (this.#sequencer.done || frame.event === "ping" || frame.data === "" || frame.data === "[DONE]") return;
    try {
      const body: unknown = parseJson(frame.data);
      if (isJsonObject(body)) this.#event(body, frame.event);
    } catch (thrown) {
      this.#sequencer.fail(isGatewayError(thrown) ? thrown : new GatewayError("upstream_malformed", { source: "upstream", cause: thrown }));
    }
  }

  end(truncated = false): void {
    if (this.#sequencer.done) return;
    if (!truncated && (this.#sequencer.finished || this.#mayEndEarly())) this.#close();
    else this.#sequencer.fail(new GatewayError("stream_interrupted", { source: "upstream" }));
  }

  /** For upstreams that are known to leave out the end. */
  #mayEndEarly(): boolean {
    return this.#exchange.capabilities.lenientEof === true && this.#sequencer.hasContent && this.#held.size === 0 && ![...this.#live.values()].includes("call");
  }

  #event(body: JsonObject & StreamEventBody, name: string): void {
    switch (text(body.type) ?? name) {
      case "content_block_delta":
        return this.#delta(this.#index(body), body.delta);
      case "content_block_start":
        return this.#blockStart(this.#index(body), body.content_block);
      case "content_block_stop":
        return this.#blockStop(this.#index(body));
      case "message_start":
        return this.#messageStart(body.message);
      case "message_delta":
        return this.#messageDelta(body);
      case "message_stop":
        return this.#close();
      case "error":
        return this.#sequencer.fail(errorOfBody(body));
    }
    // A bare error object, as compatible servers send it.
    if (name === "error" || isJsonObject(body.error)) this.#sequencer.fail(errorOfBody(body));
  }

  #blocks(): BlockContext {
    return replyContext(this.#exchange, this.#model);
  }

  #index(body: StreamEventBody): number {
    return number(body.index) ?? 0;
  }

  #messageStart(message: unknown): void {
    if (!isJsonObject(message) || this.#sequencer.started) return;
    this.#model = text(message.model) ?? this.#model;
    const usage = isJsonObject(message.usage) ? message.usage : undefined;
    this.#sequencer.start({ id: text(message.id), model: text(message.model), serviceTier: text(usage?.service_tier) });
    this.#residue(message, MESSAGE_KNOWN);
    this.#addUsage(usage);
    this.#wholeMessage(message);
  }

  /** A turn that goes on after calls from within code comes whole in its first event (seen with Anthropic, 2025-12). */
  #wholeMessage(message: JsonObject): void {
    const content = Array.isArray(message.content) ? (message.content as readonly Json[]) : [];
    content.forEach((block, index) => {
      this.#blockStart(index, block);
      this.#blockStop(index);
    });
    if (typeof message.stop_reason === "string") this.#messageDelta({ delta: { stop_reason: message.stop_reason, stop_sequence: message.stop_sequence ?? null } });
  }

  #blockStart(index: number, block: unknown): void {
    if (!isJsonObject(block)) return;
    this.#blockStop(index);
    switch (block.type) {
      case "text":
        return this.#openText(index, block);
      case "thinking":
        return this.#openThinking(index, block);
      case "tool_use":
        return this.#openCall(index, block);
      default:
        this.#held.set(index, { block: { ...block }, inputText: "", opened: false });
    }
  }

  #openText(index: number, block: JsonObject): void {
    this.#live.set(index, "text");
    this.#sequencer.open(0, index, { kind: "text", text: "" });
    this.#text(index, text(block.text) ?? "");
    for (const citation of Array.isArray(block.citations) ? (block.citations as readonly Json[]) : []) this.#citation(index, citation);
  }

  #openThinking(index: number, block: JsonObject): void {
    this.#live.set(index, "thinking");
    this.#thinking(index, text(block.thinking) ?? "");
    this.#signature(index, text(block.signature) ?? "");
  }

  #openCall(index: number, block: JsonObject): void {
    const part = decodeReplyBlock({ ...block, input: {} }, this.#blocks(), this.#exchange);
    if (part.kind !== "tool-call") {
      this.#live.set(index, isResultCall(text(block.name) ?? "", this.#exchange) ? "result" : "text");
      this.#sequencer.open(0, index, { kind: "text", text: "" });
      return;
    }
    const { wire: _wire, arguments: _arguments, ...call } = part;
    this.#sequencer.open(0, index, { ...call, argumentsText: "" });
    if (this.#mustWait(call)) {
      this.#held.set(index, { block: { ...block }, inputText: "", opened: true });
      return;
    }
    this.#live.set(index, "call");
    if (isJsonObject(block.input) && Object.keys(block.input).length > 0) this.#sequencer.delta(0, index, { type: "arguments", text: JSON.stringify(block.input) });
  }

  /** Arguments that are to be told in another form cannot be passed on piece by piece. */
  #mustWait(call: ToolCallPart): boolean {
    return isCustomTool(call, this.#exchange) || (this.#exchange.request.dialect !== DIALECT_ID && propertyNames(this.#exchange, call.name, call.namespace) !== undefined);
  }

  #delta(index: number, delta: unknown): void {
    if (!isJsonObject(delta)) return;
    const held = this.#held.get(index);
    if (held !== undefined) return addToHeld(held, delta);
    switch (delta.type) {
      case "text_delta":
        return this.#text(this.#started(index, "text"), text(delta.text) ?? "");
      case "thinking_delta":
        return this.#thinking(this.#started(index, "thinking"), text(delta.thinking) ?? "");
      case "input_json_delta":
        return this.#json(index, text(delta.partial_json) ?? "");
      case "signature_delta":
        return this.#signature(this.#started(index, "thinking"), text(delta.signature) ?? "");
      case "citations_delta":
        return this.#citation(index, delta.citation);
    }
  }

  /** Some servers begin a block with its first delta, or change its kind on the way: each kind gets a part of its own. */
  #started(index: number, kind: "text" | "thinking"): number {
    if (this.#live.get(index) === kind) return index;
    this.#blockStop(index);
    if (kind === "text") this.#openText(index, {});
    else this.#openThinking(index, {});
    return index;
  }

  #text(index: number, piece: string): void {
    if (piece !== "") this.#sequencer.delta(0, index, { type: "text", text: piece });
  }

  /** The part begins with its first content: only then is it known whether there is text to read. */
  #thinking(index: number, piece: string): void {
    if (piece === "") return;
    this.#sequencer.open(0, index, { kind: "reasoning", text: "", textKind: "summary" });
    this.#text(index, piece);
  }

  #json(index: number, piece: string): void {
    if (piece === "") return;
    const live = this.#live.get(index);
    if (live === "call") this.#sequencer.delta(0, index, { type: "arguments", text: piece });
    else if (live === "result") this.#sequencer.delta(0, index, { type: "text", text: piece });
  }

  /** A signature comes whole; the last one counts. */
  #signature(index: number, value: string): void {
    if (value === "") return;
    this.#sequencer.open(0, index, { kind: "reasoning", text: "", textKind: "none" });
    this.#sequencer.delta(0, index, { type: "seal", seal: replySeal(value, "signature", this.#model) });
  }

  #citation(index: number, wire: unknown): void {
    const citation = isJsonObject(wire) ? decodeCitation(wire) : undefined;
    if (citation !== undefined) this.#sequencer.delta(0, index, { type: "citation", citation });
  }

  #blockStop(index: number): void {
    const held = this.#held.get(index);
    if (held !== undefined) {
      this.#held.delete(index);
      this.#tellHeld(index, held);
    }
    const live = this.#live.get(index);
    if (live === undefined) return;
    this.#live.delete(index);
    if (live === "call" && this.#sequencer.textOf(0, index) === "") this.#sequencer.delta(0, index, { type: "arguments", text: "{}" });
    this.#sequencer.close(0, index);
  }

  #tellHeld(index: number, { block, inputText, opened }: Held): void {
    const whole = inputText === "" ? block : withInput(block, inputText);
    const part = decodeReplyBlock(whole, this.#blocks(), this.#exchange);
    if (!opened) return this.#sequencer.whole(0, part);
    // Arguments that broke off cannot be told in another form.
    const told = part.kind === "tool-call" && whole.input !== BROKEN ? part.argumentsText : inputText;
    this.#sequencer.delta(0, index, { type: "arguments", text: told });
    this.#sequencer.close(0, index);
  }

  #messageDelta(body: JsonObject): void {
    const delta = isJsonObject(body.delta) ? body.delta : {};
    this.#residue(delta, DELTA_KNOWN);
    this.#residue(body, DELTA_EVENT_KNOWN);
    this.#addUsage(isJsonObject(body.usage) ? body.usage : undefined);
    if (text(delta.stop_reason) !== undefined) this.#sequencer.finish(0, decodeFinish(delta));
  }

  #addUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    this.#usage = mergeWireUsage(this.#usage, usage);
    this.#sequencer.usage(decodeUsage(this.#usage));
  }

  #residue(holder: JsonObject, known: ReadonlySet<string>): void {
    const value = residueOf(holder, known)?.[DIALECT_ID];
    if (value !== undefined) this.#sequencer.residue(DIALECT_ID, value);
  }

  #close(): void {
    for (const index of [...this.#held.keys(), ...this.#live.keys()]) this.#blockStop(index);
    this.#sequencer.end();
  }
}

/** Stands for an input that is not whole JSON. */
const BROKEN: JsonObject = {};

function withInput(block: JsonObject, inputText: string): MutableJsonObject {
  return { ...block, input: parseArguments(inputText) ?? BROKEN };
}

/** Input comes in pieces of JSON; what other deltas carry (a compaction's `content`) replaces or extends the member of that name. */
function addToHeld(held: Held, delta: JsonObject): void {
  if (delta.type === "input_json_delta") {
    held.inputText += text(delta.partial_json) ?? "";
    return;
  }
  for (const [key, value] of Object.entries(delta)) {
    const earlier = held.block[key];
    if (key !== "type" && value !== undefined) held.block[key] = typeof earlier === "string" && typeof value === "string" ? earlier + value : value;
  }
}
