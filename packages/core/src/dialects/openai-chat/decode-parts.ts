import { isJsonObject, type CacheMark, type Json, type JsonObject, type Media, type Part } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import { guessMimeType, parseDataUrl } from "../../wire/data-url.ts";
import { optionalString, readObject, readString } from "../../wire/read.ts";
import { CHAT } from "./identity.ts";
import { reasoningText } from "./reasoning-fields.ts";

/** MIME types of the formats that `input_audio` names. */
const AUDIO_MIME_TYPES: Readonly<Record<string, string>> = { mp3: "audio/mpeg", wav: "audio/wav", pcm16: "audio/pcm", ogg: "audio/ogg", flac: "audio/flac", aac: "audio/aac", m4a: "audio/mp4", webm: "audio/webm" };

const DETAILS = new Set(["auto", "low", "high", "original"]);

/** Content is a string, a list of parts, or (with tool calls) nothing. An empty string holds no part. */
export function decodeContent(content: Json | undefined, path: string): Part[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ kind: "text", text: content, path }];
  if (!Array.isArray(content)) throw invalidRequest(path, "expected a string or a list of parts");
  return (content as readonly Json[]).map((value, index) => decodePart(value, `${path}[${index}]`));
}

function decodePart(value: Json, path: string): Part {
  if (typeof value === "string") return { kind: "text", text: value, path };
  const node = readObject(value, path);
  const type = readString(node.type, `${path}.type`);
  const decode = PART_DECODERS[type];
  const part: Part = decode === undefined ? opaque(node, type) : decode(node, path);
  const cache = cacheMark(node);
  return { ...part, path, ...(cache !== undefined && { cache }) };
}

type PartDecoder = (node: JsonObject, path: string) => Part;

const text: PartDecoder = (node, path) => ({ kind: "text", text: readString(node.text, `${path}.text`) });

const PART_DECODERS: Readonly<Record<string, PartDecoder | undefined>> = {
  text,
  input_text: text,
  output_text: text,
  refusal: (node, path) => ({ kind: "refusal", text: readString(node.refusal, `${path}.refusal`) }),
  image_url: decodeImage,
  input_audio: decodeAudio,
  file: decodeFile,
  video_url: (node, path) => ({ kind: "video", source: mediaFromUrl(urlOf(node.video_url, `${path}.video_url`), `${path}.video_url.url`) }),
  // Mistral keeps thoughts as content parts, also when they come back (docs.mistral.ai, read 2026-11).
  thinking: decodeThinking,
  reasoning: decodeThinking,
};

function decodeThinking(node: JsonObject): Part {
  return { kind: "reasoning", text: reasoningText(node.thinking ?? node.text ?? node.reasoning), textKind: "raw" };
}

function opaque(node: JsonObject, type: string): Part {
  return { kind: "opaque", dialect: CHAT, type, value: node };
}

function decodeImage(node: JsonObject, path: string): Part {
  const source = mediaFromUrl(urlOf(node.image_url, `${path}.image_url`), `${path}.image_url.url`);
  // Seen in the field: documents sent where an image belongs.
  if (source.mimeType === "application/pdf") return { kind: "file", source };
  const detail = isJsonObject(node.image_url) ? node.image_url.detail : undefined;
  return { kind: "image", source, ...(typeof detail === "string" && DETAILS.has(detail) && { detail: detail as "auto" }) };
}

/** Some clients leave out the object around the address. */
function urlOf(value: Json | undefined, path: string): string {
  return typeof value === "string" ? value : readString(readObject(value, path).url, `${path}.url`);
}

function mediaFromUrl(url: string, path: string): Media {
  if (!url.startsWith("data:")) return { type: "url", url };
  const media = parseDataUrl(url);
  if (media === undefined) throw invalidRequest(path, "not a readable data URL");
  return media;
}

function decodeAudio(node: JsonObject, path: string): Part {
  const audio = readObject(node.input_audio, `${path}.input_audio`);
  const data = readString(audio.data, `${path}.input_audio.data`);
  const format = optionalString(audio, "format", `${path}.input_audio`);
  const inline = data.startsWith("data:") ? parseDataUrl(data) : undefined;
  const source: Media = inline ?? { type: "base64", mimeType: AUDIO_MIME_TYPES[format ?? ""] ?? `audio/${format ?? "wav"}`, data };
  return { kind: "audio", source, ...(format !== undefined && { format }) };
}

function decodeFile(node: JsonObject, path: string): Part {
  const file = readObject(node.file, `${path}.file`);
  const filename = optionalString(file, "filename", `${path}.file`);
  const name = filename === undefined ? {} : { filename };
  const id = optionalString(file, "file_id", `${path}.file`);
  if (id !== undefined) return { kind: "file", source: { type: "file-id", id, vendor: "openai" }, ...name };
  const data = readString(file.file_data, `${path}.file.file_data`);
  return { kind: "file", source: fileSource(data, filename, `${path}.file.file_data`), ...name };
}

/** A data URL, an address (as OpenRouter takes it), or bare base64. */
function fileSource(data: string, filename: string | undefined, path: string): Media {
  if (data.startsWith("data:") || /^https?:\/\//.test(data)) return mediaFromUrl(data, path);
  return { type: "base64", mimeType: guessMimeType(filename, data) ?? "application/octet-stream", data };
}

/** `cache_control` is Anthropic's word that routers accept here, `prompt_cache_breakpoint` OpenAI's own. */
export function cacheMark(node: JsonObject): CacheMark | undefined {
  if (isJsonObject(node.cache_control)) {
    const ttl = node.cache_control.ttl;
    return ttl === "5m" || ttl === "30m" || ttl === "1h" ? { ttl } : {};
  }
  return isJsonObject(node.prompt_cache_breakpoint) ? {} : undefined;
}
