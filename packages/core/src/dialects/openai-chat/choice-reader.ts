import { isJsonObject, type AudioPart, type Citation, type EventSequencer, type Finish, type Json, type JsonObject, type Part } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { parseDataUrl } from "../../wire/data-url.ts";
import { CallReader } from "./call-reader.ts";
import { decodeAnnotation } from "./citations.ts";
import { decodeFinish } from "./finish-reason.ts";
import { readReasoning, reasoningText, type ReasoningFields } from "./reasoning-fields.ts";
import { ThinkTagSplitter, type ThinkSink } from "./think-tags.ts";
import { createCallShapes, type CallShape } from "./tool-shapes.ts";
import type { ChatChoice, ChatDelta, ChatToolCall } from "./wire.ts";

/** What one candidate has said so far. */
interface Lane extends ThinkSink {
  readonly candidate: number;
  readonly calls: CallReader;
  readonly thoughts: ThinkTagSplitter | undefined;
  /** UTF-16 units of content so far, and where the part that flows began: annotations count from the message's start. */
  contentLength: number;
  textStart: number;
  inText: boolean;
  refused: boolean;
  /** The upstream's limit was reached. */
  cutShort: boolean;
  audioOpen: boolean;
  /** Came before the text that they belong to. */
  citations: Citation[];
}

/** Reads choices, of a chunk (`delta`) and of a whole answer (`message`) alike, into a sequencer. */
export class ChoiceReader {
  readonly #exchange: Exchange;
  readonly #sequencer: EventSequencer;
  readonly #shapeOf: (wireName: string, custom: boolean) => CallShape;
  readonly #lanes = new Map<number, Lane>();

  constructor(exchange: Exchange, sequencer: EventSequencer) {
    this.#exchange = exchange;
    this.#sequencer = sequencer;
    this.#shapeOf = createCallShapes(exchange);
  }

  push(choice: ChatChoice): void {
    const lane = this.#lane(typeof choice.index === "number" ? choice.index : 0);
    const delta = choice.delta ?? choice.message;
    if (delta !== undefined && delta !== null) this.#read(lane, delta, choice);
    const finish = decodeFinish(choice.finish_reason);
    if (finish === undefined) return;
    lane.cutShort ||= finish.reason === "max-tokens" || finish.reason === "context-window";
    this.#sequencer.finish(lane.candidate, refusedIf(lane.refused, finish));
  }

  /** Nothing more will come: what is held back goes out. */
  finish(): void {
    for (const lane of this.#lanes.values()) {
      lane.thoughts?.end(lane);
      lane.calls.finish(lane.cutShort);
      if (lane.audioOpen) this.#sequencer.close(lane.candidate, AUDIO_KEY);
      if (lane.citations.length > 0) this.#exchange.report({ code: "citation", path: `choices[${lane.candidate}].annotations`, action: "dropped", detail: "there is no text that they belong to" });
    }
  }

  /** What a stream amounts to that ended without a finish reason; `undefined` when it cannot have been whole. */
  guessFinish(): Finish | undefined {
    const lanes = [...this.#lanes.values()];
    if (!this.#sequencer.hasContent || !lanes.every(({ calls }) => calls.whole)) return undefined;
    return { reason: lanes.some(({ calls }) => calls.any) ? "tool-use" : "end" };
  }

  #lane(candidate: number): Lane {
    let lane = this.#lanes.get(candidate);
    if (lane === undefined) {
      lane = this.#createLane(candidate);
      this.#lanes.set(candidate, lane);
    }
    return lane;
  }

  #createLane(candidate: number): Lane {
    const lane: Lane = {
      candidate,
      calls: new CallReader(candidate, this.#exchange, this.#sequencer, this.#shapeOf),
      thoughts: this.#exchange.capabilities.thinkTags === true ? new ThinkTagSplitter() : undefined,
      contentLength: 0,
      textStart: 0,
      inText: false,
      refused: false,
      cutShort: false,
      audioOpen: false,
      citations: [],
      text: (text) => this.#text(lane, text, undefined),
      reasoning: (text) => this.#reasoning(lane, { text }),
    };
    return lane;
  }

  /** Within one delta: thoughts, then words, then calls. */
  #read(lane: Lane, delta: ChatDelta, choice: ChatChoice): void {
    const reasoning = readReasoning(delta);
    if (reasoning !== undefined) this.#reasoning(lane, reasoning);
    const logprobs = Array.isArray(choice.logprobs?.content) && choice.logprobs.content.length > 0 ? choice.logprobs.content : undefined;
    if (typeof delta.content === "string") this.#content(lane, delta.content, logprobs);
    else if (Array.isArray(delta.content)) this.#contentParts(lane, delta.content as readonly Json[]);
    if (typeof delta.refusal === "string" && delta.refusal !== "") {
      lane.refused = true;
      lane.inText = false;
      this.#sequencer.flow(lane.candidate, "refusal", { text: delta.refusal });
    }
    if (Array.isArray(delta.tool_calls)) for (const call of delta.tool_calls as readonly Json[]) if (isJsonObject(call)) this.#call(lane, call);
    if (isJsonObject(delta.function_call)) this.#call(lane, { index: LEGACY_INDEX, function: delta.function_call });
    if (Array.isArray(delta.annotations)) for (const value of delta.annotations as readonly Json[]) this.#annotation(lane, value);
    if (isJsonObject(delta.audio)) this.#audio(lane, delta.audio);
    if (Array.isArray(delta.images)) for (const image of delta.images as readonly Json[]) this.#image(lane, image);
  }

