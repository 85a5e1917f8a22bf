import { isJsonObject, type CacheRequest, type ConversationState, type GenerateRequest, type Identity, type Json, type JsonObject, type OutputFormat, type OutputRequest, type Sampling } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext } from "../../exchange.ts";
import { optionalArray, optionalBoolean, optionalInteger, optionalNumber, optionalObject, optionalString, readArray, readObject, readString } from "../../wire/read.ts";
import type { WireInput } from "../dialect.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeReasoningRequest, isKnownEffort, REASONING_KEYS } from "./decode-reasoning-request.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { CHAT } from "./identity.ts";
import { present } from "../../wire/present.ts";

/** The fields that canonical has words for; all others are residue. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  "model", "messages", "stream", "stream_options", "tools", "tool_choice", "functions", "function_call", "parallel_tool_calls", "web_search_options",
  "max_tokens", "max_completion_tokens", "stop", "temperature", "top_p", "top_k", "seed", "presence_penalty", "frequency_penalty", "logit_bias",
  "logprobs", "top_logprobs", "n", ...REASONING_KEYS, "response_format", "verbosity", "modalities", "audio", "prediction", "image_config",
  "metadata", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier", "store",
]);

/** Reads a Chat Completions request. Order, spelling and every message stay as they are in the wires. */
export function decodeRequest(input: WireInput, context: DecodeContext): GenerateRequest {
  const body = readObject(input.body, "");
  const messages = readArray(body.messages, "messages");
  if (messages.length === 0) throw invalidRequest("messages", "expected at least one message");
  const streamOptions = optionalObject(body, "stream_options", "");
  return present<GenerateRequest>({
    dialect: CHAT,
    model: decodeModel(body),
    stream: optionalBoolean(body, "stream", "") ?? false,
    framing: "sse",
    includeUsage: streamOptions === undefined ? undefined : optionalBoolean(streamOptions, "include_usage", "stream_options"),
    messages: decodeMessages(messages, context),
    ...decodeParameters(body),
    residue: residueOf(body, streamOptions),
    wire: body,
  });
}

export function decodeModel(body: JsonObject): string {
  const model = readString(body.model, "model");
  if (model === "") throw invalidRequest("model", "expected the name of a model");
  return model;
}

function decodeParameters(body: JsonObject): Pick<GenerateRequest, "tools" | "sampling"> & Partial<GenerateRequest> {
  return {
    tools: decodeTools(body),
    toolChoice: decodeToolChoice(body),
    parallelToolCalls: optionalBoolean(body, "parallel_tool_calls", ""),
    maxOutputTokens: optionalInteger(body, "max_completion_tokens", "") ?? optionalInteger(body, "max_tokens", ""),
    stopSequences: decodeStop(body.stop),
    sampling: decodeSampling(body),
    reasoning: decodeReasoningRequest(body),
    output: decodeOutput(body),
    cache: unlessEmpty<CacheRequest>({ key: optionalString(body, "prompt_cache_key", ""), retention: optionalString(body, "prompt_cache_retention", "") }),
    identity: decodeIdentity(body),
    service: unlessEmpty({ tier: optionalString(body, "service_tier", "") }),
    state: unlessEmpty<ConversationState>({ store: optionalBoolean(body, "store", "") }),
  };
}

/** `undefined` for an object without members. */
function unlessEmpty<T extends object>(object: T): T | undefined {
  const some = present(object);
  return Object.keys(some).length === 0 ? undefined : some;
}

/** One string or a list of them. */
export function decodeStop(stop: Json | undefined): readonly string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  if (typeof stop === "string") return [stop];
  return readArray(stop, "stop").map((value, index) => readString(value, `stop[${index}]`));
}

export function decodeSampling(body: JsonObject): Sampling {
  return present<Sampling>({
    temperature: optionalNumber(body, "temperature", ""),
    topP: optionalNumber(body, "top_p", ""),
    topK: optionalInteger(body, "top_k", "", -1),
    seed: optionalNumber(body, "seed", ""),
    presencePenalty: optionalNumber(body, "presence_penalty", ""),
    frequencyPenalty: optionalNumber(body, "frequency_penalty", ""),
    logitBias: optionalObject(body, "logit_bias", ""),
    logprobs: optionalBoolean(body, "logprobs", ""),
    topLogprobs: optionalInteger(body, "top_logprobs", ""),
    candidateCount: optionalInteger(body, "n", "", 1),
  });
}

function decodeOutput(body: JsonObject): OutputRequest | undefined {
  return unlessEmpty<OutputRequest>({
    format: decodeFormat(optionalObject(body, "response_format", "")),
    verbosity: optionalString(body, "verbosity", ""),
    modalities: optionalArray(body, "modalities", "")?.map((value, index) => readString(value, `modalities[${index}]`).toLowerCase()),
    audio: body.audio ?? undefined,
    image: body.image_config ?? undefined,
    prediction: body.prediction ?? undefined,
  });
}

function decodeFormat(node: JsonObject | undefined): OutputFormat | undefined {
  if (node === undefined) return undefined;
  const type = readString(node.type, "response_format.type");
  if (type === "text") return { type: "text" };
  if (type === "json_object") return { type: "json-object" };
  if (type !== "json_schema") throw invalidRequest("response_format.type", `unknown value ${JSON.stringify(type)}; known are text, json_object, json_schema`);
  const at = "response_format.json_schema";
  const format = readObject(node.json_schema, at);
  return present<OutputFormat>({
    type: "json-schema",
    name: optionalString(format, "name", at),
    description: optionalString(format, "description", at),
    schema: format.schema ?? { type: "object" },
    strict: format.strict === null ? null : optionalBoolean(format, "strict", at),
  });
}

function decodeIdentity(body: JsonObject): Identity | undefined {
  const metadata = optionalObject(body, "metadata", "");
  return unlessEmpty<Identity>({
    endUserId: optionalString(body, "user", ""),
    safetyId: optionalString(body, "safety_identifier", ""),
    metadata: metadata && Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, readString(value, `metadata.${key}`)])),
  });
}

function residueOf(body: JsonObject, streamOptions: JsonObject | undefined): JsonObject {
  const residue: Record<string, Json | undefined> = {};
  for (const key of Object.keys(body)) {
    if (!KNOWN_KEYS.has(key) && body[key] !== undefined) residue[key] = body[key];
  }
  const effort = body.reasoning_effort;
  if (effort !== undefined && effort !== null && !isKnownEffort(effort)) residue.reasoning_effort = effort;
  if (streamOptions !== undefined && isJsonObject(streamOptions) && Object.keys(streamOptions).some((key) => key !== "include_usage")) {
    const { include_usage: _known, ...rest } = streamOptions;
    residue.stream_options = rest;
  }
  return residue;
}
