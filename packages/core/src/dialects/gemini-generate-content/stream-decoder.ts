import { EventSequencer, isJsonObject, parseJson, type EmitEvent, type Finish, type Json, type JsonObject, type MutableJsonObject } from "../../canonical/index.ts";
import { GatewayError, isGatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { Frame } from "../../wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import { decodeStreamError } from "./decode-error.ts";
import { decodePart, type PartReader } from "./decode-parts.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeCitations } from "./grounding.ts";
import { joinRuns } from "./join-runs.ts";
import { PartialCall } from "./partial-call.ts";
import { present } from "../../wire/present.ts";
import { listAt, numberAt, stringAt } from "./members.ts";
import { createReplyReader } from "./reply-reader.ts";
import { mayNeedRespelling, toCamelCase } from "./spelling.ts";
import { decodeUsage } from "./usage.ts";
import { CODE_ASSIST_ID, DIALECT_ID, isOurs } from "./wire.ts";

export function createStreamDecoder(exchange: Exchange, emit: EmitEvent): StreamDecoder {
  return new ReplyDecoder(exchange, emit);
}

/** What one candidate has said so far. */
interface Lane {
  /** All its text, for positions that come at the end. */
  text: string;
  /** Where its last text part starts in that. */
  textStart: number;
  lastWasText: boolean;
  call: PartialCall | undefined;
  finish: Finish | undefined;
  grounding: JsonObject | undefined;
  logprobs: Json | undefined;
  residue: MutableJsonObject | undefined;
}

/** Members that canonical has a word for; all others are residue. */
const REPLY_FIELDS: ReadonlySet<string> = new Set(["candidates", "usageMetadata", "modelVersion", "responseId"]);
const CANDIDATE_FIELDS: ReadonlySet<string> = new Set(["content", "finishReason", "finishMessage", "index", "groundingMetadata", "logprobsResult"]);

/** Reads whole replies and the pieces of streamed ones: they have the same shape. */
export class ReplyDecoder implements StreamDecoder {
  readonly #exchange: Exchange;
  readonly #sequencer: EventSequencer;
  readonly #reader: PartReader;
  readonly #lanes = new Map<number, Lane>();
  readonly #residue: MutableJsonObject = {};
  #usage: JsonObject | undefined;
  #usageTold = false;
  #traceId: Json | undefined;

  constructor(exchange: Exchange, emit: EmitEvent) {
    this.#exchange = exchange;
    this.#reader = createReplyReader(exchange);
    this.#sequencer = new EventSequencer(emit, {
      fallbackId: () => exchange.newId("resp_"),
      fallbackModel: exchange.upstreamModel,
      newCallId: () => exchange.newId("call_"),
    });
  }

  push(frame: Frame): void {
    if (this.#sequencer.done || frame.data === "[DONE]" || frame.data === "") return;
    try {
      const parsed: unknown = parseJson(frame.data);
      for (const chunk of Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]) {
        if (!isJsonObject(chunk)) throw new TypeError("a chunk must be an object");
        this.take(mayNeedRespelling(frame.data) ? toCamelCase(unwrap(chunk)) : unwrap(chunk), chunk);
      }
    } catch (thrown) {
      this.#sequencer.fail(isGatewayError(thrown) && thrown.source === "upstream" ? thrown : malformed(thrown));
    }
  }

  /** One piece of a stream, or with `whole` a reply that is all there: then parts keep their source. */
  take(reply: JsonObject, received: JsonObject, whole = false): void {
    if (this.#sequencer.done) return;
    if (reply.error !== undefined && reply.error !== null) throw decodeStreamError(reply, this.#exchange.now);
    if (received !== reply && received.traceId !== undefined) this.#traceId = received.traceId;
    this.#sequencer.start({ id: stringAt(reply, "responseId"), model: stringAt(reply, "modelVersion") });
    const candidates = listAt(reply, "candidates");
    for (const [position, candidate] of candidates.entries()) if (isJsonObject(candidate)) this.#candidate(candidate, numberAt(candidate, "index") ?? position, whole);
    this.#promptFeedback(reply.promptFeedback, candidates.length);
    if (isJsonObject(reply.usageMetadata)) this.#takeUsage(reply.usageMetadata);
    for (const key of Object.keys(reply)) if (!REPLY_FIELDS.has(key)) this.#residue[key] = reply[key];
  }

  end(): void {
    if (this.#sequencer.done) return;
    if (![...this.#lanes.values()].some((lane) => lane.finish !== undefined) && !this.#endLeniently()) {
      this.#sequencer.fail(new GatewayError("stream_interrupted", { source: "upstream" }));
      return;
    }
    this.finish();
  }

  /** Tells all that is only known at the end. */
  finish(): void {
    for (const [index, lane] of this.#lanes) {
      if (lane.call !== undefined) this.#endCall(index, lane);
      if (lane.finish !== undefined) this.#sequencer.finish(index, lane.finish, present({ logprobs: lane.logprobs, grounding: lane.grounding }));
      if (lane.residue !== undefined) this.#residue.candidates = { ...(this.#residue.candidates as JsonObject | undefined), [index]: lane.residue };
    }
    if (Object.keys(this.#residue).length > 0) this.#sequencer.residue(DIALECT_ID, this.#residue);
    if (this.#traceId !== undefined) this.#sequencer.residue(CODE_ASSIST_ID, { traceId: this.#traceId });
    const usage = this.#usage && decodeUsage(this.#usage);
    if (usage !== undefined) this.#sequencer.usage(usage);
    this.#sequencer.end();
  }

  /** Some relays never say that they are done. */
  #endLeniently(): boolean {
    if (this.#exchange.capabilities.lenientEof !== true || !this.#sequencer.hasContent) return false;
    const lanes = [...this.#lanes.values()];
    if (lanes.some((lane) => lane.call !== undefined)) return false;
    for (const lane of lanes) lane.finish = { reason: "end" };
    return true;
  }

  #lane(index: number): Lane {
    let lane = this.#lanes.get(index);
    if (lane === undefined) {
      lane = { text: "", textStart: 0, lastWasText: false, call: undefined, finish: undefined, grounding: undefined, logprobs: undefined, residue: undefined };
      this.#lanes.set(index, lane);
    }
    return lane;
  }

  #candidate(candidate: JsonObject, index: number, whole: boolean): void {
    const lane = this.#lane(index);
    const parts = isJsonObject(candidate.content) ? listAt(candidate.content, "parts") : [];
    const grounding = isJsonObject(candidate.groundingMetadata) ? candidate.groundingMetadata : undefined;
    if (whole) this.#wholeParts(parts, index, grounding);
    else for (const part of parts) if (isJsonObject(part)) this.#part(part, index, lane);
    if (grounding !== undefined) this.#ground(grounding, index, lane, whole);
    if (candidate.logprobsResult !== undefined) lane.logprobs = candidate.logprobsResult;
    const reason = stringAt(candidate, "finishReason");
    if (reason !== undefined && reason !== "" && reason !== "FINISH_REASON_UNSPECIFIED") lane.finish ??= decodeFinish(reason, stringAt(candidate, "finishMessage"));
    for (const key of Object.keys(candidate)) if (!CANDIDATE_FIELDS.has(key)) (lane.residue ??= {})[key] = candidate[key];
  }

  #wholeParts(wires: readonly Json[], index: number, grounding: JsonObject | undefined): void {
    const keepsBlanks = isOurs(this.#exchange.request.dialect);
    const parts = wires.filter(isJsonObject).map((wire, position) => {
      const part = decodePart(wire, `candidates[${index}].content.parts[${position}]`, this.#reader);
      const citations = part.kind === "text" && grounding !== undefined ? decodeCitations(grounding, part.text, position) : [];
      return part.kind === "text" && citations.length > 0 ? { ...part, citations } : part;
    });
    for (const part of joinRuns(parts)) if (keepsBlanks || part.kind !== "text" || part.text !== "") this.#sequencer.whole(index, part);
  }

  #part(part: JsonObject, index: number, lane: Lane): void {
    if (typeof part.text === "string") this.#text(part, part.text, index, lane);
    else if (isJsonObject(part.functionCall)) this.#call(part, part.functionCall, index, lane);
    else this.#sequencer.whole(index, decodePart(part, `candidates[${index}]`, this.#reader));
    lane.lastWasText = typeof part.text === "string" ? part.thought !== true && (lane.lastWasText || part.text !== "") : false;
  }

  /** Pieces of text simply flow; a signature ends the part that it signs. */
   
  #text(part: JsonObject, text: string, index: number, lane: Lane): void {
    const kind = part.thought === true ? "reasoning" : "text";
    if (text !== "") {
      this.#sequencer.flow(index, kind, { text });
      if (kind === "text") {
        if (!lane.lastWasText) lane.textStart = lane.text.length;
        lane.text += text;
      }
    }
    const signature = part.thoughtSignature;
    if (typeof signature !== "string") return;
    const seal = this.#reader.seal(signature, "");
    if (seal === undefined) return;
    const bound = text === "" && kind === "text" ? { ...seal, bindsTo: "previous" as const } : seal;
    if (!this.#sequencer.attach(index, kind, { type: "seal", seal: bound })) this.#sequencer.whole(index, { kind: "reasoning", text: "", textKind: "none", seal: bound });
    else this.#sequencer.breakFlow(index);
  }

   
  #call(part: JsonObject, call: JsonObject, index: number, lane: Lane): void {
    const continues = lane.call !== undefined && stringAt(call, "name") === undefined;
    if (!continues && lane.call !== undefined) this.#endCall(index, lane);
    if (continues || call.willContinue === true || call.partialArgs !== undefined) {
      lane.call ??= new PartialCall(part);
      if (lane.call.add(call)) this.#endCall(index, lane);
    } else if (stringAt(call, "name") !== undefined) this.#sequencer.whole(index, decodePart(part, `candidates[${index}]`, this.#reader));
  }

  #endCall(index: number, lane: Lane): void {
    const part = lane.call?.part();
    lane.call = undefined;
    if (part !== undefined) this.#sequencer.whole(index, decodePart(part, `candidates[${index}]`, this.#reader));
  }

  /** Positions in a stream count from the start of the whole text; only the part that is still open can be marked. */
   
  #ground(grounding: JsonObject, index: number, lane: Lane, whole: boolean): void {
    lane.grounding = { ...lane.grounding, ...grounding };
    if (whole) return;
    for (const citation of decodeCitations(grounding, lane.text)) {
      const start = "start" in citation ? (citation.start ?? 0) : 0;
      if (citation.type !== "url" || start < lane.textStart) continue;
      const end = (citation.end ?? lane.text.length) - lane.textStart;
      this.#sequencer.attach(index, "text", { type: "citation", citation: { ...citation, start: start - lane.textStart, end } });
    }
  }

  /** A prompt that was refused has no candidates at all. */
  #promptFeedback(feedback: Json | undefined, candidates: number): void {
    const blockReason = isJsonObject(feedback) ? stringAt(feedback, "blockReason") : undefined;
    if (!isJsonObject(feedback) || blockReason === undefined || candidates > 0) return;
    const explanation = stringAt(feedback, "blockReasonMessage");
    this.#lane(0).finish ??= { reason: "content-filter", native: blockReason, ...(explanation !== undefined && { explanation }) };
  }

  /** It comes with nearly every chunk: told once early, for answers that are cut, and once at the end. */
  #takeUsage(metadata: JsonObject): void {
    this.#usage = metadata;
    if (this.#usageTold) return;
    const usage = decodeUsage(metadata);
    if (usage === undefined) return;
    this.#usageTold = true;
    this.#sequencer.usage(usage);
  }
}

/** Code Assist puts every reply into an envelope, and some relays forget to take it off. */
export function unwrap(chunk: JsonObject): JsonObject {
  return isJsonObject(chunk.response) ? chunk.response : chunk;
}

export function malformed(cause: unknown): GatewayError {
  return new GatewayError("upstream_malformed", { source: "upstream", cause });
}