  #content(lane: Lane, text: string, logprobs: Json | undefined): void {
    if (lane.thoughts !== undefined && logprobs === undefined) lane.thoughts.push(text, lane);
    else this.#text(lane, text, logprobs);
  }

  #text(lane: Lane, text: string, logprobs: Json | undefined): void {
    if (text === "" && logprobs === undefined) return;
    if (!lane.inText) {
      lane.inText = true;
      lane.textStart = lane.contentLength;
    }
    lane.contentLength += text.length;
    this.#sequencer.flow(lane.candidate, "text", logprobs === undefined ? { text } : { text, logprobs });
    if (lane.citations.length > 0) {
      for (const citation of lane.citations) this.#sequencer.attach(lane.candidate, "text", { type: "citation", citation });
      lane.citations = [];
    }
  }

  #reasoning(lane: Lane, { text, seal }: ReasoningFields): void {
    const { candidate } = lane;
    if (text !== "") {
      lane.inText = false;
      this.#sequencer.flow(candidate, "reasoning", { text });
    }
    if (seal === undefined) return;
    if (seal.form === "redacted" || !this.#sequencer.attach(candidate, "reasoning", { type: "seal", seal })) {
      this.#whole(lane, { kind: "reasoning", text: "", textKind: "none", seal, ...(seal.form === "redacted" && { redacted: true }) });
    } else this.#sequencer.breakFlow(candidate);
  }

  /** Mistral and some others answer with a list of parts. */
  #contentParts(lane: Lane, parts: readonly Json[]): void {
    for (const part of parts) {
      if (typeof part === "string") this.#content(lane, part, undefined);
      else if (!isJsonObject(part)) continue;
      else if (part.type === "text" || part.type === "output_text") this.#content(lane, reasoningText(part.text), undefined);
      else if (part.type === "thinking" || part.type === "reasoning") this.#reasoning(lane, { text: reasoningText(part.thinking ?? part.text ?? part.reasoning) });
      else if (part.type === "image_url") this.#image(lane, part);
      else if (part.type === "tool_calls" && Array.isArray(part.tool_calls)) for (const call of part.tool_calls as readonly Json[]) this.#call(lane, call as ChatToolCall);
      else this.#exchange.report({ code: "unknown-content", path: `choices[${lane.candidate}].message.content`, action: "dropped", detail: String(part.type) });
    }
  }

  #call(lane: Lane, call: ChatToolCall): void {
    lane.inText = false;
    lane.calls.push(call);
  }

  #annotation(lane: Lane, value: Json): void {
    const citation = decodeAnnotation(value, lane.inText ? lane.textStart : lane.contentLength);
    if (citation === undefined) return this.#exchange.report({ code: "citation", path: `choices[${lane.candidate}].annotations`, action: "dropped", detail: "not a citation of an address" });
    if (!this.#sequencer.attach(lane.candidate, "text", { type: "citation", citation })) lane.citations.push(citation);
  }

  #audio(lane: Lane, audio: JsonObject): void {
    if (!lane.audioOpen) {
      lane.audioOpen = true;
      lane.inText = false;
      this.#sequencer.open(lane.candidate, AUDIO_KEY, audioPart(audio, this.#exchange));
    }
    const data = typeof audio.data === "string" ? audio.data : "";
    const transcript = typeof audio.transcript === "string" ? audio.transcript : undefined;
    if (data !== "" || transcript !== undefined) this.#sequencer.delta(lane.candidate, AUDIO_KEY, { type: "media", data, ...(transcript !== undefined && { transcript }) });
  }

  #image(lane: Lane, value: Json): void {
    const image = isJsonObject(value) ? value.image_url : undefined;
    const url = isJsonObject(image) ? image.url : image;
    if (typeof url !== "string") return;
    this.#whole(lane, { kind: "image", source: parseDataUrl(url) ?? { type: "url", url } });
  }

  #whole(lane: Lane, part: Part): void {
    lane.inText = false;
    this.#sequencer.whole(lane.candidate, part);
  }
}

const AUDIO_KEY = "audio";

/** Where the single call in the spelling of 2023 is counted. */
const LEGACY_INDEX = -1;

function refusedIf(refused: boolean, finish: Finish): Finish {
  return refused && finish.reason === "end" ? { ...finish, reason: "refusal" } : finish;
}

function audioPart(audio: JsonObject, exchange: Exchange): AudioPart {
  const asked = exchange.request.output?.audio;
  const format = isJsonObject(asked) && typeof asked.format === "string" ? asked.format : undefined;
  return {
    kind: "audio",
    ...(format !== undefined && { format }),
    ...(typeof audio.id === "string" && { id: audio.id }),
    ...(typeof audio.expires_at === "number" && { expiresAt: audio.expires_at }),
  };
}
