import { isJsonObject, without, type JsonObject } from "@dragoman/core";

const SWITCHED = /^(glm-|qwen3-max-preview$|deepseek-v3\.[12]$)/;

/** Thinking is a switch here, in a member of its own for each family (seen 2026-04). What the client itself switched stays. */
export function thinkingMembers(body: JsonObject, model: string): JsonObject {
  const effort = body.reasoning_effort;
  if (effort === undefined) return body;
  const rest = without(body, ["reasoning_effort"]);
  const thinks = effort !== "none";
  const name = model.toLowerCase();
  if (name.startsWith("minimax")) return { reasoning_split: thinks, ...rest };
  if (!SWITCHED.test(name)) return rest;
  const own: JsonObject = isJsonObject(rest.chat_template_kwargs) ? rest.chat_template_kwargs : {};
  return { ...rest, chat_template_kwargs: { enable_thinking: thinks, ...(thinks && name.startsWith("glm-") && { clear_thinking: false }), ...own } };
}

const PLACEHOLDER: JsonObject = { type: "function", function: { name: "noop", description: "Not a tool. Never call it.", parameters: { type: "object", properties: {} } } };

/** An empty list of tools is refused in streams (seen 2026-04). */
export function withFilledTools(body: JsonObject): JsonObject {
  return Array.isArray(body.tools) && body.tools.length === 0 ? { ...body, tools: [PLACEHOLDER] } : body;
}
