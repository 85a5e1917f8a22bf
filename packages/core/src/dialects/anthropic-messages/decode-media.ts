import { isJsonObject, type Json, type JsonObject, type Media } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import { join, optionalString, readObject, readString } from "../../wire/read.ts";
import { VENDOR } from "./wire.ts";

/** Reads the `source` of an image or a document. */
export function decodeSource(block: JsonObject, path: string, defaultMimeType: string | undefined): Media {
  const at = join(path, "source");
  const source = readObject(block.source, at);
  const mimeType = optionalString(source, "media_type", at) ?? defaultMimeType;
  switch (source.type) {
    case "base64":
      return { type: "base64", mimeType: mimeType ?? "application/octet-stream", data: readString(source.data, join(at, "data")) };
    case "url":
      return { type: "url", url: readString(source.url, join(at, "url")), ...(mimeType !== undefined && { mimeType }) };
    case "file":
      return { type: "file-id", id: readString(source.file_id, join(at, "file_id")), vendor: VENDOR };
    case "text":
      return { type: "text", mimeType: mimeType ?? "text/plain", text: readString(source.data, join(at, "data")) };
    case "content":
      return { type: "text", mimeType: "text/plain", text: textOf(source.content) };
    default:
      throw invalidRequest(join(at, "type"), `unknown kind of source ${JSON.stringify(source.type ?? null)}`);
  }
}

/** Whether a document is made of blocks that a plain text cannot hold. */
export function holdsImages(block: JsonObject): boolean {
  const source = isJsonObject(block.source) ? block.source : undefined;
  const content = source?.type === "content" ? source.content : undefined;
  return Array.isArray(content) && (content as readonly Json[]).some((entry) => isJsonObject(entry) && entry.type === "image");
}

/** The text of a string or of a list of text blocks. */
export function textOf(content: Json | undefined): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts = (content as readonly Json[]).flatMap((entry) => (isJsonObject(entry) && typeof entry.text === "string" ? [entry.text] : []));
  return texts.join("\n\n");
}
