import type { AudioPart, EmitEvent, FilePart, GatewayErrorShape, GenerateEvent, GenerateRequest, GenerateResponse, ImagePart, Json, JsonObject, Usage, VideoPart } from "../canonical/index.ts";
import type { Capabilities } from "../capabilities.ts";
import type { GatewayError } from "../errors/index.ts";
import type { DecodeContext, Exchange } from "../exchange.ts";
import type { NameRules } from "../naming/index.ts";
import type { LimitHeaders, LimitStates } from "../wire/limit-headers.ts";
import type { Frame } from "../wire/sse.ts";

/** A request as it came over HTTP, already parsed. */
export interface WireInput {
  /** Path without query, e.g. `/v1beta/models/gemini-3-pro:streamGenerateContent`. */
  readonly path: string;
  /** Query parameters; the credential ones are taken out before. */
  readonly query: { get(name: string): string | null };
  /** Lower-cased names. */
  readonly headers: { get(name: string): string | null };
  readonly body: Json;
}

/** A request to be sent to an upstream. */
export interface WireRequest {
  /** Appended to the upstream's base URL, e.g. `/chat/completions`. */
  readonly path: string;
  readonly query?: { readonly [name: string]: string };
  /** Protocol headers only (`anthropic-version`, …); credentials are the courier's business. */
  readonly headers: { readonly [name: string]: string };
  readonly body: JsonObject;
}

export interface WireError {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: JsonObject;
}

/** Reads an upstream's stream. Never throws for what the upstream sent: bad frames become an `error` event. */
export interface StreamDecoder {
  push(frame: Frame): void;
  /** The transport ended; `truncated` when it ended within an event. Emits `response-end` or `error` if none was yet. */
  end(truncated?: boolean): void;
}

/** Writes a client's stream. */
export interface StreamEncoder {
  push(event: GenerateEvent): void;
  /** What may be written while nothing happens; depends on what was written before. */
  keepAlive(): string;
}

/** A look at a stream that passes through unchanged: enough for accounting and for telling a whole one from a cut one. */
export interface StreamTap {
  /** Must be cheap: most frames are only searched for a word. */
  push(frame: Frame): void;
  /** Whether nothing in this text of whole events, as they came, is worth a push: most bytes then pass without being cut into frames. */
  skips?(text: string): boolean;
  /** The upstream has really begun: content or an end, not just a handshake. */
  readonly begun: boolean;
  /** The dialect's terminal condition was seen. */
  readonly ended: boolean;
  /** Ended, and nothing that counts (usage) will follow. */
  readonly complete: boolean;
  readonly usage: Usage | undefined;
  /** An error inside the stream. */
  readonly error: GatewayError | undefined;
  readonly model: string | undefined;
  readonly finishReason: string | undefined;
}

/** How a stream that passes through is made to tell its usage where the client did not ask; the frame that tells it is kept from the client. */
export interface UsageWish {
  /** Top-level members that ask for it; `undefined` when the body asks already, or need not. */
  ask(body: JsonObject): { readonly [member: string]: Json } | undefined;
  /** A quick look: whether the text of whole events may hold such a frame. */
  mayHold(text: string): boolean;
  /** The frame is only there because it was asked for. */
  isAnswer(frame: Frame): boolean;
}

/** The edits that may be made to a body that otherwise passes byte for byte. */
export interface PassthroughEdits {
  /** The upstream's name for the model, when it differs from the client's. */
  readonly model?: string;
  /** Top-level (or dotted) members to set, or to remove with `undefined`. */
  readonly set?: { readonly [path: string]: Json | undefined };
}

/** A model as it is offered to clients. */
export interface ModelInfo {
  readonly id: string;
  readonly ownedBy: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly displayName?: string;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
}

export interface TokenCount {
  readonly inputTokens: number;
}

/** What a body names instead of saying it. */
export interface TranscriptReference {
  readonly to: "response" | "conversation" | "item";
  readonly id: string;
  /** Of the field that names it. */
  readonly path: string;
}

/** How a dialect lets clients refer to what was said before, so that somebody other than its vendor can keep it. */
export interface TranscriptFormat {
  references(body: JsonObject): readonly TranscriptReference[];
  /** What a body itself brings to the conversation, one entry an item. */
  ownItems(body: JsonObject): readonly JsonObject[];
  /**
   * The body with everything said that is known: `before` ahead of its own items in place of the reference that led to
   * it, and items in place of their names. References that are not known stay.
   */
  spellOut(body: JsonObject, known: { readonly before?: readonly JsonObject[]; readonly items: ReadonlyMap<string, JsonObject> }): JsonObject;
  /** The body for an upstream that would look the ids of its items up among its own, and not find them. */
  withoutItemIds(body: JsonObject): JsonObject;
  /** The finished reply that a frame of a stream tells, if it tells one. */
  finishedReply(frame: Frame): JsonObject | undefined;
  /** Id and items of a finished reply; `undefined` for one that cannot be gone on from. */
  readReply(reply: JsonObject): { readonly id: string; readonly items: readonly JsonObject[] } | undefined;
  encodeItems(items: readonly JsonObject[], transcriptId: string): JsonObject;
  encodeDeleted(id: string): JsonObject;
  /** A conversation with a name of its own, as it is begun. `createdAt`: epoch ms. */
  beginConversation(body: JsonObject, id: string, createdAt: number): { readonly conversation: JsonObject; readonly items: readonly JsonObject[] };
  encodeDeletedConversation(id: string): JsonObject;
}

