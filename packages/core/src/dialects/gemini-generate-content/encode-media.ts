import type { AudioPart, FilePart, ImagePart, Media, VideoPart } from "../../canonical/index.ts";
import type { Capabilities } from "../../capabilities.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { guessMimeType } from "../../wire/data-url.ts";
import type { MediaPart } from "./media.ts";
import { present } from "../../wire/present.ts";
import { VENDOR, type WirePart } from "./wire.ts";

const AUDIO_TYPES: Readonly<Record<string, string>> = {
  wav: "audio/wav", mp3: "audio/mp3", flac: "audio/flac", ogg: "audio/ogg", opus: "audio/ogg", aac: "audio/aac", pcm16: "audio/pcm",
};

export function encodeMedia(part: MediaPart, exchange: Exchange): WirePart {
  const { source } = part;
  if (source === undefined) throw unsupported(part, "audio that only its vendor keeps cannot be sent here");
  const wire = encodeSource(part, source, exchange);
  return part.kind === "video" ? withVideoMetadata(wire, part) : wire;
}

 
function encodeSource(part: MediaPart, source: Media, exchange: Exchange): WirePart {
  switch (source.type) {
    case "base64":
      return { inlineData: { mimeType: mimeTypeOf(part, source.mimeType), data: source.data } };
    case "text":
      return { text: titled(part, source.text) };
    case "file-id":
      if (source.vendor !== VENDOR) throw unsupported(part, `a file kept by ${source.vendor} cannot be opened here`);
      return { fileData: present({ mimeType: source.mimeType, fileUri: source.id }) };
    case "url":
      if (wantsInline(part, exchange.capabilities)) throw unsupported(part, "web addresses are not fetched here; send the data itself");
      return { fileData: present({ mimeType: source.mimeType ?? guessMimeType(source.url, undefined), fileUri: source.url }) };
  }
}

/** An address goes only to backends that fetch it themselves, apart from those of videos that all of them know. */
export function wantsInline({ source }: MediaPart, capabilities: Capabilities): boolean {
  return source?.type === "url" && capabilities.webFileUris !== true && !isPublicVideo(source.url);
}

/** YouTube's addresses are taken by every Gemini model (ai.google.dev/gemini-api/docs/video-understanding, read 2026-11). */
function isPublicVideo(url: string): boolean {
  return /^https:\/\/(www\.)?(youtube\.com|youtu\.be)\//.test(url);
}

function mimeTypeOf(part: ImagePart | AudioPart | VideoPart | FilePart, told: string): string {
  const named = part.kind === "audio" && part.format !== undefined ? AUDIO_TYPES[part.format] : undefined;
  if (told !== "" && told !== "application/octet-stream") return told;
  return named ?? guessMimeType(part.kind === "file" ? part.filename : undefined, undefined) ?? (told || "application/octet-stream");
}

/** A document of plain text keeps its name as a line above it. */
function titled(part: MediaPart, text: string): string {
  const title = part.kind === "file" ? (part.title ?? part.filename) : undefined;
  return title === undefined ? text : `${title}\n\n${text}`;
}

function withVideoMetadata(wire: WirePart, { start, end, framesPerSecond }: VideoPart): WirePart {
  const videoMetadata = present({ startOffset: start, endOffset: end, fps: framesPerSecond });
  return Object.keys(videoMetadata).length === 0 ? wire : { ...wire, videoMetadata };
}

function unsupported(part: MediaPart, message: string): GatewayError {
  const path = part.path ?? "";
  return new GatewayError("unsupported_parameter", { message: path === "" ? message : `${path}: ${message}`, path, source: "client" });
}
