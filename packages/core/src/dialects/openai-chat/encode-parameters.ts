import type { GenerateRequest, JsonObject, MutableJsonObject, OutputRequest } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { effortFor } from "../../reasoning/index.ts";
import { cleanStrict } from "../../schema/index.ts";
import { sha256Hex } from "../../seals/sha256.ts";
import { VENDOR } from "./identity.ts";
import { reportDropped, unsupported, callerPath } from "./unsupported.ts";

/** Every parameter besides messages and tools, in an order that never changes: prompt caches begin at the first byte. */
export function encodeParameters(request: GenerateRequest, exchange: Exchange, hasTools: boolean): JsonObject {
  refuseWhatChangesMeaning(request);
  reportWhatIsLost(request, exchange);
  return {
    ...encodeLimit(request, exchange),
    ...encodeStops(request, exchange),
    ...encodeSampling(request, exchange),
    ...encodeEffort(request, exchange, hasTools),
    ...encodeOutput(request.output, exchange),
    ...encodeService(request, exchange),
    ...encodeIdentity(request, exchange),
  };
}

const LIMIT_WORDS = ["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"];

function encodeLimit(request: GenerateRequest, exchange: Exchange): JsonObject {
  const asked = request.maxOutputTokens;
  if (asked === undefined) return {};
  const path = callerPath(request, LIMIT_WORDS);
  if (asked === 0) throw unsupported(path, "this model cannot be asked for no output at all");
  const most = exchange.capabilities.maxOutputTokens;
  if (most !== undefined && asked > most) exchange.report({ code: "output-limit", path, action: "converted", detail: `${asked} → ${most}, the model's largest` });
  return { [exchange.capabilities.maxTokensField ?? "max_completion_tokens"]: most === undefined ? asked : Math.min(asked, most) };
}

/** OpenAI takes four; what goes beyond is cut here, where that is allowed. */
const MOST_STOPS = 4;

function encodeStops(request: GenerateRequest, exchange: Exchange): JsonObject {
  const stops = request.stopSequences?.filter((stop) => stop !== "") ?? [];
  if (stops.length === 0) return {};
  const refused = exchange.capabilities.refusedFields?.includes("stop") === true;
  const sent = refused ? [] : stops.slice(0, MOST_STOPS);
  const rest = stops.slice(sent.length);
  if (rest.length > 0 && exchange.policy.stopEmulation) {
    exchange.emulatedStops = rest;
    exchange.report({ code: "stop-sequences", path: callerPath(request, ["stop", "stop_sequences", "stopSequences"]), action: "converted", detail: `${rest.length} are looked for here` });
  } else if (rest.length > 0) {
    reportDropped(exchange, ["stop", "stop_sequences", "stopSequences"], `the upstream takes ${sent.length}`);
  }
  return sent.length === 0 ? {} : { stop: sent };
}

function encodeSampling(request: GenerateRequest, exchange: Exchange): JsonObject {
  const { sampling } = request;
  const silent = exchange.capabilities.noSampling === true;
  if (silent && sampling.temperature !== undefined) reportDropped(exchange, ["temperature"], "the model takes its default only");
  if (silent && sampling.topP !== undefined) reportDropped(exchange, ["top_p", "topP"], "the model takes its default only");
  if (sampling.topK !== undefined) reportDropped(exchange, ["top_k", "topK"]);
  const wantsLogprobs = sampling.logprobs ?? (sampling.topLogprobs !== undefined ? true : undefined);
  return {
    temperature: silent ? undefined : sampling.temperature,
    top_p: silent ? undefined : sampling.topP,
    seed: sampling.seed,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    logit_bias: sampling.logitBias,
    logprobs: wantsLogprobs,
    top_logprobs: sampling.topLogprobs,
    n: sampling.candidateCount === 1 ? undefined : sampling.candidateCount,
  };
}

export function encodeEffort(request: GenerateRequest, exchange: Exchange, hasTools: boolean): JsonObject {
  const effort = effortFor(request.reasoning, { capability: exchange.capabilities.reasoning, policy: exchange.policy, sameDialect: false, report: exchange.report });
  if (effort === undefined) return {};
  if (effort === "none" || !hasTools || exchange.capabilities.chatToolsWithEffort !== false) return { reasoning_effort: effort };
  exchange.report({ code: "reasoning-adjusted", path: callerPath(request, ["reasoning_effort", "reasoning", "thinking"]), action: "converted", detail: `${effort} → none: this endpoint refuses efforts beside tools` });
  return { reasoning_effort: "none" };
}

