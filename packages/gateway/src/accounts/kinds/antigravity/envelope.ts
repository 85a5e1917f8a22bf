// What Antigravity's envelope holds beside the request, and what its backend wants of the request itself.
import { cleanProtoSlot, isJsonObject, sha256Hex, type Json, type JsonObject, type MutableJsonObject } from "@dragoman/core";
import type { BodyContext } from "../../../credentials/credential-account.ts";
import type { RequestVisit } from "../../account-kind.ts";
import { withSystemPrefix } from "../../system-prefix.ts";
import { withProject } from "../google/fill-in-project.ts";
import { CATALOGUE, CLAUDE_MIN_BUDGET, isClaude } from "./catalogue.ts";
import { textOf } from "../../stored-json.ts";

/** The value of a seat whose requests may spend credits. */
export const CREDITS = "credits";

/** `requestType`, `requestId` and `sessionId` are members of this vendor's protocol; nothing in them tells of the client. */
export function antigravityEnvelope(body: JsonObject, context: BodyContext & RequestVisit): JsonObject {
  const { model, values, settings } = context;
  const { request: given, toolConfig, ...envelope } = body;
  const inner = isJsonObject(given) ? given : {};
  const requestType = textOf(body.requestType) ?? typeOf(inner, model);
  const prefixed = withSystemPrefix(toolConfig === undefined ? inner : { toolConfig, ...inner }, "gemini-generate-content", settings.systemPrefix);
  const requestId = requestType === "web_search" ? undefined : idOf(requestType, context);
  return withProject({
    ...envelope, model, userAgent: "antigravity", requestType,
    ...(requestId !== undefined && { requestId }),
    ...(values[CREDITS] !== undefined && { enabledCreditTypes: ["GOOGLE_ONE_AI"] }),
    request: innerRequest(prefixed, requestType, context),
  }, values.project);
}

function typeOf({ tools }: JsonObject, model: string): string {
  if (model.toLowerCase().includes("image")) return "image_gen";
  const list = (Array.isArray(tools) ? (tools as readonly Json[]) : []).filter(isJsonObject);
  return list.length > 0 && list.every((tool) => tool.googleSearch !== undefined) ? "web_search" : "agent";
}

function idOf(requestType: string, { newId, now }: RequestVisit): string {
  return requestType === "image_gen" ? `image_gen/${now()}/${newId()}/12` : `agent-${newId()}`;
}

function innerRequest(given: JsonObject, requestType: string, context: BodyContext & RequestVisit): JsonObject {
  const { safetySettings: _safety, session_id, ...rest } = given;
  const inner: MutableJsonObject = { ...rest };
  const contents = userFirst(given.contents);
  if (contents !== undefined) inner.contents = contents;
  const tools = cleanedTools(given.tools, context.model);
  if (tools !== undefined) inner.tools = tools;
  if (isClaude(context.model)) Object.assign(inner, validatedCalls(given), claudeLimits(given, context.model));
  else if (isJsonObject(given.generationConfig)) inner.generationConfig = without(given.generationConfig, "maxOutputTokens");
  if (requestType !== "image_gen") inner.sessionId = textOf(given.sessionId) ?? textOf(session_id) ?? sessionOf(given.contents, context);
  return inner;
}

/** A conversation begins with the user here; an empty turn says so. */
function userFirst(contents: Json | undefined): Json | undefined {
  if (!Array.isArray(contents)) return undefined;
  const [first] = contents as readonly Json[];
  return isJsonObject(first) && first.role === "model" ? [{ role: "user", parts: [{ text: "" }] }, ...(contents as readonly Json[])] : contents;
}

/** One schema at a time: the words of JSON Schema are also names of properties and arguments. */
function cleanedTools(tools: Json | undefined, model: string): Json | undefined {
  if (!Array.isArray(tools)) return undefined;
  const options = { flattenUnions: true, placeholderEmptyObject: isClaude(model), schemaSafe: true, schemaBare: true };
  return (tools as readonly Json[]).map((tool) => {
    if (!isJsonObject(tool) || !Array.isArray(tool.functionDeclarations)) return tool;
    return { ...tool, functionDeclarations: (tool.functionDeclarations as readonly Json[]).map((declaration) => (isJsonObject(declaration) ? cleanedDeclaration(declaration, options) : declaration)) };
  });
}

function cleanedDeclaration(declaration: JsonObject, options: Parameters<typeof cleanProtoSlot>[1]): JsonObject {
  const { parametersJsonSchema, parameters, ...rest } = declaration;
  const schema = parametersJsonSchema ?? parameters;
  return schema === undefined ? declaration : { ...rest, parameters: cleanProtoSlot(schema, options, () => undefined) };
}

/** Calls to Claude are checked against their schema unless the client forbids or forces them. */
function validatedCalls(given: JsonObject): JsonObject {
  if (given.tools === undefined) return {};
  const config = isJsonObject(given.toolConfig) ? given.toolConfig : {};
  const calling = isJsonObject(config.functionCallingConfig) ? config.functionCallingConfig : {};
  const isFree = calling.mode === undefined || calling.mode === "AUTO";
  return isFree ? { toolConfig: { ...config, functionCallingConfig: { ...calling, mode: "VALIDATED" } } } : {};
}

/** Claude answers 400 to a thinking budget that leaves no room for the answer. */
function claudeLimits({ generationConfig }: JsonObject, model: string): JsonObject {
  if (!isJsonObject(generationConfig)) return {};
  const most = CATALOGUE.find(({ id }) => id === model)?.maxOutputTokens;
  const asked = typeof generationConfig.maxOutputTokens === "number" ? generationConfig.maxOutputTokens : undefined;
  const limit = most === undefined ? asked : Math.min(asked ?? most, most);
  const thinking = isJsonObject(generationConfig.thinkingConfig) ? generationConfig.thinkingConfig : {};
  const budget = thinking.thinkingBudget;
  const isThinking = typeof budget === "number" && budget > 0;
  const bounded = asked === undefined && !isThinking ? generationConfig : { ...generationConfig, ...(limit !== undefined && { maxOutputTokens: limit }) };
  if (!isThinking || limit === undefined || budget < limit) return { generationConfig: bounded };
  const fitting = limit - 1;
  const thinkingConfig = fitting < CLAUDE_MIN_BUDGET ? without(thinking, "thinkingBudget") : { ...thinking, thinkingBudget: fitting };
  return { generationConfig: { ...bounded, thinkingConfig } };
}

const RANDOM_SESSIONS = 9_000_000_000_000_000_000n;

/** The same for all turns of a conversation: 63 bits of a digest of its first words, negative. */
function sessionOf(contents: Json | undefined, { newId }: RequestVisit): string {
  const text = firstWords(contents);
  if (text === undefined) return `-${BigInt(`0x${newId().replaceAll("-", "")}`) % RANDOM_SESSIONS}`;
  return `-${BigInt(`0x${sha256Hex(text).slice(0, 16)}`) & 0x7fff_ffff_ffff_ffffn}`;
}

function firstWords(contents: Json | undefined): string | undefined {
  const turns = (Array.isArray(contents) ? (contents as readonly Json[]) : []).filter(isJsonObject);
  const parts = turns.find(({ role }) => role === "user")?.parts;
  const first = Array.isArray(parts) ? (parts as readonly Json[])[0] : undefined;
  return isJsonObject(first) ? textOf(first.text) : undefined;
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}
