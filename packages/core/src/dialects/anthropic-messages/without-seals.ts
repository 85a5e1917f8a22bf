import { isJsonObject, type Json, type JsonObject } from "../../canonical/index.ts";

/**
 * A body of this dialect without the thinking blocks whose signature or data is doomed; the same object when there is
 * none. A tool loop that is still open must begin with thinking while thinking is on (seen in the field), so that where
 * a block of such a loop is gone, thinking goes, too.
 */
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
  if (!changed) return body;
  const { thinking: _thinking, ...rest } = body;
  return isOpenLoopWithoutThinking(messages) ? { ...rest, messages } : { ...body, messages };
}

function isOpenLoopWithoutThinking(messages: readonly Json[]): boolean {
  const isOpen = blocksOf(messages.at(-1)).some((block) => isJsonObject(block) && block.type === "tool_result");
  const first = blocksOf(messages.at(-2))[0];
  return isOpen && !(isJsonObject(first) && (first.type === "thinking" || first.type === "redacted_thinking"));
}

function blocksOf(message: Json | undefined): readonly Json[] {
  return isJsonObject(message) && Array.isArray(message.content) ? (message.content as readonly Json[]) : [];
}

function isDoomed(block: Json, doomed: (value: string) => boolean): boolean {
  if (!isJsonObject(block)) return false;
  const value = block.type === "thinking" ? block.signature : block.type === "redacted_thinking" ? block.data : undefined;
  return typeof value === "string" && doomed(value);
}
