import { isJsonObject, type GenerateRequest, type Json, type JsonObject, type Message, type MutableJsonObject, type Part } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { WireRequest } from "../dialect.ts";
import { ownHeaders } from "./betas.ts";
import { decodeSettings } from "./decode-settings.ts";
import { encodePart } from "./encode-blocks.ts";
import { encodeSampling, encodeStops, outputLimit } from "./encode-settings.ts";
import { encodeTool } from "./encode-tools.ts";
import { planThinking } from "./thinking.ts";
import { MESSAGES_PATH, wireOf } from "./wire.ts";

/**
 * Writes a request that came in this dialect. What nobody changed goes out word for word: the settings are read from
 * the source once more, and only those that differ now are written anew.
 */
export function encodeOwnRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  const source = request.wire ?? {};
  const { betas: _betas, ...body }: MutableJsonObject = { ...source };
  body.model = exchange.upstreamModel;
  body.messages = request.messages.filter((message) => message.origin !== "instructions").map((message) => encodeOwnMessage(message, exchange)).filter((message) => message !== undefined);
  writeSystem(body, request, exchange);
  writeTools(body, request, exchange);
  writeSettings(body, source, request, exchange);
  if (exchange.capabilities.basicAnthropic === true) leaveToTheBasics(body, exchange);
  return { path: MESSAGES_PATH, headers: ownHeaders(request), body };
}

function encodeOwnMessage(message: Message, exchange: Exchange): MutableJsonObject | undefined {
  const wire = wireOf(message);
  if (wire !== undefined && (message.role !== "assistant" || isUntouched(message, exchange))) return wire;
  const replayable = message.parts.filter((part) => isReplayable(part, message, exchange));
  for (const part of message.parts) {
    if (!replayable.includes(part)) exchange.report({ code: "not-replayable", path: part.path ?? "", action: "dropped", detail: "the vendor takes back only what it made itself" });
  }
  const content = replayable.map((part) => encodeOwnPart(part, exchange)).filter((block) => block !== undefined);
  return content.length === 0 ? undefined : { ...wire, role: message.role, content };
}

/** No seal of another vendor stands in the message, and no block that only looks like one of this vendor. */
function isUntouched(message: Message, exchange: Exchange): boolean {
  const content = wireOf(message)?.content;
  if (typeof content === "string") return true;
  const blocks = Array.isArray(content) ? (content as readonly Json[]) : [];
  return blocks.length === message.parts.length
    && message.parts.every((part, index) => wireOf(part) === blocks[index] && isReplayable(part, message, exchange));
}

function encodeOwnPart(part: Part, exchange: Exchange): MutableJsonObject | undefined {
  return wireOf(part) ?? encodePart(part, exchange);
}

/**
 * What a gateway put into an answer in this dialect's form though the vendor had no hand in it: search results without
 * their proof, thoughts with an empty signature. The vendor refuses both.
 */
function isReplayable(part: Part, message: Message, exchange: Exchange): boolean {
  const isUnsigned = part.kind === "reasoning" && part.seal === undefined && exchange.capabilities.firstParty === true;
  const isInvented = part.kind === "server-tool-result" ? lacksProof(part.result) : part.kind === "server-tool-call" && isAnswerInvented(part.callId, message);
  return !isUnsigned && !isInvented;
}

function isAnswerInvented(callId: string, message: Message): boolean {
  return message.parts.some((part) => part.kind === "server-tool-result" && part.callId === callId && lacksProof(part.result));
}

function lacksProof(result: Json | undefined): boolean {
  return Array.isArray(result) && (result as readonly Json[]).some((entry) => isJsonObject(entry) && entry.type === "web_search_result" && entry.encrypted_content === "");
}

/** Word for word as long as every block is there; without `wire` (or with more or fewer blocks) block by block. */
function writeSystem(body: MutableJsonObject, request: GenerateRequest, exchange: Exchange): void {
  const parts = request.messages.filter((message) => message.origin === "instructions").flatMap((message) => message.parts);
  if (isSameSystem(body.system, parts)) return;
  const blocks = parts.map((part) => encodeOwnPart(part, exchange)).filter((block) => block !== undefined);
  if (blocks.length === 0) delete body.system;
  else body.system = blocks;
}

/** The source may hold a metering line that canonical leaves out. */
function isSameSystem(system: Json | undefined, parts: readonly Part[]): boolean {
  if (system === undefined || system === null) return parts.length === 0;
  if (typeof system === "string") return parts.length === 0 || (parts.length === 1 && parts[0]?.kind === "text" && parts[0].text === system);
  const blocks = new Set(system as readonly Json[]);
  const kept = parts.filter((part) => blocks.has(wireOf(part) ?? null)).length;
  return kept === parts.length && blocks.size - kept <= 1;
}

