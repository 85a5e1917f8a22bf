import { isJsonObject, type GenerateRequest, type Json, type JsonObject, type MutableJsonObject, type OutputFormat } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { callerPath, reportDropped } from "./caller-path.ts";
import { present } from "../../wire/present.ts";
import { encodeThinking } from "./thinking.ts";
import { cleanSchema } from "./tool-shapes.ts";
import { asJson } from "./wire.ts";

/** Refused above (generateContent reference, read 2026-11). */
const MAX_STOP_SEQUENCES = 5;

export interface WireConfig {
  readonly generationConfig: JsonObject;
  /** What the model must be told in words because no field says it. */
  readonly instruction?: string;
}

/** `generationConfig` for a request of another dialect. */
export function encodeConfig(request: GenerateRequest, exchange: Exchange): WireConfig {
  const { sampling } = request;
  const thinking = encodeThinking(request, exchange);
  const { fields, instruction } = encodeFormat(request, exchange);
  const generationConfig = present<JsonObject>({
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    seed: sampling.seed,
    presencePenalty: sampling.presencePenalty,
    frequencyPenalty: sampling.frequencyPenalty,
    responseLogprobs: sampling.logprobs,
    logprobs: sampling.topLogprobs,
    candidateCount: sampling.candidateCount !== undefined && sampling.candidateCount > 1 ? sampling.candidateCount : undefined,
    maxOutputTokens: encodeLimit(request, exchange),
    stopSequences: encodeStops(request, exchange),
    ...fields,
    ...encodeModalities(request, exchange),
    thinkingConfig: thinking && asJson(thinking),
  });
  return instruction === undefined ? { generationConfig } : { generationConfig, instruction };
}

export function encodeLimit(request: GenerateRequest, exchange: Exchange): number | undefined {
  const asked = request.maxOutputTokens;
  const limit = exchange.capabilities.maxOutputTokens;
  if (asked === undefined) return undefined;
  const path = callerPath(request, "max_tokens", "max_completion_tokens", "max_output_tokens");
  if (asked === 0) throw new GatewayError("unsupported_parameter", { message: `${path}: an answer of no tokens cannot be asked for here`, path, source: "client" });
  if (limit === undefined || asked <= limit) return asked;
  exchange.report({ code: "clamped", path, action: "converted", detail: `${asked} → ${limit}` });
  return limit;
}

/** The first ones go upstream; the gateway cuts at the others itself. */
export function encodeStops(request: GenerateRequest, exchange: Exchange): readonly string[] | undefined {
  const stops = (request.stopSequences ?? []).filter((stop) => stop !== "");
  if (stops.length === 0) return undefined;
  const rest = stops.slice(MAX_STOP_SEQUENCES);
  if (rest.length > 0 && exchange.policy.stopEmulation) exchange.emulatedStops = rest;
  else if (rest.length > 0) reportDropped(exchange, callerPath(request, "stop", "stop_sequences"), `only ${MAX_STOP_SEQUENCES} are taken`);
  return stops.slice(0, MAX_STOP_SEQUENCES);
}

function encodeFormat(request: GenerateRequest, exchange: Exchange): { readonly fields: JsonObject; readonly instruction?: string } {
  const format = request.output?.format;
  if (format === undefined || format.type === "text") return { fields: {} };
  const besideTools = request.tools.some((tool) => tool.kind !== "server");
  if (besideTools && exchange.capabilities.jsonWithTools === false) {
    exchange.report({ code: "format-as-instruction", path: formatPath(request), action: "converted", detail: "this model does not take a response format beside functions" });
    return { fields: {}, instruction: formatInstruction(format) };
  }
  return { fields: { responseMimeType: "application/json", ...encodeFormatSchema(format, request, exchange) } };
}

function formatPath(request: GenerateRequest): string {
  return callerPath(request, "response_format", "output_config", "text");
}

function formatInstruction(format: OutputFormat): string {
  if (format.type !== "json-schema") return "Respond with a single JSON object and nothing else.";
  return `Respond with a single JSON value that matches this JSON Schema, and nothing else:\n${JSON.stringify(format.schema)}`;
}

function encodeFormatSchema(format: OutputFormat, request: GenerateRequest, exchange: Exchange): JsonObject {
  if (format.type !== "json-schema") return {};
  const schema = cleanSchema(format.schema, exchange, (keyword, path) => {
    exchange.report({ code: "schema-constraint", path: `${formatPath(request)}${path === "" ? "" : `.${path}`}`, action: "converted", detail: keyword });
  });
  return exchange.capabilities.protoSchemaOnly === true ? { responseSchema: schema } : { responseJsonSchema: schema };
}

function encodeModalities(request: GenerateRequest, exchange: Exchange): JsonObject {
  const modalities = request.output?.modalities;
  if (modalities === undefined || (modalities.length === 1 && modalities[0] === "text")) return {};
  // Speech is a modality of its own here: a model speaks or writes.
  const spoken = modalities.includes("audio");
  if (spoken && modalities.includes("text")) exchange.report({ code: "modality", path: callerPath(request, "modalities"), action: "converted", detail: "the answer is audio alone" });
  return {
    responseModalities: (spoken ? ["audio"] : modalities).map((modality) => modality.toUpperCase()),
    ...(spoken && encodeVoice(request.output?.audio)),
  };
}

function encodeVoice(audio: Json | undefined): JsonObject {
  const voice = isJsonObject(audio) ? audio.voice : undefined;
  return typeof voice === "string" ? { speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } } } : {};
}

/** Sets members, and removes those that are `undefined`. */
export function overwrite(base: JsonObject, members: JsonObject): JsonObject {
  const result: MutableJsonObject = { ...base };
  for (const key of Object.keys(members)) {
    if (members[key] !== undefined) result[key] = members[key];
    // An explicit null means absent, and is the caller's own way to say so.
    else if (result[key] !== null) delete result[key];
  }
  return result;
}
