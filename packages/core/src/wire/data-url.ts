import type { Media } from "../canonical/index.ts";

const UNKNOWN_TYPE = "application/octet-stream";

/** Reads `data:<mime>;base64,<data>`; tolerates a missing MIME type, further parameters and percent-encoding. `undefined` when it is no data URL. */
export function parseDataUrl(url: string): Extract<Media, { type: "base64" }> | undefined {
  if (url.slice(0, 5).toLowerCase() !== "data:") return undefined;
  const comma = url.indexOf(",");
  if (comma < 0) return undefined;
  const [type = "", ...parameters] = url.slice(5, comma).split(";").map((word) => word.trim().toLowerCase());
  const body = url.slice(comma + 1);
  const isBase64 = parameters.includes("base64");
  return {
    type: "base64",
    mimeType: type === "" ? UNKNOWN_TYPE : type,
    data: isBase64 ? plainBase64(body) : btoa(percentDecode(body)),
  };
}

export function toDataUrl(mimeType: string, data: string): string {
  return `data:${mimeType};base64,${data}`;
}

/** `+`, `/` and `=` sometimes come percent-encoded; the search keeps the usual case free of a copy. */
function plainBase64(body: string): string {
  return body.includes("%") ? percentDecode(body) : body;
}

/** The bytes of a percent-encoded text, one char a byte. A `%` that begins no escape stands for itself. */
function percentDecode(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes.replace(/%([0-9a-fA-F]{2})/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const TYPE_OF_ENDING: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  json: "application/json",
  xml: "application/xml",
  zip: "application/zip",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ppt: "application/vnd.ms-powerpoint",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  rtf: "application/rtf",
  txt: "text/plain",
  log: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  htm: "text/html",
  css: "text/css",
  js: "text/javascript",
  ts: "text/x-typescript",
  py: "text/x-python",
  yaml: "text/yaml",
  yml: "text/yaml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
  tif: "image/tiff",
  tiff: "image/tiff",
  svg: "image/svg+xml",
  heic: "image/heic",
  heif: "image/heif",
  avif: "image/avif",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  flac: "audio/flac",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  aac: "audio/aac",
  aiff: "audio/aiff",
  m4a: "audio/mp4",
  mp4: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
  mkv: "video/x-matroska",
  avi: "video/x-msvideo",
  mpeg: "video/mpeg",
  mpg: "video/mpeg",
};

/** First bytes as Latin-1 text; a pattern is tested against the first 16 of them. */
const TYPE_OF_FIRST_BYTES: readonly (readonly [RegExp, string])[] = [
  [/^%PDF-/, "application/pdf"],
  [/^\x89PNG\r\n/, "image/png"],
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^GIF8[79]a/, "image/gif"],
  [/^RIFF[^]{4}WEBP/, "image/webp"],
  [/^RIFF[^]{4}WAVE/, "audio/wav"],
  [/^RIFF[^]{4}AVI /, "video/x-msvideo"],
  [/^BM[^]{4}\0{4}/, "image/bmp"],
  [/^(?:II\*\0|MM\0\*)/, "image/tiff"],
  [/^[^]{4}ftyp(?:heic|heix|hevc)/, "image/heic"],
  [/^[^]{4}ftyp(?:mif1|msf1)/, "image/heif"],
  [/^[^]{4}ftypavif/, "image/avif"],
  [/^[^]{4}ftypM4A/, "audio/mp4"],
  [/^[^]{4}ftypqt/, "video/quicktime"],
  [/^[^]{4}ftyp/, "video/mp4"],
  [/^\WE\xdf\xa3/, "video/webm"],
  [/^(?:ID3|\xff[\xfb\xf3\xf2])/, "audio/mpeg"],
  [/^\xff[\xf1\xf9]/, "audio/aac"],
  [/^fLaC/, "audio/flac"],
  [/^OggS/, "audio/ogg"],
  [/^FORM[^]{4}AIF[FC]/, "audio/aiff"],
  [/^PK\W\W/, "application/zip"],
  [/^\{\\rtf/, "application/rtf"],
];

/** MIME type from a file name's ending, or from the first bytes of base64 data. */
export function guessMimeType(filename: string | undefined, base64: string | undefined): string | undefined {
  return typeOfEnding(filename) ?? typeOfFirstBytes(base64);
}

function typeOfEnding(filename: string | undefined): string | undefined {
  const dot = filename?.lastIndexOf(".") ?? -1;
  if (filename === undefined || dot < 0) return undefined;
  const ending = filename.slice(dot + 1).toLowerCase();
  return Object.hasOwn(TYPE_OF_ENDING, ending) ? TYPE_OF_ENDING[ending] : undefined;
}

/** 16 bytes decide every kind we know, and 24 base64 characters hold 18. */
function typeOfFirstBytes(base64: string | undefined): string | undefined {
  const head = base64?.slice(0, 64).replaceAll(/\s/g, "").slice(0, 24) ?? "";
  if (head === "") return undefined;
  let bytes: string;
  try {
    bytes = atob(head.slice(0, head.length - (head.length % 4)));
  } catch {
    return undefined;
  }
  return TYPE_OF_FIRST_BYTES.find(([pattern]) => pattern.test(bytes))?.[1];
}
