import type { GenerateRequest, Part } from "../../canonical/index.ts";
import { estimateTokens } from "../../stream/index.ts";

/** What an image or a page counts for, in characters: about 1,500 tokens. */
const MEDIA_CHARACTERS = 6_000;

/** A first count of the input for `message_start`, which clients show; the true one comes with `message_delta`. */
export function estimateInput(request: GenerateRequest): number {
  let characters = 0;
  for (const message of request.messages) for (const part of message.parts) characters += lengthOf(part);
  for (const tool of request.tools) characters += tool.kind === "function" ? JSON.stringify(tool.schema ?? null).length + (tool.description?.length ?? 0) : 200;
  return Math.max(1, estimateTokens(characters));
}

function lengthOf(part: Part): number {
  switch (part.kind) {
    case "text":
    case "refusal":
    case "reasoning":
      return part.text.length;
    case "tool-call":
      return part.argumentsText.length;
    case "tool-result":
      return part.content.reduce((sum, inner) => sum + lengthOf(inner), 0);
    case "file":
      return part.source.type === "text" ? part.source.text.length : MEDIA_CHARACTERS;
    case "image":
    case "audio":
    case "video":
      return MEDIA_CHARACTERS;
    default:
      return 0;
  }
}
