import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";

/** A body of this dialect without the thinking blocks whose signature or data is doomed; the same object when there is none. */
export function withoutSeals(body: JsonObject, doomed: (value: string) => boolean): JsonObject {
  if (!Array.isArray(body.messages)) return body;
  let changed = false;
  const messages = (body.messages as readonly Json[]).flatMap((message): readonly Json[] => {
    if (!isJsonObject(message) || !Array.isArray(message.content)) return [message];
    const blocks = message.content as readonly Json[];
    const kept = blocks.filter((block) => !isDoomed(block, doomed));
    if (kept.length === blocks.length) return [message];
    changed = true;
    return kept.length === 0 ? [] : [{ ...message, content: kept }];
  });
  return changed ? { ...body, messages } : body;
}

function isDoomed(block: Json, doomed: (value: string) => boolean): boolean {
  if (!isJsonObject(block)) return false;
  const value = block.type === "thinking" ? block.signature : block.type === "redacted_thinking" ? block.data : undefined;
  return typeof value === "string" && doomed(value);
}
