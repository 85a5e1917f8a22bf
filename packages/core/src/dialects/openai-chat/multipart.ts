// Files that came beside a chat request as multipart/form-data. Parsing the form is the reception's business.
import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";
import { toDataUrl } from "../../wire/data-url.ts";
import { readArray, readObject } from "../../wire/read.ts";
import { fenced } from "./fence.ts";

/** A file of the form. Whoever decoded it says whether its bytes are text (valid UTF-8) or not. */
export type AttachedFile =
  | { readonly name: string; readonly mimeType: string; readonly text: string }
  | { readonly name: string; readonly mimeType: string; readonly base64: string };

/** Puts the files, in order, behind what the last user message says; without one, they are a message of their own. */
export function attachFiles(payload: JsonObject, files: readonly AttachedFile[]): JsonObject {
  if (files.length === 0) return payload;
  const messages = payload.messages === undefined ? [] : readArray(payload.messages, "messages");
  const parts = files.map(filePart);
  const at = messages.findLastIndex((message) => isJsonObject(message) && message.role === "user");
  if (at < 0) return { ...payload, messages: [...messages, { role: "user", content: parts }] };
  const message = readObject(messages[at], `messages[${at}]`);
  return { ...payload, messages: messages.with(at, { ...message, content: [...contentParts(message.content), ...parts] }) };
}

function contentParts(content: Json | undefined): readonly Json[] {
  if (Array.isArray(content)) return content as readonly Json[];
  return typeof content === "string" && content !== "" ? [{ type: "text", text: content }] : [];
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = { "audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav", "audio/mpeg": "mp3", "audio/mp3": "mp3" };

function filePart(file: AttachedFile): JsonObject {
  if ("text" in file) return { type: "text", text: `File: ${file.name}${file.mimeType === "" ? "" : ` (${file.mimeType})`}\n${fenced(file.text, file.name)}` };
  const { name, mimeType, base64 } = file;
  const url = toDataUrl(mimeType, base64);
  if (mimeType.startsWith("image/")) return { type: "image_url", image_url: { url } };
  const format = AUDIO_FORMATS[mimeType];
  if (format !== undefined) return { type: "input_audio", input_audio: { data: base64, format } };
  return { type: "file", file: { filename: name, file_data: url } };
}
