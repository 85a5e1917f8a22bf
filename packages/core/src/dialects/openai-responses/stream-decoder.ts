import { EventSequencer, isJsonObject, parseJson, type EmitEvent, type Json, type JsonObject, type Seal } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { Frame } from "../../wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import { decodeAnnotation } from "./annotations.ts";
import { CallRecorder } from "./call-recorder.ts";
import { decodeEventError } from "./decode-error.ts";
import { callSkeleton, callText, decodeOutputItem, decodeResidue, messageHead, wireCallId } from "./decode-output.ts";
import { decodeFinish } from "./finish-reason.ts";
import { nullStripper } from "./forced-nulls.ts";
import { nativeSeal } from "./reasoning-item.ts";
import { StreamItems, type ContentState, type ItemState } from "./stream-items.ts";
import { decodeUsage } from "./usage.ts";
import type { WireEvent } from "./wire.ts";

type Handler = (decoder: ResponsesStreamDecoder, event: WireEvent) => void;

const NO_ITEM: JsonObject = {};

/**
 * Reads a Responses stream. Deltas give life, `output_item.done` has the last word: it supplies what deltas left out,
 * and only there is the sealed reasoning final. Items are known by id, by index or by call id, whichever a server gives.
 * @see https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11)
 */
export class ResponsesStreamDecoder implements StreamDecoder {
  readonly #exchange: Exchange;
  readonly #sequencer: EventSequencer;
  readonly #recorder: CallRecorder;
  readonly #items = new StreamItems();
  #hasRefusal = false;

