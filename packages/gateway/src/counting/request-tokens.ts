import type { FilePart, GenerateRequest, ImagePart, Media, Part, Tool } from "@dragoman/core";
import { imageSize } from "./image-size.ts";
import { textTokens } from "./text-tokens.ts";

/** Counts are rather a little too high than too low: clients compact their history by them. */
const MARGIN = 1.05;

/** What vendors write around each message, and each tool. */
const MESSAGE_TOKENS = 4;
const TOOL_TOKENS = 12;
/** A tool that the vendor runs brings words of its own. */
const SERVER_TOOL_TOKENS = 300;

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

/**
 * An estimate of a request's input tokens; everything that a model reads is in it. Never 0.
 * @param share of each text that is looked at, as `textTokens` has it
 */
export function requestTokens(request: GenerateRequest, share = 1): number {
  const messages = request.messages.reduce((sum, { parts }) => sum + MESSAGE_TOKENS + partsTokens(parts, share), 0);
  const tools = request.tools.reduce((sum, tool) => sum + toolTokens(tool, share), 0);
  const format = request.output?.format?.type === "json-schema" ? jsonTokens(request.output.format.schema, share) : 0;
  return Math.max(1, Math.ceil((messages + tools + format) * MARGIN));
}

function partsTokens(parts: readonly Part[], share: number): number {
  return parts.reduce((sum, part) => sum + partTokens(part, share), 0);
}

function partTokens(part: Part, share: number): number {
  switch (part.kind) {
    case "text":
    case "refusal":
      return textTokens(part.text, share);
    case "reasoning":
      return part.text === "" ? sealTokens(part.seal?.value) : textTokens(part.text, share);
    case "image":
      return imageTokens(part);
    case "audio":
      return recordingTokens(part.source, BYTES_PER_AUDIO_TOKEN) + textTokens(part.transcript ?? "", share);
    case "video":
      return recordingTokens(part.source, BYTES_PER_VIDEO_TOKEN);
    case "file":
      return fileTokens(part, share);
    case "tool-call":
      return MESSAGE_TOKENS + textTokens(part.name, share) + textTokens(part.argumentsText, share);
    case "tool-result":
      return MESSAGE_TOKENS + partsTokens(part.content, share);
    case "server-tool-call":
      return textTokens(part.name, share) + jsonTokens(part.input, share);
    case "server-tool-result":
      return jsonTokens(part.result, share);
    case "compaction":
      return part.text === undefined ? sealTokens(part.encrypted) : textTokens(part.text, share);
    case "opaque":
      return jsonTokens(part.value, share);
  }
}

/** Sealed text is about as long as what is in it, and base64 on top. */
function sealTokens(seal: string | undefined): number {
  return Math.ceil((seal?.length ?? 0) / 6);
}

function jsonTokens(value: unknown, share: number): number {
  return value === undefined ? 0 : textTokens(JSON.stringify(value), share);
}

function toolTokens(tool: Tool, share: number): number {
  if (tool.kind === "server") return SERVER_TOOL_TOKENS + jsonTokens(tool.config, share);
  const detail = tool.kind === "function" ? tool.schema : tool.grammar;
  return TOOL_TOKENS + textTokens(tool.name, share) + textTokens(tool.description ?? "", share) + jsonTokens(detail, share);
}

function imageTokens({ source }: Pick<ImagePart, "source">): number {
  const size = source.type === "base64" ? imageSize(source.data) : undefined;
  if (size === undefined) return IMAGE_TOKENS.most;
  return Math.min(IMAGE_TOKENS.most, Math.max(IMAGE_TOKENS.least, Math.ceil((size.width * size.height) / PIXELS_PER_TOKEN)));
}

function fileTokens({ source, title, context, filename }: FilePart, share: number): number {
  const words = textTokens([title ?? filename ?? "", context ?? ""].join(" "), share);
  if (source.type === "text") return words + textTokens(source.text, share);
  if (source.type !== "base64") return words + UNKNOWN_PAGES * PAGE_TOKENS;
  if (source.mimeType.startsWith("image/")) return words + imageTokens({ source });
  if (/^text\/|json$|xml$/.test(source.mimeType)) return words + Math.ceil(bytesOf(source.data) / 3);
  return words + Math.max(1, Math.ceil(bytesOf(source.data) / BYTES_PER_PAGE)) * PAGE_TOKENS;
}

function recordingTokens(source: Media | undefined, bytesPerToken: number): number {
  return source?.type === "base64" ? Math.ceil(bytesOf(source.data) / bytesPerToken) : source === undefined ? 0 : UNKNOWN_RECORDING_TOKENS;
}

function bytesOf(base64: string): number {
  return (base64.length * 3) / 4;
}
