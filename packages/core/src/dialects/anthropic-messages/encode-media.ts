import type { FilePart, ImagePart, Media, MutableJsonObject } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import { guessMimeType } from "../../wire/data-url.ts";
import { present } from "../../wire/present.ts";
import { IMAGE_TYPES, VENDOR } from "./wire.ts";

const GENERIC_TYPES: ReadonlySet<string> = new Set(["", "application/octet-stream"]);

/** What this dialect cannot take is a fault that the caller must hear of: without it the question would be another. */
export function unsupportedMedia(path: string | undefined, what: string): GatewayError {
  const at = path ?? "messages";
  return new GatewayError("unsupported_parameter", { message: `${at}: ${what}`, path: at, source: "client" });
}

export function encodeImage(part: ImagePart): MutableJsonObject {
  const source = part.source;
  switch (source.type) {
    case "base64":
      return { type: "image", source: { type: "base64", media_type: imageType(source, part.path), data: source.data } };
    case "url":
      return { type: "image", source: { type: "url", url: source.url } };
    case "file-id":
      return { type: "image", source: fileSource(source, part.path) };
    case "text":
      throw unsupportedMedia(part.path, "an image must be binary");
  }
}

/** The vendor checks the bytes against the type, so the bytes have the last word. */
function imageType(source: Extract<Media, { type: "base64" }>, path: string | undefined): string {
  const seen = guessMimeType(undefined, source.data);
  if (seen !== undefined && IMAGE_TYPES.has(seen)) return seen;
  const declared = source.mimeType === "image/jpg" ? "image/jpeg" : source.mimeType;
  if (IMAGE_TYPES.has(declared)) return declared;
  throw unsupportedMedia(path, `the model takes jpeg, png, gif and webp images, not ${declared}`);
}

function fileSource(source: Extract<Media, { type: "file-id" }>, path: string | undefined): MutableJsonObject {
  if (source.vendor !== VENDOR) throw unsupportedMedia(path, "a file that is kept at another vendor cannot be read by this model");
  return { type: "file", file_id: source.id };
}

/** A document, or an image where a file turns out to be one. */
export function encodeFile(part: FilePart): MutableJsonObject {
  const source = part.source;
  const mimeType = fileType(part);
  if (source.type === "base64" && IMAGE_TYPES.has(mimeType)) return encodeImage({ kind: "image", source: { ...source, mimeType } });
  const title = part.title ?? part.filename;
  return present<MutableJsonObject>({
    type: "document",
    source: documentSource(part, mimeType),
    title,
    context: part.context,
    citations: part.citations === undefined ? undefined : { enabled: part.citations },
  });
}

function fileType(part: FilePart): string {
  const source = part.source;
  const declared = (source.type === "text" ? source.mimeType : (source.mimeType ?? "")).split(";")[0]?.trim() ?? "";
  if (!GENERIC_TYPES.has(declared)) return declared;
  return guessMimeType(part.filename, source.type === "base64" ? source.data : undefined) ?? declared;
}

function documentSource(part: FilePart, mimeType: string): MutableJsonObject {
  const source = part.source;
  switch (source.type) {
    case "text":
      return { type: "text", media_type: "text/plain", data: source.text };
    case "url":
      return { type: "url", url: source.url };
    case "file-id":
      return fileSource(source, part.path);
    case "base64":
      if (mimeType === "application/pdf") return { type: "base64", media_type: mimeType, data: source.data };
      if (isTextType(mimeType)) return { type: "text", media_type: "text/plain", data: decodeText(source.data, part.path) };
      throw unsupportedMedia(part.path, `the model takes PDF and text documents, not ${mimeType === "" ? "this file" : mimeType}`);
  }
}

function isTextType(mimeType: string): boolean {
  return mimeType.startsWith("text/") || /^application\/(json|xml|yaml|x-yaml|javascript|typescript|toml|sql|x-sh)$/.test(mimeType);
}

function decodeText(base64: string, path: string | undefined): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unsupportedMedia(path, "the document is not valid base64 of UTF-8 text");
  }
}
