import { PartBuilder, type Candidate, type Delta, type GenerateEvent, type Json, type JsonObject, type Part, type Usage } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { SSE_COMMENT } from "../../wire/sse.ts";
import type { StreamEncoder } from "../dialect.ts";
import { errorBody } from "./encode-error.ts";
import { encodeReplyPart, sealedBlank, SealNotes, showsThoughts } from "./encode-reply-parts.ts";
import { encodeCandidateGrounding, encodeLogprobs } from "./encode-response.ts";
import { encodeFinish } from "./finish-reason.ts";
import { present } from "../../wire/present.ts";
import { encodeUsage } from "./usage.ts";
import { asJson, DIALECT_ID, isOurs } from "./wire.ts";

/** Around each piece: nothing, or Code Assist's envelope. */
export interface Envelope {
  readonly before: string;
  readonly after: string;
}

const NO_ENVELOPE: Envelope = { before: "", after: "" };

export function createStreamEncoder(exchange: Exchange, write: (text: string) => void): StreamEncoder {
  return new ReplyEncoder(exchange, write, NO_ENVELOPE);
}

interface Lane {
  readonly parts: Part[];
  readonly notes: SealNotes;
  /** The text and seal of the open part; only what is not written at once. */
  open: PartBuilder | undefined;
  finish: Extract<GenerateEvent, { type: "finish" }> | undefined;
  /** A piece of text is written between these, so that a delta costs one `JSON.stringify` of its text. */
  readonly textBefore: string;
  readonly textAfter: string;
  readonly thoughtAfter: string;
  spoke: boolean;
}

/** Writes an answer as Google streams one: every piece is a whole response object, the last one tells how it ended. */
export class ReplyEncoder implements StreamEncoder {
  readonly #exchange: Exchange;
  readonly #write: (text: string) => void;
  readonly #envelope: Envelope;
  readonly #asList: boolean;
  readonly #thoughts: boolean;
  readonly #lanes = new Map<number, Lane>();
  #tail = "";
  #id = "";
  #wrote = false;
  #usage: Usage | undefined;
  #residue: JsonObject = {};

   
  constructor(exchange: Exchange, write: (text: string) => void, envelope: Envelope) {
    this.#exchange = exchange;
    this.#write = write;
    this.#envelope = envelope;
    this.#asList = exchange.request.framing === "json-array";
    this.#thoughts = showsThoughts(exchange);
  }

  push(event: GenerateEvent): void {
    switch (event.type) {
      case "response-start":
        return this.#start(event.id);
      case "part-start":
        return this.#partStart(event.candidate, event.part);
      case "part-delta":
        return this.#delta(this.#lane(event.candidate), event.delta);
      case "part-end":
        return this.#partEnd(event.candidate, event.part);
      case "usage":
        this.#usage = event.usage;
        return;
      case "finish":
        this.#lane(event.candidate).finish = event;
        return;
      case "residue":
        if (event.dialect === DIALECT_ID) this.#residue = { ...this.#residue, ...event.value };
        return;
      case "response-end":
        return this.#end();
      case "error":
        this.#piece(JSON.stringify(errorBody(event.error, undefined)), NO_ENVELOPE);
        if (this.#asList) this.#write("]");
        return;
      case "ping":
    }
  }

  /** White space may stand anywhere between the elements of a list. */
  keepAlive(): string {
    return this.#asList ? "\n" : SSE_COMMENT;
  }

  #start(id: string): void {
    this.#id = id;
    this.#tail = `,"modelVersion":${JSON.stringify(this.#exchange.replyModel)},"responseId":${JSON.stringify(id)}}`;
  }

  #lane(candidate: number): Lane {
    let lane = this.#lanes.get(candidate);
    if (lane === undefined) {
      const after = `}],"role":"model"},"index":${candidate}}]${this.#tail}`;
      const textBefore = `{"candidates":[{"content":{"parts":[{"text":`;
      lane = { parts: [], notes: new SealNotes(this.#exchange), open: undefined, finish: undefined, textBefore, textAfter: after, thoughtAfter: `,"thought":true${after}`, spoke: false };
      this.#lanes.set(candidate, lane);
    }
    return lane;
  }

  #partStart(candidate: number, part: Part): void {
    const lane = this.#lane(candidate);
    lane.open = new PartBuilder(part);
    if ((part.kind === "text" || part.kind === "refusal" || part.kind === "reasoning") && part.text !== "") this.#say(lane, part.text);
  }