function encodeOutput(output: OutputRequest | undefined, exchange: Exchange): JsonObject {
  if (output === undefined) return {};
  const modern = exchange.capabilities.firstParty !== false;
  if (output.verbosity !== undefined && !modern) reportDropped(exchange, ["verbosity"]);
  if (output.image !== undefined) reportDropped(exchange, ["image_config", "imageConfig"]);
  const modalities = output.modalities?.some((modality) => modality !== "text") === true ? output.modalities : undefined;
  return {
    response_format: encodeFormat(output, exchange),
    verbosity: modern ? output.verbosity : undefined,
    modalities,
    audio: modalities?.includes("audio") === true ? output.audio : undefined,
    prediction: output.prediction,
  };
}

function encodeFormat({ format }: OutputRequest, exchange: Exchange): JsonObject | undefined {
  if (format === undefined || format.type === "text") return undefined;
  if (format.type === "json-object") return { type: "json_object" };
  const named: MutableJsonObject = { name: legalFormatName(format.name), ...(format.description !== undefined && { description: format.description }) };
  if (format.strict !== true) return { type: "json_schema", json_schema: { ...named, schema: format.schema, ...(format.strict === false && { strict: false }) } };
  const path = callerPath(exchange.request, ["response_format", "text", "output_config", "responseSchema"]);
  const cleaned = cleanStrict(format.schema, { plain: exchange.capabilities.strictPlain === true }, (keyword, at) => exchange.report({ code: "schema-keyword", path: `${path}.${at}`, action: "converted", detail: keyword }));
  if (!cleaned.strict) exchange.report({ code: "strict-format", path, action: "dropped", detail: "the schema cannot be closed" });
  return { type: "json_schema", json_schema: { ...named, schema: cleaned.strict ? cleaned.schema : format.schema, strict: cleaned.strict } };
}

/** The name is required, and its letters are those of tool names. */
function legalFormatName(name: string | undefined): string {
  return (name ?? "").replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "response";
}

/** Words of other vendors for a tier, and OpenAI's own. */
const TIERS: Readonly<Record<string, string>> = { standard_only: "default", standard: "default" };

function encodeService(request: GenerateRequest, exchange: Exchange): JsonObject {
  const { service } = request;
  if (service?.geo !== undefined) reportDropped(exchange, ["inference_geo", "geo"]);
  if (service?.speed === "fast") exchange.report({ code: "service-speed", path: "speed", action: "converted", detail: "fast → service_tier priority" });
  const tier = service?.tier ?? (service?.speed === "fast" ? "priority" : undefined);
  return { service_tier: tier === undefined ? undefined : (TIERS[tier] ?? tier) };
}

/** Longest `prompt_cache_key`, in characters. */
const CACHE_KEY_LENGTH = 64;

function encodeIdentity(request: GenerateRequest, exchange: Exchange): JsonObject {
  const { identity, cache, state } = request;
  const modern = exchange.capabilities.firstParty !== false;
  const session = exchange.policy.deriveCacheKey ? identity?.sessionId : undefined;
  const key = cache?.key ?? (session === undefined || session.length <= CACHE_KEY_LENGTH ? session : sha256Hex(session));
  if (cache?.auto === true) reportDropped(exchange, ["cache_control"], "the upstream caches by itself");
  return {
    user: identity?.endUserId,
    safety_identifier: identity?.safetyId,
    metadata: identity?.metadata,
    prompt_cache_key: key,
    prompt_cache_retention: cache?.retention,
    store: modern && state?.store === true ? true : undefined,
  };
}

/** Parameters without which the answer would be to another question. */
function refuseWhatChangesMeaning(request: GenerateRequest): void {
  if (request.state?.background === true) throw unsupported("background", "this model cannot answer in the background");
  if (request.state?.promptReference !== undefined) throw unsupported("prompt", "this model cannot use stored prompts");
  if (request.cache?.handle !== undefined) throw unsupported(callerPath(request, ["cachedContent", "cached_content"]), `the cache is not kept by ${VENDOR}`);
}

function reportWhatIsLost(request: GenerateRequest, exchange: Exchange): void {
  const { state } = request;
  if (state?.truncation !== undefined && state.truncation !== "disabled") reportDropped(exchange, ["truncation"]);
  if (state?.contextManagement !== undefined) reportDropped(exchange, ["context_management"]);
  if (state?.include !== undefined && state.include.length > 0) reportDropped(exchange, ["include"]);
  if (request.maxToolCalls !== undefined) reportDropped(exchange, ["max_tool_calls"]);
  if (request.safety !== undefined) reportDropped(exchange, ["safetySettings", "safety"]);
  for (const key of Object.keys(request.residue)) reportDropped(exchange, [key], "the upstream has no word for it");
}
