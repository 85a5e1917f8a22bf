import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";

/** Puts texts before the instructions of a body; each knows one dialect's place for them. */
const PLACES: Readonly<Record<string, (body: JsonObject, texts: readonly string[]) => JsonObject>> = {
  "anthropic-messages": beforeBlocks,
  "openai-responses": beforeInstructions,
  "openai-chat": beforeMessages,
  "gemini-generate-content": beforeParts,
};

/**
 * The body with the operator's texts (`system-prefix`) before the client's instructions, each as a block of its own where
 * the dialect has blocks. Texts that the client already sent are not said twice; what it sent stays as it is. Without
 * texts, and in a dialect that has no place for them, the body itself.
 */
export function withSystemPrefix(body: JsonObject, dialect: string, texts: readonly string[] | undefined): JsonObject {
  const place = PLACES[dialect];
  return place === undefined || texts === undefined || texts.length === 0 ? body : place(body, texts);
}

function beforeBlocks(body: JsonObject, texts: readonly string[]): JsonObject {
  const given = body.system;
  const own: readonly Json[] = typeof given === "string" ? (given === "" ? [] : [{ type: "text", text: given }]) : Array.isArray(given) ? given : [];
  const missing = notAmong(texts, own.map(textOfBlock));
  return missing.length === 0 ? body : { ...body, system: [...missing.map((text): Json => ({ type: "text", text })), ...own] };
}

function beforeInstructions(body: JsonObject, texts: readonly string[]): JsonObject {
  const given = typeof body.instructions === "string" ? body.instructions : "";
  const missing = texts.filter((text) => !given.startsWith(text) && !given.includes(`\n\n${text}`));
  return missing.length === 0 ? body : { ...body, instructions: [...missing, ...(given === "" ? [] : [given])].join("\n\n") };
}

function beforeMessages(body: JsonObject, texts: readonly string[]): JsonObject {
  const own: readonly Json[] = Array.isArray(body.messages) ? body.messages : [];
  const said = own.filter(isJsonObject).filter(({ role }) => role === "system" || role === "developer").map(({ content }) => content);
  const missing = notAmong(texts, said.flatMap((content) => (Array.isArray(content) ? (content as readonly Json[]).map(textOfBlock) : [content])));
  return missing.length === 0 ? body : { ...body, messages: [...missing.map((content): Json => ({ role: "system", content })), ...own] };
}

function beforeParts(body: JsonObject, texts: readonly string[]): JsonObject {
  const key = body.system_instruction === undefined ? "systemInstruction" : "system_instruction";
  const given = body[key];
  const instruction: JsonObject = isJsonObject(given) ? given : {};
  const own: readonly Json[] = typeof given === "string" ? [{ text: given }] : Array.isArray(instruction.parts) ? instruction.parts : isJsonObject(instruction.parts) ? [instruction.parts] : [];
  const missing = notAmong(texts, own.map(textOfBlock));
  return missing.length === 0 ? body : { ...body, [key]: { ...instruction, parts: [...missing.map((text): Json => ({ text })), ...own] } };
}

function notAmong(texts: readonly string[], said: readonly (Json | undefined)[]): readonly string[] {
  return texts.filter((text) => !said.includes(text));
}

function textOfBlock(block: Json): Json | undefined {
  return isJsonObject(block) ? block.text : block;
}