  #delta(lane: Lane, delta: Delta): void {
    if (delta.type === "text") this.#say(lane, delta.text);
    else if (delta.type === "summary") this.#summary(lane, delta.text, delta.summaryIndex);
  }

  /** Text goes out as it comes; thoughts only to those who asked for them. */
  #say(lane: Lane, text: string): void {
    const thought = lane.open?.kind === "reasoning";
    if (text === "" || (thought && !this.#thoughts)) return;
    lane.spoke = true;
    this.#piece(lane.textBefore + JSON.stringify(text) + (thought ? lane.thoughtAfter : lane.textAfter), this.#envelope);
  }

  #summary(lane: Lane, text: string, summaryIndex: number): void {
    const open = lane.open;
    if (open === undefined) return;
    // A new part of a summary starts a new paragraph, as it does in the whole answer.
    const begins = this.#summaryIndex !== undefined && summaryIndex > this.#summaryIndex;
    this.#summaryIndex = summaryIndex;
    this.#say(lane, begins ? `\n\n${text}` : text);
  }

  #summaryIndex: number | undefined;

  /** What could not flow follows in one piece; so does the seal of what did. */
  #partEnd(candidate: number, part: Part): void {
    const lane = this.#lane(candidate);
    lane.open = undefined;
    this.#summaryIndex = undefined;
    lane.parts.push(part);
    lane.notes.add(part);
    switch (part.kind) {
      case "text":
        if (part.seal !== undefined) this.#parts(candidate, [asJson(sealedBlank(part.seal, this.#exchange))]);
        return;
      case "refusal":
        return;
      case "reasoning":
        if (part.seal !== undefined) this.#parts(candidate, [{ ...asJson(sealedBlank(part.seal, this.#exchange)), ...(this.#thoughts && part.text !== "" && { thought: true }) }]);
        return;
      default:
        this.#parts(candidate, encodeReplyPart(part, this.#exchange));
    }
  }

  #parts(candidate: number, parts: readonly JsonObject[]): void {
    if (parts.length === 0) return;
    this.#lane(candidate).spoke = true;
    const content = JSON.stringify({ parts, role: "model" });
    this.#piece(`{"candidates":[{"content":${content},"index":${candidate}}]${this.#tail}`, this.#envelope);
  }

  #end(): void {
    const { candidates: candidateResidue, ...residue } = this.#residue;
    const refused = residue.promptFeedback !== undefined && [...this.#lanes.values()].every((lane) => !lane.spoke);
    const candidates = [...this.#lanes].map(([index, lane]) => this.#lastCandidate(index, lane, candidateResidue));
    const last = present<JsonObject>({
      candidates: refused ? undefined : candidates,
      usageMetadata: this.#usage === undefined ? {} : encodeUsage(this.#usage, isOurs(this.#exchange.upstreamDialect)),
      modelVersion: this.#exchange.replyModel,
      responseId: this.#id,
      ...residue,
    });
    this.#piece(JSON.stringify(last), this.#envelope);
    if (this.#asList) this.#write("]");
  }

  /** An empty text ends the content, as it does at Google; a refusal says its reason there when nothing else was said. */
  #lastCandidate(index: number, lane: Lane, residue: Json | undefined): JsonObject {
    const finish = lane.finish?.finish ?? { reason: "other" as const };
    const words = lane.spoke || isOurs(this.#exchange.upstreamDialect) ? "" : (finish.explanation ?? "");
    const own = (residue as { readonly [index: number]: JsonObject } | undefined)?.[index];
    const said: Pick<Candidate, "parts" | "grounding"> = { parts: lane.parts, ...(lane.finish?.grounding !== undefined && { grounding: lane.finish.grounding }) };
    return present<JsonObject>({
      content: { parts: [{ text: words }], role: "model" },
      finishReason: encodeFinish(finish),
      finishMessage: finish.explanation,
      index,
      groundingMetadata: encodeCandidateGrounding(said, this.#exchange),
      logprobsResult: encodeLogprobs(lane.finish?.logprobs, this.#exchange),
      ...own,
    });
  }

  #piece(json: string, { before, after }: Envelope): void {
    const opening = this.#asList ? (this.#wrote ? ",\r\n" : "[") : "data: ";
    this.#wrote = true;
    this.#write(opening + before + json + after + (this.#asList ? "" : "\n\n"));
  }
}
