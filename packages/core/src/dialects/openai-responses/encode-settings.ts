// Everything of a request beside conversation and tools, for callers of other dialects.
import type { GenerateRequest, JsonObject, MutableJsonObject, OutputFormat } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { effortFor } from "../../reasoning/index.ts";
import { cleanPlain, cleanStrict, toJsonSchema } from "../../schema/index.ts";
import { callerPath } from "./caller-path.ts";

type Parameter = Parameters<typeof callerPath>[1];

/** Smaller limits are refused. */
const LEAST_OUTPUT_TOKENS = 16;
/** Longest `user`, `safety_identifier` and `prompt_cache_key`. */
const ID_MAX_LENGTH = 64;

function dropped(exchange: Exchange, parameter: Parameter, detail?: string): void {
  exchange.report({ code: "unsupported-parameter", path: callerPath(exchange.request, parameter), action: "dropped", ...(detail !== undefined && { detail }) });
}

function refuse(exchange: Exchange, parameter: Parameter): GatewayError {
  const path = callerPath(exchange.request, parameter);
  return new GatewayError("unsupported_parameter", { message: `${path}: the Responses API has nothing like it`, path, source: "client" });
}

function limitFields(exchange: Exchange): JsonObject {
  const asked = exchange.request.maxOutputTokens;
  if (asked === undefined) return {};
  const limit = Math.max(LEAST_OUTPUT_TOKENS, Math.min(asked, exchange.capabilities.maxOutputTokens ?? asked));
  if (limit !== asked) {
    exchange.report({ code: "output-limit", path: callerPath(exchange.request, "maxOutputTokens"), action: "converted", detail: `${asked} became ${limit}` });
  }
  return { max_output_tokens: limit };
}

/** What has no field here and can be left out without changing the meaning. */
const HINTS = ["topK", "seed", "presencePenalty", "frequencyPenalty", "logitBias"] as const;

function samplingFields(exchange: Exchange): MutableJsonObject {
  const { sampling } = exchange.request;
  for (const hint of HINTS) if (sampling[hint] !== undefined) dropped(exchange, hint);
  if ((sampling.candidateCount ?? 1) > 1) throw refuse(exchange, "candidateCount");
  const fields: MutableJsonObject = {};
  if (exchange.capabilities.noSampling === true) {
    if (sampling.temperature !== undefined) dropped(exchange, "temperature");
    if (sampling.topP !== undefined) dropped(exchange, "topP");
  } else {
    if (sampling.temperature !== undefined) fields.temperature = sampling.temperature;
    if (sampling.topP !== undefined) fields.top_p = sampling.topP;
  }
  if (sampling.topLogprobs !== undefined) fields.top_logprobs = sampling.topLogprobs;
  return fields;
}

/** There is no stop parameter; the gateway cuts the text itself. */
function noteStops(exchange: Exchange): void {
  const stops = exchange.request.stopSequences;
  if (stops === undefined || stops.length === 0) return;
  if (exchange.policy.stopEmulation) {
    exchange.emulatedStops = stops;
    exchange.report({ code: "stop-sequences", path: callerPath(exchange.request, "stopSequences"), action: "converted", detail: "cut by the gateway" });
  } else {
    dropped(exchange, "stopSequences");
  }
}

const SUMMARIES: Readonly<Record<string, string | undefined>> = {
  auto: "auto", concise: "concise", detailed: "detailed", summarized: "auto", updates: "auto", none: undefined, omitted: undefined,
};

function reasoningFields(exchange: Exchange): MutableJsonObject {
  const { reasoning } = exchange.request;
  if (reasoning === undefined || exchange.capabilities.reasoning?.supported === false) return {};
  const effort = effortFor(reasoning, { capability: exchange.capabilities.reasoning, policy: exchange.policy, sameDialect: false, report: exchange.report });
  const thinks = reasoning.mode !== "off" && (reasoning.mode !== "default" || reasoning.effort !== undefined);
  const summary = effort === "none" || reasoning.mode === "off"
    ? undefined
    : reasoning.visibility === undefined ? (thinks ? "auto" : undefined) : SUMMARIES[reasoning.visibility];
  if (effort === undefined && summary === undefined) return {};
  return { reasoning: { ...(effort !== undefined && { effort }), ...(summary !== undefined && { summary }) } };
}

function formatName(name: string | undefined): string {
  const legal = (name ?? "").replace(/[^A-Za-z0-9_-]/g, "_").slice(0, ID_MAX_LENGTH);
  return legal === "" ? "response" : legal;
}

