// Content of messages and tool outputs ↔ canonical parts.
import { isJsonObject, type FilePart, type ImagePart, type Json, type JsonObject, type Media, type Part, type TextPart } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import { guessMimeType, parseDataUrl } from "../../wire/data-url.ts";
import { decodeAnnotation } from "./annotations.ts";
import { DIALECT, VENDOR } from "./dialect-id.ts";

const isText = (value: Json | undefined): value is string => typeof value === "string" && value !== "";

function cacheOf(content: JsonObject): { cache?: { ttl?: "30m" } } {
  return isJsonObject(content.prompt_cache_breakpoint) ? { cache: {} } : {};
}

function urlMedia(url: string): Media {
  return parseDataUrl(url) ?? { type: "url", url };
}

function decodeImage(content: JsonObject, path: string): ImagePart {
  const source: Media | undefined = isText(content.image_url)
    ? urlMedia(content.image_url)
    : isText(content.file_id) ? { type: "file-id", id: content.file_id, vendor: VENDOR } : undefined;
  if (source === undefined) throw invalidRequest(path, "an image needs `image_url` or `file_id`");
  return {
    kind: "image",
    source,
    ...(isText(content.detail) && { detail: content.detail as NonNullable<ImagePart["detail"]> }),
    ...cacheOf(content),
    path,
  };
}

function fileMedia(content: JsonObject): Media | undefined {
  if (isText(content.file_data)) {
    const inUrl = parseDataUrl(content.file_data);
    if (inUrl !== undefined) return inUrl;
    const filename = isText(content.filename) ? content.filename : undefined;
    return { type: "base64", mimeType: guessMimeType(filename, content.file_data) ?? "application/octet-stream", data: content.file_data };
  }
  if (isText(content.file_url)) return { type: "url", url: content.file_url };
  return isText(content.file_id) ? { type: "file-id", id: content.file_id, vendor: VENDOR } : undefined;
}

function decodeFile(content: JsonObject, path: string): FilePart {
  const source = fileMedia(content);
  if (source === undefined) throw invalidRequest(path, "a file needs `file_data`, `file_url` or `file_id`");
  return { kind: "file", source, ...(isText(content.filename) && { filename: content.filename }), ...cacheOf(content), path };
}

/** An `output_text` with its citations and log probabilities. */
export function decodeOutputText(content: JsonObject): TextPart {
  const citations = (Array.isArray(content.annotations) ? content.annotations : []).map(decodeAnnotation).filter((citation) => citation !== undefined);
  return {
    kind: "text",
    text: typeof content.text === "string" ? content.text : "",
    ...(citations.length > 0 && { citations }),
    ...(Array.isArray(content.logprobs) && content.logprobs.length > 0 && { logprobs: content.logprobs }),
  };
}

type Decoder = (content: JsonObject, path: string) => Part;

const decodeText: Decoder = (content, path) => ({ kind: "text", text: typeof content.text === "string" ? content.text : "", ...cacheOf(content), path });

/** OpenAI's own list has no audio input here; compatible servers take Chat's shape. */
const decodeAudio: Decoder = (content, path) => {
  const audio = isJsonObject(content.input_audio) ? content.input_audio : {};
  const format = isText(audio.format) ? audio.format : "wav";
  return { kind: "audio", source: { type: "base64", mimeType: format === "mp3" ? "audio/mpeg" : `audio/${format}`, data: isText(audio.data) ? audio.data : "" }, format, path };
};

const DECODERS: ReadonlyMap<string, Decoder> = new Map(Object.entries<Decoder>({
  input_text: decodeText,
  text: decodeText,
  output_text: (content, path) => ({ ...decodeOutputText(content), path }),
  refusal: (content, path) => ({ kind: "refusal", text: typeof content.refusal === "string" ? content.refusal : "", path }),
  input_image: decodeImage,
  computer_screenshot: decodeImage,
  input_file: decodeFile,
  input_audio: decodeAudio,
}));

function decodePart(content: Json, path: string): Part {
  if (!isJsonObject(content)) throw invalidRequest(path, "expected an object");
  const type = typeof content.type === "string" ? content.type : "";
  const decoder = DECODERS.get(type);
  if (decoder !== undefined) return decoder(content, path);
  return { kind: "opaque", dialect: DIALECT, type, value: content, ...(isText(content.text) && { fallbackText: content.text }), path };
}

/** A string is one text part. */
export function decodeContent(content: Json | undefined, path: string): readonly Part[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return [{ kind: "text", text: content, path }];
  if (!Array.isArray(content)) throw invalidRequest(path, "expected a string or a list of content parts");
  return (content as readonly Json[]).map((part, index) => decodePart(part, `${path}[${index}]`));
}
