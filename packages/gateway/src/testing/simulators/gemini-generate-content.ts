import { isJsonObject, type Json, type JsonObject } from "@dragoman/core";
import type { Act, ReplyContext, SealBook, SimulatedDialect } from "../simulation.ts";
import { Checker, objects, pieces } from "./check.ts";

/** Google's generateContent, a Gemini 3 model. Facts: @google/genai 2.32 types and error texts seen in the field (read 2026-11). */
export const simulatedGeminiGenerateContent: SimulatedDialect = {
  id: "gemini-generate-content",
  read(path, query, _headers, body) {
    const match = /^\/v1beta\/models\/(.+):(generateContent|streamGenerateContent)$/.exec(path);
    if (match === null || (match[2] === "streamGenerateContent" && query.get("alt") !== "sse")) return undefined;
    const contents = objects(body.contents);
    const last = objects(contents.at(-1)?.parts);
    const config = isJsonObject(body.generationConfig) ? body.generationConfig : {};
    const thinking = isJsonObject(config.thinkingConfig) ? config.thinkingConfig : {};
    return {
      model: decodeURIComponent(match[1] ?? ""),
      streamed: match[2] === "streamGenerateContent",
      prompt: last.filter(({ text }) => text !== undefined).map(({ text }) => String(text)).join("\n"),
      system: isJsonObject(body.systemInstruction) ? objects(body.systemInstruction.parts).map(({ text }) => String(text)).join("\n") : "",
      results: last.filter(({ functionResponse }) => functionResponse !== undefined).map(({ functionResponse }) => resultOf(functionResponse)),
      toolNames: declarations(body).map(({ name }) => String(name)),
      images: last.filter(({ inlineData }) => inlineData !== undefined).length,
      wantsReasoning: thinking.includeThoughts === true,
      body,
    };
  },
  check(body, _question, seals) {
    const checker = new Checker();
    checker.onlyKeys(body, ["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent", "labels", "serviceTier", "store"], "");
    checkConfig(body, checker);
    checkTools(body, checker);
    checkContents(objects(body.contents), checker, seals);
    if (isJsonObject(body.systemInstruction)) for (const part of objects(body.systemInstruction.parts)) checker.expect(typeof part.text === "string" && part.text !== "", "systemInstruction", "text only");
    return checker.violations;
  },
  whole(act, reply) {
    return chunk(reply, partsFor(act, reply), { finish: finishReason(act), usage: usageOf(act) });
  },
  events(act, reply) {
    const head = { responseId: reply.id("") };
    const write = (value: JsonObject): string => `data: ${JSON.stringify({ ...value, ...head })}\n\n`;
    const partial = { ...usageOf(act), candidatesTokenCount: 1, totalTokenCount: undefined };
    return [
      ...partsFor(act, reply).flatMap((part) => split(part)).map((part) => write(chunk(reply, [part], { usage: partial }))),
      write(chunk(reply, [{ text: "" }], { finish: finishReason(act), usage: usageOf(act) })),
    ];
  },
  refusal: (status, message) => ({
    error: {
      code: status, message, status: STATUS[status] ?? "UNKNOWN",
      ...(status === 429 && { details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "37s" }] }),
    },
  }),
  errorEvent: (message) => `data: ${JSON.stringify({ error: { code: 503, message, status: "UNAVAILABLE" } })}\n\n`,
};

