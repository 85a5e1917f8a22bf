import type { GenerateRequest, Part, Tool } from "@dragoman/core";
import { mediaTokens } from "./media-tokens.ts";
import { textTokens } from "./text-tokens.ts";

/** Counts are rather a little too high than too low: clients compact their history by them. */
const MARGIN = 1.05;

/** What vendors write around each message, and each tool. */
const MESSAGE_TOKENS = 4;
const TOOL_TOKENS = 12;
/** A tool that the vendor runs brings words of its own. */
const SERVER_TOOL_TOKENS = 300;

/** An estimate of a request's input tokens; everything that a model reads is in it. Never 0. */
export function requestTokens(request: GenerateRequest): number {
  const messages = request.messages.reduce((sum, { parts }) => sum + MESSAGE_TOKENS + partsTokens(parts), 0);
  const tools = request.tools.reduce((sum, tool) => sum + toolTokens(tool), 0);
  const format = request.output?.format?.type === "json-schema" ? jsonTokens(request.output.format.schema) : 0;
  return Math.max(1, Math.ceil((messages + tools + format) * MARGIN));
}

function partsTokens(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + partTokens(part), 0);
}

function partTokens(part: Part): number {
  switch (part.kind) {
    case "text":
    case "refusal":
      return textTokens(part.text);
    case "reasoning":
      return part.text === "" ? sealTokens(part.seal?.value) : textTokens(part.text);
    case "image":
    case "video":
      return mediaTokens(part);
    case "audio":
      return mediaTokens(part) + textTokens(part.transcript ?? "");
    case "file":
      return mediaTokens(part) + textTokens([part.title ?? part.filename ?? "", part.context ?? "", ...(part.source.type === "text" ? [part.source.text] : [])].join(" "));
    case "tool-call":
      return MESSAGE_TOKENS + textTokens(part.name) + textTokens(part.argumentsText);
    case "tool-result":
      return MESSAGE_TOKENS + partsTokens(part.content);
    case "server-tool-call":
      return textTokens(part.name) + jsonTokens(part.input);
    case "server-tool-result":
      return jsonTokens(part.result);
    case "compaction":
      return part.text === undefined ? sealTokens(part.encrypted) : textTokens(part.text);
    case "opaque":
      return jsonTokens(part.value);
  }
}

/** Sealed text is about as long as what is in it, and base64 on top. */
function sealTokens(seal: string | undefined): number {
  return Math.ceil((seal?.length ?? 0) / 6);
}

function jsonTokens(value: unknown): number {
  return value === undefined ? 0 : textTokens(JSON.stringify(value));
}

function toolTokens(tool: Tool): number {
  if (tool.kind === "server") return SERVER_TOOL_TOKENS + jsonTokens(tool.config);
  const detail = tool.kind === "function" ? tool.schema : tool.grammar;
  return TOOL_TOKENS + textTokens(tool.name) + textTokens(tool.description ?? "") + jsonTokens(detail);
}