/**
 * One wire dialect: two verbs by four nouns. As a server we decode requests and encode replies, as a client we encode
 * requests and decode replies. All functions are pure apart from what the context offers.
 */
export interface Dialect {
  /** `openai-chat`, `openai-responses`, `anthropic-messages`, `gemini-generate-content`, … */
  readonly id: string;
  /** Whose seals this dialect carries natively: `openai`, `anthropic`, `google`. */
  readonly vendor: string;
  /** `gen_ai.operation.name` of OpenTelemetry's conventions; `chat` when absent. */
  readonly telemetryOperation?: string;
  /** What tool names and call ids may look like at this upstream. */
  readonly nameRules: NameRules;
  /** Whether a bare opaque value was made by this vendor, as far as one can tell. */
  recognisesSeal(value: string): boolean;

  decodeRequest(input: WireInput, context: DecodeContext): GenerateRequest;
  encodeResponse(response: GenerateResponse, exchange: Exchange): JsonObject;
  createStreamEncoder(exchange: Exchange, write: (text: string) => void): StreamEncoder;
  /** `requestId` goes into the body where the dialect has a place for it. */
  encodeError(error: GatewayErrorShape, requestId?: string): WireError;
  /** An error inside a stream that has begun, as text that ends the stream. */
  encodeStreamError(error: GatewayErrorShape, requestId?: string): string;
  /** What is left of the client's limits, in the headers that clients of this dialect read. */
  encodeLimits?(states: LimitStates): LimitHeaders;

  encodeRequest(request: GenerateRequest, exchange: Exchange): WireRequest;
  decodeResponse(body: Json, exchange: Exchange): GenerateResponse;
  createStreamDecoder(exchange: Exchange, emit: EmitEvent): StreamDecoder;
  /** `now`: epoch ms, for retry hints that are dates. */
  decodeError(status: number, headers: { get(name: string): string | null }, body: string, now: number): GatewayError;

  /** Where this dialect's generate endpoint is at an upstream, for a body that is passed through. */
  passthroughRequest(input: WireInput, request: GenerateRequest, upstreamModel: string): { readonly path: string; readonly query?: { readonly [name: string]: string }; readonly headers: { readonly [name: string]: string }; readonly edits: PassthroughEdits };
  /**
   * Top-level members to set (or remove, with `undefined`) so that a body of this dialect asks for the reasoning of
   * `exchange.request`; how an operator's or a name's wish reaches a body that otherwise passes through.
   */
  reasoningMembers?(body: JsonObject, exchange: Exchange): { readonly [member: string]: Json | undefined };
  /** The body without the sealed reasoning whose opaque value is `doomed`; the same object when there is none. */
  withoutSeals?(body: JsonObject, doomed: (value: string) => boolean): JsonObject;
  /** Absent: streams tell their usage unasked. */
  readonly usageWish?: UsageWish;
  createStreamTap(): StreamTap;
  /** Usage and model of a whole body that passes through; as cheap as can be. */
  tapResponse(body: JsonObject): { readonly usage: Usage | undefined; readonly model: string | undefined; readonly finishReason: string | undefined };

  /** The list of models, and one of them, as clients of this dialect know it. */
  readonly models?: {
    encodeList(models: readonly ModelInfo[]): JsonObject;
    encodeModel(model: ModelInfo): JsonObject;
  };

  /** Whether matter that is given by its address must be fetched and sent as data, because an upstream of this dialect takes no address there. */
  wantsInline?(part: ImagePart | AudioPart | VideoPart | FilePart, capabilities: Capabilities): boolean;

  /** Where clients may refer to earlier replies. */
  readonly transcripts?: TranscriptFormat;

  /** Calls that clients of this dialect make beside generation, to set themselves up; answered without anybody else. `undefined`: not known. */
  answerAside?(path: string, body: Json): JsonObject | undefined;

  /** Token counting, where the dialect has an endpoint for it. */
  readonly counting?: {
    /** The request to an upstream that counts for us. */
    encodeCountRequest(request: GenerateRequest, exchange: Exchange): WireRequest;
    decodeCount(body: Json): TokenCount;
    encodeCount(count: TokenCount): JsonObject;
    /** Decodes a client's counting request (its body may differ from a generate request). */
    decodeCountRequest(input: WireInput, context: DecodeContext): GenerateRequest;
  };
}
