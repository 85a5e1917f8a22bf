import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

const INJECTED: JsonObject = { type: "text", text: "", cache_control: { type: "ephemeral" } };

/**
 * The portal takes one system message, at the start, whose content is a list that begins with an empty part bearing a
 * cache mark (seen 2026-04). The parts of all system messages come after it in their order, unchanged.
 */
export function oneSystemMessage(body: JsonObject): JsonObject {
  const messages: readonly Json[] = Array.isArray(body.messages) ? body.messages : [];
  const [systems, others] = [messages.filter(isSystem), messages.filter((message) => !isSystem(message))];
  const parts = systems.flatMap((message) => partsOf(message)).filter((part) => !isInjected(part));
  return { ...body, messages: [{ role: "system", content: [INJECTED, ...parts] }, ...others] };
}

function isSystem(message: Json): boolean {
  return isJsonObject(message) && (message.role === "system" || message.role === "developer");
}

function partsOf(message: Json): readonly Json[] {
  const content = isJsonObject(message) ? message.content : undefined;
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return Array.isArray(content) ? content : [];
}

function isInjected(part: Json): boolean {
  return isJsonObject(part) && part.type === "text" && part.text === "" && part.cache_control !== undefined;
}

const PLACEHOLDER: JsonObject = {
  type: "function",
  function: { name: "do_not_call_me", description: "Not a tool. Never call it.", parameters: { type: "object", properties: {} } },
};

/** Streams without tools were seen to bring stray characters; with any tool declared they do not (2025-11). */
export function withPlaceholderTool(body: JsonObject): JsonObject {
  return Array.isArray(body.tools) && body.tools.length > 0 ? body : { ...body, tools: [PLACEHOLDER] };
}
