import type { Finish, FinishReason } from "../../canonical/index.ts";

const FROM_WIRE: Readonly<Record<string, FinishReason>> = {
  STOP: "end",
  MAX_TOKENS: "max-tokens",
  SAFETY: "content-filter", BLOCKLIST: "content-filter", PROHIBITED_CONTENT: "content-filter", SPII: "content-filter",
  IMAGE_SAFETY: "content-filter", IMAGE_PROHIBITED_CONTENT: "content-filter", LANGUAGE: "content-filter",
  RECITATION: "recitation", IMAGE_RECITATION: "recitation",
  MALFORMED_FUNCTION_CALL: "malformed-tool-call", UNEXPECTED_TOOL_CALL: "malformed-tool-call", TOO_MANY_TOOL_CALLS: "malformed-tool-call",
  CONTINUATION: "pause",
};

const TO_WIRE: Readonly<Record<FinishReason, string>> = {
  "end": "STOP", "stop-sequence": "STOP", "tool-use": "STOP", "pause": "STOP", "compaction": "STOP",
  "max-tokens": "MAX_TOKENS", "context-window": "MAX_TOKENS",
  "refusal": "PROHIBITED_CONTENT", "content-filter": "SAFETY", "recitation": "RECITATION",
  "malformed-tool-call": "MALFORMED_FUNCTION_CALL",
  "cancelled": "OTHER", "other": "OTHER",
};

export function decodeFinish(native: string, message: string | undefined): Finish {
  return { reason: FROM_WIRE[native] ?? "other", native, ...(message !== undefined && { explanation: message }) };
}

/** The vendor's own word comes back when it is one of this dialect's and still means the same. */
export function encodeFinish(finish: Finish): string {
  const { native, reason } = finish;
  if (native !== undefined && isOwnWord(native) && sameMeaning(FROM_WIRE[native] ?? "other", reason)) return native;
  return TO_WIRE[reason];
}

const OTHER_WORDS: ReadonlySet<string> = new Set(["OTHER", "NO_IMAGE", "IMAGE_OTHER", "FINISH_REASON_UNSPECIFIED"]);

function isOwnWord(native: string): boolean {
  return native in FROM_WIRE || OTHER_WORDS.has(native);
}

/** `STOP` also ends a turn that called tools. */
function sameMeaning(told: FinishReason, reason: FinishReason): boolean {
  return told === reason || TO_WIRE[told] === TO_WIRE[reason];
}
