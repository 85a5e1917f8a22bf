import type { AudioPart, FilePart, ImagePart, JsonObject, Media, VideoPart } from "../../canonical/index.ts";
import { guessMimeType } from "../../wire/data-url.ts";
import { readObject, readString } from "../../wire/read.ts";
import { present } from "../../wire/present.ts";
import { numberAt, stringAt } from "./members.ts";
import { VENDOR } from "./wire.ts";

export type MediaPart = ImagePart | AudioPart | VideoPart | FilePart;

const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  "audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav", "audio/mp3": "mp3", "audio/mpeg": "mp3", "audio/flac": "flac",
  "audio/ogg": "ogg", "audio/aac": "aac", "audio/pcm": "pcm16", "audio/L16": "pcm16",
};

/** Files that Google keeps, by either of its services; nobody else can open them. */
const OWN_FILE = /^(gs:\/\/|https:\/\/generativelanguage\.googleapis\.com\/)/;
const VIDEO_SITE = /^https:\/\/(www\.youtube\.com|youtube\.com|youtu\.be)\//;

export function isOwnFile(uri: string): boolean {
  return OWN_FILE.test(uri);
}

export function decodeInlineData(wire: JsonObject, path: string): MediaPart {
  const blob = readObject(wire.inlineData, `${path}.inlineData`);
  const data = standardBase64(readString(blob.data, `${path}.inlineData.data`));
  const filename = stringAt(blob, "displayName");
  const mimeType = stringAt(blob, "mimeType") ?? guessMimeType(filename, data) ?? "application/octet-stream";
  return mediaPart({ type: "base64", mimeType, data }, mimeType, wire, filename);
}

export function decodeFileData(wire: JsonObject, path: string): MediaPart {
  const file = readObject(wire.fileData, `${path}.fileData`);
  const uri = readString(file.fileUri, `${path}.fileData.fileUri`);
  const filename = stringAt(file, "displayName");
  const mimeType = stringAt(file, "mimeType");
  const source: Media = isOwnFile(uri)
    ? present<Media>({ type: "file-id", id: uri, vendor: VENDOR, ...(mimeType !== undefined && { mimeType }) })
    : { type: "url", url: uri, ...(mimeType !== undefined && { mimeType }) };
  const kind = mimeType ?? (VIDEO_SITE.test(uri) ? "video/*" : guessMimeType(uri, undefined)) ?? "";
  return mediaPart(source, kind, wire, filename);
}

 
function mediaPart(source: Media, mimeType: string, wire: JsonObject, filename: string | undefined): MediaPart {
  if (mimeType.startsWith("image/")) return { kind: "image", source };
  if (mimeType.startsWith("audio/")) return present<AudioPart>({ kind: "audio", source, format: audioFormat(mimeType) });
  if (mimeType.startsWith("video/")) return videoPart(source, wire);
  return present<FilePart>({ kind: "file", source, filename });
}

function audioFormat(mimeType: string): string | undefined {
  return AUDIO_FORMATS[mimeType.split(";")[0] ?? ""];
}

function videoPart(source: Media, wire: JsonObject): VideoPart {
  const metadata = wire.videoMetadata === undefined || wire.videoMetadata === null ? {} : readObject(wire.videoMetadata, "videoMetadata");
  return present<VideoPart>({
    kind: "video",
    source,
    start: stringAt(metadata, "startOffset"),
    end: stringAt(metadata, "endOffset"),
    framesPerSecond: numberAt(metadata, "fps"),
  });
}

/** Google also takes the URL-safe alphabet; others do not. */
function standardBase64(data: string): string {
  return data.includes("-") || data.includes("_") ? data.replaceAll("-", "+").replaceAll("_", "/") : data;
}
