import type { Citation } from "./citation.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Media } from "./media.ts";
import type { Seal } from "./seal.ts";

/** The source node, word for word. An encoder of the same dialect writes it back; every other one ignores it. */
export interface Wire {
  readonly dialect: string;
  readonly value: Json;
}

/** A request to cache the prompt up to and including the node that carries it. */
export interface CacheMark {
  readonly ttl?: "5m" | "30m" | "1h";
}

interface PartBase {
  readonly wire?: Wire;
  /** Where the part stood in the caller's body, e.g. `messages[2].content[0]`; for errors and losses. */
  readonly path?: string;
  readonly cache?: CacheMark;
}

export interface TextPart extends PartBase {
  readonly kind: "text";
  readonly text: string;
  readonly citations?: readonly Citation[];
  /** Token log probabilities of this text, in the shape of the dialect that gave them. */
  readonly logprobs?: Json;
  /** Gemini signs plain text parts too. */
  readonly seal?: Seal;
}

export interface ReasoningPart extends PartBase {
  readonly kind: "reasoning";
  /** All the text there is; empty when the vendor shows none. Several summary parts are joined by a blank line. */
  readonly text: string;
  /** A model's own summary, its raw thoughts, or nothing to read. */
  readonly textKind: "summary" | "raw" | "none";
  /** The separate summary parts, when there was more than one. */
  readonly summary?: readonly string[];
  readonly itemId?: string;
  readonly seal?: Seal;
  /** The vendor hid the text and gave only sealed data. */
  readonly redacted?: boolean;
}

export interface ImagePart extends PartBase {
  readonly kind: "image";
  readonly source: Media;
  readonly detail?: "auto" | "low" | "high" | "original";
}

export interface AudioPart extends PartBase {
  readonly kind: "audio";
  readonly source?: Media;
  /** `wav`, `mp3`, … when the dialect names a format instead of a MIME type. */
  readonly format?: string;
  readonly transcript?: string;
  readonly id?: string;
  /** Epoch seconds, as the vendor gives it. */
  readonly expiresAt?: number;
}

export interface VideoPart extends PartBase {
  readonly kind: "video";
  readonly source: Media;
  readonly start?: string;
  readonly end?: string;
  readonly framesPerSecond?: number;
}

export interface FilePart extends PartBase {
  readonly kind: "file";
  readonly source: Media;
  readonly filename?: string;
  readonly title?: string;
  /** Words about the document for the model, not part of it. */
  readonly context?: string;
  /** Whether the model shall cite it. */
  readonly citations?: boolean;
}

export interface ToolCallPart extends PartBase {
  readonly kind: "tool-call";
  readonly callId: string;
  /** Id of the item, where that differs from the call's (`fc_…`). */
  readonly itemId?: string;
  readonly name: string;
  readonly namespace?: string;
  /** `function` takes a JSON object, `custom` takes free text. */
  readonly variant: "function" | "custom";
  /** The arguments as text: for `function` the JSON as received, for `custom` the raw input. */
  readonly argumentsText: string;
  /** The parsed object; absent when the text is not a JSON object (and for `custom`). */
  readonly arguments?: JsonObject;
  /** False when the stream or the message ended before the arguments did. */
  readonly complete: boolean;
  readonly seal?: Seal;
  readonly caller?: Json;
}

export interface ToolResultPart extends PartBase {
  readonly kind: "tool-result";
  readonly callId: string;
  readonly name?: string;
  /** Namespace of the tool, known once the result was paired with its call. */
  readonly namespace?: string;
  readonly variant: "function" | "custom";
  readonly isError?: boolean;
  /** Text, image, file and opaque parts. A plain string is one text part; no content is an empty list. */
  readonly content: readonly Part[];
  /** The result as an object, where the dialect gives objects (Gemini). `content` then holds its text. */
  readonly object?: JsonObject;
}

export type ServerToolFamily =
  | "web-search" | "web-fetch" | "code-execution" | "file-search" | "image-generation" | "computer" | "browser" | "bash"
  | "shell" | "text-editor" | "apply-patch" | "memory" | "mcp" | "tool-search" | "maps" | "other";

/** A tool that the vendor itself ran. */
export interface ServerToolCallPart extends PartBase {
  readonly kind: "server-tool-call";
  readonly callId: string;
  readonly family: ServerToolFamily;
  readonly name: string;
  readonly input?: Json;
  readonly status?: string;
}

export interface ServerToolResultPart extends PartBase {
  readonly kind: "server-tool-result";
  readonly callId: string;
  readonly family: ServerToolFamily;
  readonly result?: Json;
  readonly error?: string;
}

export interface RefusalPart extends PartBase {
  readonly kind: "refusal";
  readonly text: string;
}

/** A sealed or plain digest that stands for earlier turns. */
export interface CompactionPart extends PartBase {
  readonly kind: "compaction";
  readonly vendor: string;
  readonly id?: string;
  readonly encrypted?: string;
  /** Known when the gateway made the digest itself. */
  readonly text?: string;
}

/** Something that only one dialect has a word for. Other dialects see `fallbackText`, or nothing and a loss. */
export interface OpaquePart extends PartBase {
  readonly kind: "opaque";
  readonly dialect: string;
  readonly type: string;
  readonly value: Json;
  readonly fallbackText?: string;
}

export type Part =
  | TextPart | ReasoningPart | ImagePart | AudioPart | VideoPart | FilePart | ToolCallPart | ToolResultPart
  | ServerToolCallPart | ServerToolResultPart | RefusalPart | CompactionPart | OpaquePart;

/**
 * One message of the conversation, as the caller sent it: decoding neither merges nor reorders (that is
 * `arrangeConversation`, which runs only when the upstream speaks another dialect).
 * Tool results stand in a `user` message, also where a dialect has a role of its own for them.
 */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  /** For `system`: the caller's word for it; `instructions` is a slot outside the message list. */
  readonly origin?: "system" | "developer" | "instructions";
  readonly parts: readonly Part[];
  readonly name?: string;
  readonly id?: string;
  readonly status?: string;
  /** Responses only; must survive. */
  readonly phase?: string | null;
  readonly wire?: Wire;
  readonly path?: string;
}