function encodeFormat(format: OutputFormat, exchange: Exchange): JsonObject {
  if (format.type === "text") return { type: "text" };
  if (format.type === "json-object") return { type: "json_object" };
  const path = callerPath(exchange.request, "outputFormat");
  const onLoss = (keyword: string, at: string): void => exchange.report({ code: "schema-keyword", path: `${path}: ${at}`, action: "converted", detail: keyword });
  const schema = toJsonSchema(format.schema);
  const strict = format.strict === true ? cleanStrict(schema, { plain: exchange.capabilities.strictPlain === true }, onLoss) : undefined;
  if (strict?.strict === false) exchange.report({ code: "strict-schema", path, action: "converted", detail: "the schema cannot be strict" });
  return {
    type: "json_schema",
    name: formatName(format.name),
    ...(format.description !== undefined && { description: format.description }),
    schema: strict?.strict === true ? strict.schema : cleanPlain(schema, onLoss),
    strict: strict?.strict === true,
  };
}

function outputFields(exchange: Exchange): MutableJsonObject {
  const { output } = exchange.request;
  if (output === undefined) return {};
  for (const extra of ["prediction", "image"] as const) if (output[extra] !== undefined) dropped(exchange, extra);
  if (output.modalities?.includes("audio") === true || output.audio !== undefined) throw refuse(exchange, output.audio === undefined ? "modalities" : "audio");
  const text = {
    ...(output.format !== undefined && { format: encodeFormat(output.format, exchange) }),
    ...(output.verbosity !== undefined && { verbosity: output.verbosity }),
  };
  return Object.keys(text).length === 0 ? {} : { text };
}

function cacheKey(exchange: Exchange): string | undefined {
  const { cache, identity } = exchange.request;
  if (cache?.key !== undefined) return cache.key;
  return exchange.policy.deriveCacheKey ? identity?.sessionId?.slice(-ID_MAX_LENGTH) : undefined;
}

function cacheFields(exchange: Exchange): MutableJsonObject {
  const { cache } = exchange.request;
  if (cache?.handle !== undefined) throw refuse(exchange, "cacheHandle");
  const key = cacheKey(exchange);
  return { ...(key !== undefined && { prompt_cache_key: key }), ...(cache?.retention !== undefined && { prompt_cache_retention: cache.retention }) };
}

function identityFields(exchange: Exchange): MutableJsonObject {
  const { identity } = exchange.request;
  const fields: MutableJsonObject = {};
  if (identity?.endUserId !== undefined) {
    if (identity.endUserId.length <= ID_MAX_LENGTH) fields.user = identity.endUserId;
    else dropped(exchange, "endUserId", `longer than ${ID_MAX_LENGTH}`);
  }
  if (identity?.safetyId !== undefined) fields.safety_identifier = identity.safetyId;
  if (identity?.metadata !== undefined && Object.keys(identity.metadata).length > 0) fields.metadata = identity.metadata;
  return fields;
}

const TIERS: Readonly<Record<string, string>> = { auto: "auto", default: "default", flex: "flex", scale: "scale", priority: "priority", standard_only: "default", standard: "default" };

function serviceFields(exchange: Exchange): MutableJsonObject {
  const { service } = exchange.request;
  if (service?.geo !== undefined) dropped(exchange, "geo");
  if (service?.speed === "fast") return { service_tier: "priority" };
  if (service?.tier === undefined) return {};
  const tier = Object.hasOwn(TIERS, service.tier) ? TIERS[service.tier] : undefined;
  if (tier === undefined) dropped(exchange, "tier", service.tier);
  return tier === undefined ? {} : { service_tier: tier };
}

function noteRest(exchange: Exchange): void {
  const { request } = exchange;
  if (request.safety !== undefined) dropped(exchange, "safety");
  if (request.state?.contextManagement !== undefined) dropped(exchange, "contextManagement");
  if (request.state?.store === true) exchange.report({ code: "unsupported-parameter", path: "store", action: "dropped", detail: "nothing is stored for callers of other dialects" });
  for (const key of Object.keys(request.residue)) exchange.report({ code: "unsupported-parameter", path: key, action: "dropped" });
}

/** Nothing is stored for callers who do not know of stores; what the model thought comes back sealed instead. */
function stateFields(request: GenerateRequest): MutableJsonObject {
  const include = ["reasoning.encrypted_content"];
  if (request.sampling.logprobs === true || request.sampling.topLogprobs !== undefined) include.push("message.output_text.logprobs");
  if (request.tools.some((tool) => tool.kind === "server" && tool.family === "web-search")) include.push("web_search_call.action.sources");
  return { store: false, include };
}

export function encodeSettings(exchange: Exchange): MutableJsonObject {
  noteStops(exchange);
  noteRest(exchange);
  const { request } = exchange;
  return {
    ...limitFields(exchange),
    ...(request.maxToolCalls !== undefined && { max_tool_calls: request.maxToolCalls }),
    ...samplingFields(exchange),
    ...reasoningFields(exchange),
    ...outputFields(exchange),
    ...cacheFields(exchange),
    ...identityFields(exchange),
    ...serviceFields(exchange),
    ...stateFields(request),
    stream: request.stream,
  };
}
