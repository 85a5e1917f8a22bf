import type { AudioPart, FilePart, ImagePart, Media, VideoPart } from "@dragoman/core";
import { imageSize } from "./image-size.ts";

/** Pictures cost about a token for 750 pixels, up to a limit (docs.anthropic.com, vision, read 2026-11), and 258 at least with others (ai.google.dev, read 2026-11). */
const PIXELS_PER_TOKEN = 750;
const IMAGE_TOKENS = { least: 258, most: 1600 };

/** A page of a PDF is text and a picture; 1,500 to 3,000 tokens (docs.anthropic.com, read 2026-11). */
const PAGE_TOKENS = 2000;
const BYTES_PER_PAGE = 75_000;
/** Of a document that is only named. */
const UNKNOWN_PAGES = 3;

/** Sound is 32 tokens a second, video about 300 (ai.google.dev, read 2026-11), at the usual rates of compressed files. */
const BYTES_PER_AUDIO_TOKEN = 500;
const BYTES_PER_VIDEO_TOKEN = 800;
const UNKNOWN_RECORDING_TOKENS = 2000;

export type MediaPart = ImagePart | AudioPart | VideoPart | FilePart;

/** What a model reads in a picture, a recording or a document, beside the words that come with it. Text in plain sight is no medium. */
export function mediaTokens(part: MediaPart): number {
  switch (part.kind) {
    case "image":
      return imageTokens(part.source);
    case "audio":
      return recordingTokens(part.source, BYTES_PER_AUDIO_TOKEN);
    case "video":
      return recordingTokens(part.source, BYTES_PER_VIDEO_TOKEN);
    case "file":
      return fileTokens(part);
  }
}

function imageTokens(source: Media): number {
  const size = source.type === "base64" ? imageSize(source.data) : undefined;
  if (size === undefined) return IMAGE_TOKENS.most;
  return Math.min(IMAGE_TOKENS.most, Math.max(IMAGE_TOKENS.least, Math.ceil((size.width * size.height) / PIXELS_PER_TOKEN)));
}

function fileTokens({ source }: FilePart): number {
  if (source.type === "text") return 0;
  if (source.type !== "base64") return UNKNOWN_PAGES * PAGE_TOKENS;
  if (source.mimeType.startsWith("image/")) return imageTokens(source);
  if (/^text\/|json$|xml$/.test(source.mimeType)) return Math.ceil(bytesOf(source.data) / 3);
  return Math.max(1, Math.ceil(bytesOf(source.data) / BYTES_PER_PAGE)) * PAGE_TOKENS;
}

function recordingTokens(source: Media | undefined, bytesPerToken: number): number {
  return source?.type === "base64" ? Math.ceil(bytesOf(source.data) / bytesPerToken) : source === undefined ? 0 : UNKNOWN_RECORDING_TOKENS;
}

function bytesOf(base64: string): number {
  return (base64.length * 3) / 4;
}