function writeTools(body: MutableJsonObject, request: GenerateRequest, exchange: Exchange): void {
  const source = Array.isArray(body.tools) ? (body.tools as readonly Json[]) : [];
  const declared = request.tools.filter((tool) => wireOf(tool) !== undefined);
  const isSame = declared.length === source.length && declared.every((tool, index) => wireOf(tool) === source[index]);
  if (isSame) return;
  const tools = request.tools.map((tool) => encodeTool(tool, exchange)).filter((tool) => tool !== undefined);
  if (tools.length > 0) body.tools = tools;
  else {
    delete body.tools;
    delete body.tool_choice;
  }
}

function writeSettings(body: MutableJsonObject, source: JsonObject, request: GenerateRequest, exchange: Exchange): void {
  const before = decodeSettings(source);
  const differs = (key: keyof typeof before): boolean => JSON.stringify(before[key]) !== JSON.stringify(request[key]);
  if (body.stream !== undefined || request.stream) body.stream = request.stream;
  if (request.maxOutputTokens !== before.maxOutputTokens || body.max_tokens === undefined) body.max_tokens = outputLimit(request, exchange);
  if (differs("stopSequences")) set(body, "stop_sequences", encodeStops(request, exchange));
  if (differs("sampling")) {
    set(body, "temperature", request.sampling.temperature);
    set(body, "top_p", request.sampling.topP);
    set(body, "top_k", request.sampling.topK);
  }
  if (differs("reasoning")) writeReasoning(body, request, exchange);
  if (differs("residue")) writeResidue(body, before.residue, request.residue);
}

/** An operator's word, or a suffix of the model's name, takes the place of what the body said. */
function writeReasoning(body: MutableJsonObject, request: GenerateRequest, exchange: Exchange): void {
  const choice = isJsonObject(body.tool_choice) ? body.tool_choice.type : undefined;
  const plan = planThinking(request, exchange, {
    maxTokens: typeof body.max_tokens === "number" ? body.max_tokens : outputLimit(request, exchange),
    unsignedToolLoop: false,
    forcedTool: choice === "any" || choice === "tool",
  });
  const { effort: _effort, ...config }: MutableJsonObject = isJsonObject(body.output_config) ? { ...body.output_config } : {};
  if (plan.effort !== undefined) config.effort = plan.effort;
  set(body, "thinking", plan.thinking);
  set(body, "output_config", Object.keys(config).length === 0 ? undefined : config);
  body.max_tokens = plan.maxTokens;
  if (plan.thinking !== undefined && plan.thinking.type !== "disabled") narrowSampling(body, request, exchange);
}

/** What the body asked for when it did not think is refused beside thinking. */
function narrowSampling(body: MutableJsonObject, request: GenerateRequest, exchange: Exchange): void {
  const narrowed = encodeSampling(request, exchange, true);
  for (const key of SAMPLING) set(body, key, narrowed[key]);
}

const SAMPLING = ["temperature", "top_p", "top_k"] as const;

/** The members by which a body that passes through asks for the reasoning of the request, whatever it said before. */
export function reasoningMembers(source: JsonObject, exchange: Exchange): Readonly<Record<string, Json | undefined>> {
  const body: MutableJsonObject = { ...source };
  writeReasoning(body, exchange.request, exchange);
  const changed = ["thinking", "output_config", "max_tokens", ...SAMPLING.filter((key) => source[key] !== body[key])];
  return Object.fromEntries(changed.map((key) => [key, body[key]]));
}

function writeResidue(body: MutableJsonObject, before: JsonObject, now: JsonObject): void {
  for (const key of Object.keys({ ...before, ...now })) if (!key.includes(".") && key !== "betas") set(body, key, now[key]);
}

function set(body: MutableJsonObject, key: string, value: Json | undefined): void {
  if (value === undefined) delete body[key];
  else body[key] = value;
}

/** Fields that compatible servers answer with "Extra inputs are not permitted" (seen in the field). */
const NEWER_TOOL_FIELDS = ["strict", "defer_loading", "input_examples", "eager_input_streaming", "allowed_callers"] as const;

function leaveToTheBasics(body: MutableJsonObject, exchange: Exchange): void {
  if (!Array.isArray(body.tools)) return;
  body.tools = (body.tools as readonly Json[]).map((tool, index) => {
    if (!isJsonObject(tool) || !NEWER_TOOL_FIELDS.some((field) => field in tool)) return tool;
    const basic: MutableJsonObject = { ...tool };
    for (const field of NEWER_TOOL_FIELDS) delete basic[field];
    exchange.report({ code: "unsupported-parameter", path: `tools[${index}]`, action: "dropped", detail: "fields that the compatible server does not know" });
    return basic;
  });
}
