// The fields of generateContent that are read or written here. Google GenAI SDK 2.32 types (read 2026-11).
import type { Json, JsonObject } from "../../canonical/index.ts";

export const DIALECT_ID = "gemini-generate-content";
/** The same bodies within an envelope, as Gemini CLI and Code Assist speak. */
export const CODE_ASSIST_ID = "gemini-code-assist";
export const VENDOR = "google";

/** Told by Google for calls that no signature exists for: history from elsewhere, calls made up by the client. */
export const SKIP_SIGNATURE = "skip_thought_signature_validator";
const SENTINELS: ReadonlySet<string> = new Set([SKIP_SIGNATURE, "context_engineering_is_the_way_to_go"]);

/** Words in the place of a signature that switch its check off; nobody sealed anything with them. */
export function isSentinel(value: string): boolean {
  return SENTINELS.has(value);
}

/** Both dialects hold the same contents, so that what one decoded the other may write back word for word. */
export function isOurs(dialect: string | undefined): boolean {
  return dialect === DIALECT_ID || dialect === CODE_ASSIST_ID;
}

export interface WirePart {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  inlineData?: { mimeType: string; data: string; displayName?: string };
  fileData?: { mimeType?: string; fileUri: string; displayName?: string };
  videoMetadata?: { startOffset?: string; endOffset?: string; fps?: number };
  functionCall?: { id?: string; name: string; args: JsonObject };
  functionResponse?: { id?: string; name: string; response: JsonObject; parts?: readonly WirePart[] };
  [other: string]: Json | object | undefined;
}

export interface WireContent {
  role: "user" | "model";
  parts: readonly WirePart[];
}

export interface WireFunctionDeclaration {
  name: string;
  description?: string;
  parameters?: JsonObject;
  parametersJsonSchema?: JsonObject;
}

export interface WireThinkingConfig {
  includeThoughts?: boolean;
  thinkingBudget?: number;
  thinkingLevel?: string;
}

export interface WireSegment {
  partIndex?: number;
  /** UTF-8 bytes into the text of the part; 0 is left out on the wire. */
  startIndex?: number;
  endIndex?: number;
  text?: string;
}

/** Typed wire objects are JSON; TypeScript cannot see it through optional members of interfaces. */
export function asJson(value: object): JsonObject {
  return value as JsonObject;
}
