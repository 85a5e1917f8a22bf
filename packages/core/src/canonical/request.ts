import type { Json, JsonObject } from "./json.ts";
import type { Message } from "./message.ts";
import type { ReasoningRequest } from "./reasoning.ts";
import type { Tool, ToolChoice } from "./tool.ts";

export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly logitBias?: JsonObject;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
  /** How many answers; absent is one. */
  readonly candidateCount?: number;
}

export type OutputFormat =
  | { readonly type: "text" }
  | { readonly type: "json-object" }
  | { readonly type: "json-schema"; readonly name?: string; readonly description?: string; readonly schema: Json; readonly strict?: boolean | null };

export interface OutputRequest {
  readonly format?: OutputFormat;
  readonly verbosity?: string;
  /** `text`, `audio`, `image`, in lower case. */
  readonly modalities?: readonly string[];
  readonly audio?: Json;
  readonly image?: Json;
  readonly prediction?: Json;
}

export interface CacheRequest {
  readonly key?: string;
  /** The caller asked for caching of the whole prompt without marking where. */
  readonly auto?: boolean;
  readonly retention?: string;
  /** A cache that the vendor keeps under a name (Gemini `cachedContent`). */
  readonly handle?: string;
}

export interface Identity {
  readonly endUserId?: string;
  readonly safetyId?: string;
  readonly sessionId?: string;
  readonly metadata?: { readonly [key: string]: string };
}

export interface ConversationState {
  readonly previousResponseId?: string;
  readonly conversationId?: string;
  /** Ids of stored items that the input only names; they must be looked up before another vendor can answer. */
  readonly itemReferences?: readonly string[];
  readonly store?: boolean;
  readonly background?: boolean;
  readonly include?: readonly string[];
  readonly truncation?: string;
  readonly promptReference?: Json;
  readonly contextManagement?: Json;
}

/** What a client asks a model to do, in words that belong to no dialect. */
export interface GenerateRequest {
  /** The dialect it came in. */
  readonly dialect: string;
  /** The model as the caller named it. Aliases and suffixes are the switchboard's business. */
  readonly model: string;
  readonly stream: boolean;
  /** How the caller wants a stream framed; `json-array` is Gemini without `alt=sse`. */
  readonly framing: "sse" | "json-array";
  /** The caller wants usage in the stream even where its dialect leaves it out by default. */
  readonly includeUsage?: boolean;
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** Absent: the vendor's default, which is yes everywhere. */
  readonly parallelToolCalls?: boolean;
  readonly maxOutputTokens?: number;
  readonly maxToolCalls?: number;
  readonly stopSequences?: readonly string[];
  readonly sampling: Sampling;
  readonly reasoning?: ReasoningRequest;
  readonly output?: OutputRequest;
  readonly cache?: CacheRequest;
  readonly identity?: Identity;
  readonly service?: { readonly tier?: string; readonly speed?: string; readonly geo?: string };
  readonly state?: ConversationState;
  /** Vendor-only safety settings, word for word. */
  readonly safety?: Json;
  /**
   * Top-level fields that canonical has no word for, word for word, keyed as on the wire. The same dialect writes them
   * back; another one reports each as a loss.
   */
  readonly residue: JsonObject;
  /** The body as it was decoded; lets the same dialect keep spellings that mean the same (`stop` string or list). */
  readonly wire?: JsonObject;
  /** Header values of the dialect that matter to the vendor (`anthropic-version`, `anthropic-beta`), lower-cased names. */
  readonly headers?: { readonly [name: string]: string };
}
