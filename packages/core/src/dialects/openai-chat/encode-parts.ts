import type { AudioPart, FilePart, ImagePart, Json, JsonObject, Part, TextPart, VideoPart } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { toDataUrl } from "../../wire/data-url.ts";
import type { CacheMarks } from "./cache-marks.ts";
import { VENDOR } from "./identity.ts";
import { unsupported } from "./unsupported.ts";

/** One part of a user's message as content parts of the wire; media that cannot be said is refused with its path. */
export function encodeUserPart(part: Part, exchange: Exchange): JsonObject[] {
  switch (part.kind) {
    case "text":
      return [{ type: "text", text: part.text }];
    case "image":
      return [encodeImage(part, exchange)];
    case "audio":
      return [encodeAudio(part)];
    case "file":
      return encodeFile(part, exchange);
    case "video":
      return [encodeVideo(part, exchange)];
    case "opaque":
      return [part.value as JsonObject];
    default:
      exchange.report({ code: "unsupported-part", path: part.path ?? "messages", action: "dropped", detail: `${part.kind} in a user's message` });
      return [];
  }
}

/** Parts of a user's message: a lone text is a string, as every server takes it. */
export function encodeUserContent(parts: readonly Part[], exchange: Exchange, marks: CacheMarks): Json {
  const content = parts.flatMap((part) => {
    const encoded = encodeUserPart(part, exchange);
    const last = encoded.pop();
    return last === undefined ? [] : [...encoded, { ...last, ...marks.members(part.cache) }];
  });
  const [only] = content;
  return content.length === 1 && only !== undefined && isBareText(only) ? (only.text ?? "") : content;
}

export function isBareText(part: JsonObject): boolean {
  return part.type === "text" && Object.keys(part).length === 2;
}

/**
 * Several texts of one message. OpenAI takes them as a list; many others take a string only, unless marks demand parts.
 */
export function encodeTexts(parts: readonly TextPart[], exchange: Exchange, options: { readonly marks: CacheMarks; readonly separator: string }): Json {
  const content = parts.map((part): JsonObject => ({ type: "text", text: part.text, ...options.marks.members(part.cache) }));
  const bare = content.every(isBareText);
  if (bare && (parts.length < 2 || exchange.capabilities.firstParty === false)) return parts.map(({ text }) => text).join(options.separator);
  return content;
}

function encodeImage(part: ImagePart, exchange: Exchange): JsonObject {
  const path = part.path ?? "messages";
  const detail = part.detail === "original" ? "high" : part.detail;
  if (part.detail === "original") exchange.report({ code: "image-detail", path, action: "converted", detail: "original → high" });
  return { type: "image_url", image_url: { url: mediaUrl(part, "image"), ...(detail !== undefined && { detail }) } };
}

/** Address or data URL of something that the wire takes by address. */
function mediaUrl(part: ImagePart | VideoPart, word: string): string {
  const { source } = part;
  if (source.type === "url") return source.url;
  if (source.type === "base64") return toDataUrl(source.mimeType, source.data);
  throw unsupported(part.path ?? "messages", `this model takes ${word}s by address or inline, not as an uploaded file`);
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = { "audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav", "audio/mpeg": "mp3", "audio/mp3": "mp3" };

function encodeAudio(part: AudioPart): JsonObject {
  const path = part.path ?? "messages";
  if (part.source?.type !== "base64") throw unsupported(path, "this model takes audio inline only");
  const format = part.format ?? AUDIO_FORMATS[part.source.mimeType];
  if (format === undefined) throw unsupported(path, `this model takes audio as wav or mp3, not ${part.source.mimeType}`);
  return { type: "input_audio", input_audio: { data: part.source.data, format } };
}

function encodeFile(part: FilePart, exchange: Exchange): JsonObject[] {
  const path = part.path ?? "messages";
  if (part.citations === true) exchange.report({ code: "document-citations", path, action: "dropped", detail: "citations cannot be asked for" });
  const context: JsonObject[] = part.context === undefined ? [] : [{ type: "text", text: part.context }];
  return [...context, fileContent(part, path)];
}

function fileContent(part: FilePart, path: string): JsonObject {
  const { source } = part;
  const filename = part.filename ?? part.title;
  switch (source.type) {
    case "text":
      return { type: "text", text: fileText(filename ?? "document.txt", source.text) };
    case "base64":
      return { type: "file", file: { filename: filename ?? defaultFilename(source.mimeType), file_data: toDataUrl(source.mimeType, source.data) } };
    case "file-id":
      if (source.vendor !== VENDOR) throw unsupported(path, "the file was uploaded to another provider");
      return { type: "file", file: { file_id: source.id } };
    case "url":
      throw unsupported(path, "this model takes files inline, not by address");
  }
}

/** A text document in the middle of a message, with a line that says which it is. */
function fileText(name: string, text: string): string {
  return `--- file: ${name} ---\n${text}`;
}

function defaultFilename(mimeType: string): string {
  return `document.${/\/([a-z0-9]+)$/.exec(mimeType)?.[1] ?? "bin"}`;
}

/** Not in OpenAI's API; compatible servers agree on the name (vLLM, OpenRouter, Qwen). */
function encodeVideo(part: VideoPart, exchange: Exchange): JsonObject {
  if (exchange.capabilities.firstParty !== false) throw unsupported(part.path ?? "messages", "this model does not take video");
  return { type: "video_url", video_url: { url: mediaUrl(part, "video") } };
}