  constructor(exchange: Exchange, emit: EmitEvent) {
    this.#exchange = exchange;
    this.#recorder = new CallRecorder(exchange);
    this.#sequencer = new EventSequencer(emit, {
      fallbackId: () => exchange.newId("resp_"),
      fallbackModel: exchange.upstreamModel,
      newCallId: () => exchange.newId("call_"),
      onNamelessCall: (part) => exchange.report({ code: "incomplete-call", path: "output", action: "synthesised", detail: part.name }),
    });
  }

  push(frame: Frame): void {
    if (this.#sequencer.done || frame.data === "" || frame.data === "[DONE]") return;
    let event: unknown;
    try {
      event = parseJson(frame.data);
    } catch (cause) {
      this.#sequencer.fail(new GatewayError("upstream_malformed", { source: "upstream", cause }));
      return;
    }
    if (!isJsonObject(event)) return;
    const type = typeof event.type === "string" ? event.type : frame.event;
    const handler = HANDLERS.get(type);
    if (handler !== undefined) handler(this, event as WireEvent);
    else if (type === "" && event.error !== undefined) this.fail(event.error);
  }

  end(): void {
    if (this.#sequencer.done) return;
    if (this.#exchange.capabilities.lenientEof === true && this.#sequencer.hasContent && this.#items.all.every((item) => item.done || item.head.type === "message")) {
      this.#sequencer.finish(0, { reason: this.#hasRefusal ? "refusal" : "end" });
      this.#sequencer.end();
      return;
    }
    this.#sequencer.fail(new GatewayError("stream_interrupted", { source: "upstream" }));
  }

  start(response: JsonObject | undefined): void {
    this.#sequencer.start({
      id: typeof response?.id === "string" ? response.id : undefined,
      model: typeof response?.model === "string" ? response.model : undefined,
      createdAt: typeof response?.created_at === "number" ? response.created_at : undefined,
      serviceTier: typeof response?.service_tier === "string" ? response.service_tier : undefined,
    });
  }

  fail(error: Json | undefined): void {
    this.#sequencer.fail(decodeEventError(error));
  }

  usageOf(response: JsonObject): void {
    const usage = decodeUsage(response.usage);
    if (usage !== undefined) this.#sequencer.usage(usage);
  }

  added(event: WireEvent): void {
    const item = event.item ?? NO_ITEM;
    const state = this.#items.add(item, event.output_index);
    if (isCall(item)) this.#openCall(state);
  }

  text(event: WireEvent, kind: "text" | "refusal"): void {
    const delta = event.delta ?? "";
    const content = this.#content(event, kind);
    this.#grow(this.#itemOf(event, "message"), content, delta, event.logprobs);
  }

  annotation(event: WireEvent): void {
    const content = this.#content(event, "text");
    const citation = decodeAnnotation(event.annotation ?? null);
    content.annotations++;
    if (citation !== undefined && content.open) this.#sequencer.delta(0, content.key, { type: "citation", citation });
  }

  summary(event: WireEvent): void {
    this.#thinkAloud(this.#itemOf(event, "reasoning"), "summary", event.delta ?? "", event.summary_index ?? 0);
  }

  rawThought(event: WireEvent): void {
    this.#thinkAloud(this.#itemOf(event, "reasoning"), "raw", event.delta ?? "", 0);
  }

  argument(event: WireEvent, text: string): void {
    const state = this.#itemOf(event, "function_call");
    state.text += text;
    if (state.mend === undefined && text !== "") this.#sequencer.delta(0, state.key, { type: "arguments", text });
  }

  /** The whole text of a call: what deltas left out is its tail, or all of it. */
  argumentsDone(event: WireEvent, whole: string | undefined): void {
    if (whole === undefined) return;
    const state = this.#itemOf(event, "function_call");
    this.argument(event, tailOf(state.text, whole));
  }

  itemDone(event: WireEvent): void {
    const item = event.item;
    if (item === undefined) return;
    this.#finishItem(this.#itemOf(event, typeof item.type === "string" ? item.type : "message", item), item);
  }

  finish(response: JsonObject): void {
    this.start(response);
    const output = Array.isArray(response.output) ? (response.output as readonly Json[]).filter(isJsonObject) : [];
    output.forEach((item, index) => this.#finishLeftover(item, index));
    this.usageOf(response);
    const residue = decodeResidue(response, this.#exchange);
    if (residue !== undefined) this.#sequencer.residue("openai-responses", residue);
    this.#sequencer.finish(0, decodeFinish(response, this.#hasRefusal));
    this.#sequencer.end();
  }

  /** Items that the stream never told, or never finished. */
  #finishLeftover(item: JsonObject, index: number): void {
    const state = this.#items.leftover(item, index);
    if (!state.done) this.#finishItem(state, item);
  }

  #itemOf(event: WireEvent, type: string, item?: JsonObject): ItemState {
    return this.#items.of(event, type, item);
  }

  #content(event: WireEvent, kind: ContentState["kind"]): ContentState {
    return this.#items.contentAt(this.#itemOf(event, "message"), event.content_index ?? 0, kind);
  }

  /** Text opens its part when there is some; a part without text is nothing. */
   
  #grow(state: ItemState, content: ContentState, text: string, logprobs: Json | undefined): void {
    if (text === "") return;
    if (!content.open) {
      content.open = true;
      for (const earlier of state.contents) if (earlier !== undefined && earlier !== content) this.#sequencer.close(0, earlier.key);
      if (content.kind === "refusal") this.#hasRefusal = true;
      this.#sequencer.open(0, content.key, { kind: content.kind, text: "", wire: messageHead(state.head) });
    }
    content.text += text;
    if (Array.isArray(logprobs) && logprobs.length > 0) {
      content.logprobs = true;
      this.#sequencer.delta(0, content.key, { type: "text", text, logprobs });
    } else {
      this.#sequencer.delta(0, content.key, { type: "text", text });
    }
  }

   
  #thinkAloud(state: ItemState, shows: "summary" | "raw", text: string, summaryIndex: number): void {
    if (text === "") return;
    if (!state.open) {
      state.shows = shows;
      this.#openReasoning(state);
    }
    if (state.shows !== shows) return;
    if (shows === "summary") {
      state.summaries[summaryIndex] = (state.summaries[summaryIndex] ?? "") + text;
      this.#sequencer.delta(0, state.key, { type: "summary", text, summaryIndex });
    } else {
      state.text += text;
      this.#sequencer.delta(0, state.key, { type: "text", text });
    }
  }

  #openReasoning(state: ItemState): void {
    state.open = true;
    const { id } = state.head;
    this.#sequencer.open(0, state.key, { kind: "reasoning", text: "", textKind: state.shows ?? "none", ...(typeof id === "string" && id !== "" && { itemId: id }) });
  }

  #openCall(state: ItemState): void {
    if (state.open) return;
    state.open = true;
    const part = callSkeleton(state.head, this.#exchange);
    if (part.variant === "function") state.mend = nullStripper(part.name, this.#exchange);
    this.#sequencer.open(0, state.key, part, part.callId !== "" && part.name !== "");
  }

  #finishItem(state: ItemState, item: JsonObject): void {
    if (state.done) return;
    state.done = true;
    this.start(undefined);
    if (item.type === "message") this.#finishMessage(state, item);
    else if (item.type === "reasoning") this.#finishReasoning(state, item);
    else if (isCall(item)) this.#finishCall(state, item);
    else this.#finishOther(item);
  }

  #finishMessage(state: ItemState, item: JsonObject): void {
    if (state.contents.length === 0) state.head = item;
    const list = Array.isArray(item.content) ? (item.content as readonly Json[]).filter(isJsonObject) : [];
    list.forEach((part, index) => {
      const kind = part.type === "refusal" ? "refusal" : "text";
      const content = this.#items.contentAt(state, index, kind);
      const whole = kind === "refusal" ? part.refusal : part.text;
      this.#grow(state, content, tailOf(content.text, typeof whole === "string" ? whole : ""), content.logprobs ? undefined : part.logprobs);
      this.#citeRest(content, part);
    });
    for (const content of state.contents) if (content !== undefined) this.#sequencer.close(0, content.key);
  }

  #citeRest(content: ContentState, part: JsonObject): void {
    if (!content.open || !Array.isArray(part.annotations)) return;
    for (const annotation of (part.annotations as readonly Json[]).slice(content.annotations)) {
      const citation = decodeAnnotation(annotation);
      if (citation !== undefined) this.#sequencer.delta(0, content.key, { type: "citation", citation });
    }
  }

  #finishReasoning(state: ItemState, item: JsonObject): void {
    if (state.head.id === undefined) state.head = item;
    const whole = decodeOutputItem(item, this.#exchange)[0];
    texts(item.summary).forEach((text, index) => this.#thinkAloud(state, "summary", tailOf(state.summaries[index] ?? "", text), index));
    const raw = texts(item.content).join("");
    if (raw !== "" && state.shows === "summary") this.#exchange.report({ code: "raw-reasoning", path: "output", action: "dropped", detail: "there is a summary" });
    this.#thinkAloud(state, "raw", tailOf(state.text, raw), 0);
    const seal: Seal | undefined = nativeSeal(item, this.#exchange.upstreamVendor, this.#exchange.upstreamModel);
    if (!state.open && seal !== undefined) this.#openReasoning(state);
    if (seal !== undefined) this.#sequencer.delta(0, state.key, { type: "seal", seal });
    if (whole?.kind === "reasoning") this.#recorder.thought(whole);
    this.#sequencer.close(0, state.key);
  }

  #finishCall(state: ItemState, item: JsonObject): void {
    if (!state.open) {
      state.head = item;
      this.#openCall(state);
    }
    const part = callSkeleton(item, this.#exchange);
    this.#sequencer.identify(0, state.key, { callId: part.callId, name: part.name, itemId: part.itemId });
    state.text += this.#supply(state, callText(item));
    if (state.mend !== undefined) this.#sequencer.delta(0, state.key, { type: "arguments", text: state.mend(state.text) });
    this.#recorder.called(part, wireCallId(item));
    this.#sequencer.close(0, state.key);
  }

  /** Sends what is missing of a call's text, unless it is held back. */
  #supply(state: ItemState, whole: string): string {
    const tail = tailOf(state.text, whole);
    if (tail !== "" && state.mend === undefined) this.#sequencer.delta(0, state.key, { type: "arguments", text: tail });
    return tail;
  }

  #finishOther(item: JsonObject): void {
    for (const part of decodeOutputItem(item, this.#exchange)) {
      if (part.kind === "tool-call") this.#recorder.called(part, wireCallId(item));
      this.#sequencer.whole(0, part);
    }
  }
}

