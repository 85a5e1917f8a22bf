import type { GenerateRequest, Part } from "@dragoman/core";
import { mediaTokens, type MediaPart } from "./media-tokens.ts";

/** Of UTF-8. Nearer to three than to four, so that it is rather too many: an ideograph takes three bytes, and is one token at most. */
const BYTES_PER_TOKEN = 3;

/** The end of a body tells in what script it is written: so many characters of it are looked at. */
const LOOKED_AT = 1024;

const encoder = new TextEncoder();
/** No character takes more than three bytes of UTF-8, as JavaScript counts them. */
const scratch = new Uint8Array(LOOKED_AT * 3);

/** What a request may come to, at a glance: a token for three bytes of its body, pictures and recordings as they are counted. Never 0. */
export function roughTokens(bodyText: string, messages: GenerateRequest["messages"] = []): number {
  let tokens = 0;
  let characters = bodyText.length;
  for (const { parts } of messages) {
    for (const part of parts) {
      for (const medium of part.kind === "tool-result" ? part.content : [part]) {
        if (!isMedium(medium)) continue;
        tokens += mediaTokens(medium);
        characters -= dataLength(medium);
      }
    }
  }
  return Math.max(1, Math.ceil(tokens + (Math.max(0, characters) * bytesPerCharacter(bodyText)) / BYTES_PER_TOKEN));
}

function isMedium(part: Part): part is MediaPart {
  return part.kind === "image" || part.kind === "file" || part.kind === "audio" || part.kind === "video";
}

function dataLength({ source }: MediaPart): number {
  return source?.type === "base64" ? source.data.length : 0;
}

function bytesPerCharacter(text: string): number {
  const { read, written } = encoder.encodeInto(text.length > LOOKED_AT ? text.slice(-LOOKED_AT) : text, scratch);
  return read === 0 ? 1 : written / read;
}