const STATUS: Readonly<Record<number, string>> = { 400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE" };

function resultOf(value: Json | undefined): { callId: string; name: string; text: string } {
  const result = isJsonObject(value) ? value : {};
  const response = isJsonObject(result.response) ? result.response : {};
  const text = response.output ?? response.error ?? response;
  return { callId: String(result.id ?? ""), name: String(result.name), text: typeof text === "string" ? text : JSON.stringify(text) };
}

function declarations(body: JsonObject): readonly JsonObject[] {
  return objects(body.tools).flatMap((tool) => objects(tool.functionDeclarations));
}

const CONFIG_KEYS = [
  "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "presencePenalty",
  "frequencyPenalty", "seed", "responseLogprobs", "logprobs", "thinkingConfig", "responseModalities", "speechConfig", "imageConfig", "mediaResolution",
];

function checkConfig(body: JsonObject, checker: Checker): void {
  const config = isJsonObject(body.generationConfig) ? body.generationConfig : {};
  checker.onlyKeys(config, CONFIG_KEYS, "generationConfig");
  const thinking = isJsonObject(config.thinkingConfig) ? config.thinkingConfig : {};
  checker.expect(thinking.thinkingBudget === undefined || thinking.thinkingLevel === undefined, "generationConfig.thinkingConfig", "You can only set one of thinking budget and thinking level.");
  if (Array.isArray(config.stopSequences)) checker.expect(config.stopSequences.length <= 5, "generationConfig.stopSequences", "at most 5");
}

/** Keywords that `parametersJsonSchema` takes; any other is an error. Google's own CLI sends `$schema` with its tools (Gemini CLI 0.61, read 2026-11). */
const SCHEMA_KEYS = new Set([
  "$schema", "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems", "maxItems", "minimum", "maximum",
  "anyOf", "oneOf", "properties", "additionalProperties", "required", "propertyOrdering",
]);

function checkTools(body: JsonObject, checker: Checker): void {
  for (const declaration of declarations(body)) {
    checker.expect(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/.test(String(declaration.name)), "tools.functionDeclarations.name", "Invalid function name");
    if (isJsonObject(declaration.parametersJsonSchema)) checkSchema(declaration.parametersJsonSchema, "tools.functionDeclarations.parametersJsonSchema", checker);
  }
  checker.expect(objects(body.tools).filter((tool) => tool.functionDeclarations !== undefined).length <= 1, "tools", "all function declarations belong into one tool");
}

function checkSchema(schema: JsonObject, path: string, checker: Checker): void {
  for (const key of Object.keys(schema)) checker.expect(SCHEMA_KEYS.has(key), path, `Invalid JSON payload received. Unknown name "${key}": Cannot find field.`);
  if (isJsonObject(schema.properties)) for (const [name, inner] of Object.entries(schema.properties)) if (isJsonObject(inner)) checkSchema(inner, `${path}.${name}`, checker);
  if (isJsonObject(schema.items)) checkSchema(schema.items, `${path}.items`, checker);
}

const DATA_FIELDS = ["text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult", "toolCall", "toolResponse"];

function checkContents(contents: readonly JsonObject[], checker: Checker, seals: SealBook): void {
  checker.expect(contents.length > 0, "contents", "contents is not specified");
  checker.expect(contents[0]?.role !== "model", "contents[0]", "Please ensure that function call turn comes immediately after a user turn or after a function response turn.");
  contents.forEach((content, at) => {
    const path = `contents[${at}]`;
    const parts = objects(content.parts);
    checker.expect(content.role === "user" || content.role === "model", `${path}.role`, "Please use a valid role: user, model.");
    checker.expect(parts.length > 0, `${path}.parts`, "must not be empty");
    checker.expect(contents[at - 1]?.role !== content.role, path, "roles must alternate");
    for (const part of parts) checkPart(part, path, checker, seals);
    if (content.role === "model") checkCalls(parts, contents[at + 1], path, checker);
  });
  checkTurnSeals(contents, checker, seals);
}

function checkPart(part: JsonObject, path: string, checker: Checker, seals: SealBook): void {
  const fields = DATA_FIELDS.filter((field) => part[field] !== undefined);
  checker.expect(fields.length === 1, path, "required oneof field 'data' must have one initialized field");
  checker.expect(part.text !== "" || part.thoughtSignature !== undefined, path, "text must not be empty");
  if (isJsonObject(part.functionCall)) checker.expect(isJsonObject(part.functionCall.args), path, "args must be an object");
  if (isJsonObject(part.functionResponse)) {
    checker.expect(typeof part.functionResponse.name === "string" && part.functionResponse.name !== "", path, "function_response.name: Name cannot be empty.");
    checker.expect(isJsonObject(part.functionResponse.response), path, "function_response.response must be a Struct");
    checker.expect(part.thoughtSignature === undefined, path, "a function response carries no signature");
  }
  const signature = part.thoughtSignature;
  if (signature !== undefined && signature !== SENTINEL) checker.expect(seals.verify(signature, sealedContent(part)), path, "Corrupted thought signature.");
}

/** Accepted in place of a signature for calls that another model made. ai.google.dev/gemini-api/docs/thought-signatures (read 2026-11) */
const SENTINEL = "skip_thought_signature_validator";

function checkCalls(parts: readonly JsonObject[], next: JsonObject | undefined, path: string, checker: Checker): void {
  const calls = parts.filter(({ functionCall }) => functionCall !== undefined).map(({ functionCall }) => String((functionCall as JsonObject).name));
  if (calls.length === 0) return;
  const responses = objects(next?.parts).filter(({ functionResponse }) => functionResponse !== undefined).map(({ functionResponse }) => String((functionResponse as JsonObject).name));
  checker.expect(calls.join() === responses.join(), path, "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.");
}

/** In the current turn, the first call of each model content must be signed; its siblings must not. */
function checkTurnSeals(contents: readonly JsonObject[], checker: Checker, seals: SealBook): void {
  const start = contents.findLastIndex(({ role, parts }) => role === "user" && objects(parts).every(({ functionResponse }) => functionResponse === undefined));
  contents.slice(start + 1).forEach((content, at) => {
    if (content.role !== "model") return;
    const calls = objects(content.parts).filter(({ functionCall }) => functionCall !== undefined);
    calls.forEach((call, index) => {
      if (index === 0) checker.expect(call.thoughtSignature === SENTINEL || seals.knows(call.thoughtSignature), `contents[${start + 1 + at}]`, "Function call is missing a thought_signature in functionCall parts.");
      else checker.expect(call.thoughtSignature !== SENTINEL, `contents[${start + 1 + at}]`, "only the first call of a turn is signed");
    });
  });
}

function sealedContent(part: JsonObject): string {
  if (isJsonObject(part.functionCall)) return JSON.stringify([part.functionCall.name, part.functionCall.args]);
  return String(part.text ?? "");
}

function partsFor(act: Act, reply: ReplyContext): readonly JsonObject[] {
  const parts: JsonObject[] = [];
  if (act.reasoning !== undefined && reply.question.wantsReasoning) parts.push({ text: act.reasoning, thought: true });
  if (act.text !== undefined) parts.push({ text: act.text });
  (act.calls ?? []).forEach((call, index) => {
    const functionCall = { name: call.name, args: call.arguments };
    parts.push({ functionCall, ...(index === 0 && { thoughtSignature: reply.seals.issue(JSON.stringify([call.name, call.arguments])) }) });
  });
  return parts;
}

function split(part: JsonObject): readonly JsonObject[] {
  return typeof part.text === "string" ? pieces(part.text, 12).map((text) => ({ ...part, text })) : [part];
}

function chunk(reply: ReplyContext, parts: readonly JsonObject[], extra: { finish?: string; usage: JsonObject }): JsonObject {
  return {
    candidates: [{ content: { role: "model", parts }, index: 0, ...(extra.finish !== undefined && { finishReason: extra.finish }) }],
    usageMetadata: extra.usage, modelVersion: reply.model, responseId: reply.id(""),
  };
}

function finishReason(act: Act): string {
  if (act.finish === "length") return "MAX_TOKENS";
  return act.finish === "refusal" ? "SAFETY" : "STOP";
}

function usageOf({ usage }: Act): JsonObject {
  const { input, cached, output, reasoning = 0 } = usage ?? { input: 10, output: 5 };
  return {
    promptTokenCount: input, ...(cached !== undefined && { cachedContentTokenCount: cached }), candidatesTokenCount: output - reasoning,
    ...(reasoning > 0 && { thoughtsTokenCount: reasoning }), totalTokenCount: input + output,
  };
}