function isCall(item: JsonObject): boolean {
  return item.type === "function_call" || item.type === "custom_tool_call";
}

/** What `whole` has beyond `sofar`; nothing when they disagree, since what was sent cannot be taken back. */
function tailOf(sofar: string, whole: string): string {
  if (sofar === "") return whole;
  return whole.length > sofar.length && whole.startsWith(sofar) ? whole.slice(sofar.length) : "";
}

function texts(list: Json | undefined): readonly string[] {
  return (Array.isArray(list) ? (list as readonly Json[]) : []).filter(isJsonObject).map((entry) => (typeof entry.text === "string" ? entry.text : ""));
}

const terminal: Handler = (decoder, event) => {
  const response = event.response ?? NO_ITEM;
  if (response.status === "failed" || isJsonObject(response.error)) failed(decoder, event);
  else decoder.finish(response);
};

const failed: Handler = (decoder, event) => {
  const response = event.response ?? NO_ITEM;
  decoder.start(response);
  decoder.usageOf(response);
  decoder.fail(response.error);
};

const begin: Handler = (decoder, event) => decoder.start(event.response);

const HANDLERS: ReadonlyMap<string, Handler> = new Map(Object.entries<Handler>({
  "response.output_text.delta": (decoder, event) => decoder.text(event, "text"),
  "response.function_call_arguments.delta": (decoder, event) => decoder.argument(event, event.delta ?? ""),
  "response.custom_tool_call_input.delta": (decoder, event) => decoder.argument(event, event.delta ?? ""),
  "response.reasoning_summary_text.delta": (decoder, event) => decoder.summary(event),
  "response.reasoning_text.delta": (decoder, event) => decoder.rawThought(event),
  "response.refusal.delta": (decoder, event) => decoder.text(event, "refusal"),
  "response.output_text.annotation.added": (decoder, event) => decoder.annotation(event),
  "response.function_call_arguments.done": (decoder, event) => decoder.argumentsDone(event, event.arguments),
  "response.custom_tool_call_input.done": (decoder, event) => decoder.argumentsDone(event, event.input),
  "response.output_item.added": (decoder, event) => decoder.added(event),
  "response.output_item.done": (decoder, event) => decoder.itemDone(event),
  "response.created": begin,
  "response.in_progress": begin,
  "response.queued": begin,
  "response.completed": terminal,
  "response.done": terminal,
  "response.incomplete": terminal,
  "response.cancelled": terminal,
  "response.failed": failed,
  // Flat from OpenAI, wrapped from servers in between.
  error: (decoder, event) => decoder.fail(isJsonObject(event.error) ? event.error : (event as JsonObject)),
}));
