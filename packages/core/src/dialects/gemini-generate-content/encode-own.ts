// A request of this very dialect goes back as it came: what nobody edited is written word for word.
import { isJsonObject, type GenerateRequest, type Json, type JsonObject, type Message, type MutableJsonObject, type Part } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { reportDropped } from "./caller-path.ts";
import { decodeOutput, decodeThinking } from "./decode-config.ts";
import { decodeToolChoice } from "./decode-tools.ts";
import { encodeConfig, encodeLimit, overwrite } from "./encode-config.ts";
import { encodeModelParts, encodePlainPart } from "./encode-parts.ts";
import { encodeTools, encodeToolChoice } from "./encode-tools.ts";
import { wireNodes } from "./join-runs.ts";
import { present } from "../../wire/present.ts";
import { listAt } from "./members.ts";
import { encodeThinking } from "./thinking.ts";
import { asJson, CODE_ASSIST_ID, isOurs, isSentinel, VENDOR } from "./wire.ts";

export function encodeOwnBody(request: GenerateRequest, exchange: Exchange): JsonObject {
  const wire = request.wire ?? {};
  const config = encodeOwnConfig(request, wire.generationConfig, exchange);
  const tools = encodeOwnTools(request, wire, exchange);
  return {
    ...present<JsonObject>({
      contents: request.messages.flatMap((message) => encodeOwnContent(message, exchange)),
      systemInstruction: encodeOwnSystem(request.messages, exchange),
      ...tools,
      generationConfig: Object.keys(config).length > 0 || wire.generationConfig !== undefined ? config : undefined,
      safetySettings: request.safety,
      cachedContent: request.cache?.handle,
      labels: request.identity?.metadata,
      serviceTier: request.service?.tier,
      store: request.state?.store,
    }),
    ...ownResidue(request),
  };
}

/** Unknown members of the body; those of its inner objects were kept with them. */
function ownResidue(request: GenerateRequest): JsonObject {
  const prefix = request.dialect === CODE_ASSIST_ID ? "request." : "";
  const members: MutableJsonObject = {};
  for (const [path, value] of Object.entries(request.residue)) {
    const key = path.slice(prefix.length);
    if (path.startsWith(prefix) && !/^(generationConfig|toolConfig)\./.test(key)) members[key] = value;
  }
  return members;
}

/** Wire nodes of instructions stand as they came; texts that were added go behind them. */
function encodeOwnSystem(messages: readonly Message[], exchange: Exchange): Json | undefined {
  const slots = messages.filter((message) => isInstruction(message));
  const [first] = slots;
  if (first === undefined) return undefined;
  if (slots.length === 1 && isOurs(first.wire?.dialect)) return first.wire?.value;
  const parts = slots.flatMap((message) => message.parts.flatMap((part) => encodeOwnPart(part, exchange)));
  return { parts };
}

/** In the middle of a conversation there is no word for instructions but the contents' own role. */
function isInstruction(message: Message): boolean {
  return message.role === "system" && (message.origin === "instructions" || message.wire === undefined);
}

function encodeOwnContent(message: Message, exchange: Exchange): readonly JsonObject[] {
  if (isInstruction(message)) return [];
  const wire = isOurs(message.wire?.dialect) && isJsonObject(message.wire?.value) ? message.wire.value : undefined;
  const parts = message.parts.flatMap((part) => encodeOwnPart(part, exchange));
  if (wire === undefined) return parts.length === 0 ? [] : [{ role: message.role === "assistant" ? "model" : "user", parts }];
  if (parts.length === 0 && wire.parts === undefined) return [wire];
  // All that it said was of no use here.
  if (parts.length === 0 && listAt(wire, "parts").length > 0) return [];
  return [{ ...wire, parts }];
}

function encodeOwnPart(part: Part, exchange: Exchange): readonly JsonObject[] {
  const nodes = wireNodes(part).filter(isJsonObject);
  if (nodes.length === 0) return (part.kind === "reasoning" || part.kind === "tool-call" ? encodeModelParts([part], exchange) : encodePlainPart(part, exchange)).map(asJson);
  if (part.kind === "reasoning" && part.seal !== undefined && part.seal.vendor !== VENDOR) {
    exchange.report({ code: "foreign-reasoning", path: part.path ?? "", action: "dropped", detail: `sealed by ${part.seal.vendor}` });
    return [];
  }
  return nodes.flatMap((node) => withOwnSignature(node, part, exchange));
}

/** Only Google's own signatures go to Google, and only on parts that may have one. */
function withOwnSignature(node: JsonObject, part: Part, exchange: Exchange): readonly JsonObject[] {
  const { thoughtSignature, ...rest } = node;
  if (typeof thoughtSignature !== "string") return [node];
  const seal = "seal" in part ? part.seal : undefined;
  if (part.kind !== "tool-result" && isSentinel(thoughtSignature)) return [node];
  if (part.kind !== "tool-result" && seal?.vendor === VENDOR) return [seal.value === thoughtSignature ? node : { ...rest, thoughtSignature: seal.value }];
  exchange.report({ code: "foreign-seal", path: part.path ?? "", action: "dropped", detail: part.kind === "tool-result" ? "results are not signed" : "not sealed by this vendor" });
  return rest.text === "" ? [] : [rest];
}

/** Tools that are still wanted, in the objects they came in, then those that were added. */
function encodeOwnTools(request: GenerateRequest, wire: JsonObject, exchange: Exchange): JsonObject {
  const added = request.tools.filter((tool) => !isOurs(tool.wire?.dialect));
  const kept = new Set(request.tools.flatMap((tool) => (isOurs(tool.wire?.dialect) ? (tool.path ?? []) : [])));
  const prefix = request.dialect === CODE_ASSIST_ID ? "request." : "";
  const list = Array.isArray(wire.tools) ? (wire.tools as readonly JsonObject[]).flatMap((tool, index) => keepMembers(tool, `${prefix}tools[${index}]`, kept)) : [];
  const more = added.length === 0 ? [] : (encodeTools({ ...request, tools: added, toolChoice: { mode: "auto" } }, exchange).tools ?? []);
  const tools = [...list, ...more];
  return {
    ...((tools.length > 0 || Array.isArray(wire.tools)) && { tools }),
    ...encodeOwnToolConfig(request, wire.toolConfig, exchange),
  };
}

function keepMembers(tool: JsonObject, path: string, kept: ReadonlySet<string>): readonly JsonObject[] {
  const result: MutableJsonObject = {};
  for (const field of Object.keys(tool)) {
    const value = tool[field];
    if (Array.isArray(value)) {
      const entries = (value as readonly Json[]).filter((_, index) => kept.has(`${path}.${field}[${index}]`));
      if (entries.length > 0 || value.length === 0) result[field] = entries;
    } else if (!isJsonObject(value) || kept.has(`${path}.${field}`)) result[field] = value;
  }
  return Object.keys(result).length > 0 || Object.keys(tool).length === 0 ? [result] : [];
}

function encodeOwnToolConfig(request: GenerateRequest, wire: Json | undefined, exchange: Exchange): JsonObject {
  if (same(decodeToolChoice(wire), request.toolChoice)) return wire === undefined ? {} : { toolConfig: wire };
  const choice = request.toolChoice;
  const toolConfig = overwrite(isJsonObject(wire) ? wire : {}, { functionCallingConfig: choice && encodeToolChoice(choice, exchange) });
  return Object.keys(toolConfig).length === 0 ? {} : { toolConfig };
}

function encodeOwnConfig(request: GenerateRequest, wire: Json | undefined, exchange: Exchange): JsonObject {
  const received = isJsonObject(wire) ? wire : {};
  const { sampling } = request;
  const scalars = overwrite(received, {
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    seed: sampling.seed,
    presencePenalty: sampling.presencePenalty,
    frequencyPenalty: sampling.frequencyPenalty,
    responseLogprobs: sampling.logprobs,
    logprobs: sampling.topLogprobs,
    candidateCount: sampling.candidateCount,
    maxOutputTokens: request.maxOutputTokens === 0 ? 0 : encodeLimit(request, exchange),
    ...(request.stopSequences !== undefined || received.stopSequences === undefined ? { stopSequences: request.stopSequences } : {}),
  });
  const thinking = same(decodeThinking(received, ""), request.reasoning) ? {} : { thinkingConfig: thinkingJson(request, exchange) };
  const output = same(decodeOutput(received), request.output) ? {} : editedOutput(request, exchange);
  return overwrite(scalars, { ...thinking, ...output });
}

function thinkingJson(request: GenerateRequest, exchange: Exchange): JsonObject | undefined {
  const thinking = encodeThinking(request, exchange);
  return thinking && asJson(thinking);
}

function editedOutput(request: GenerateRequest, exchange: Exchange): JsonObject {
  const { generationConfig, instruction } = encodeConfig(request, exchange);
  if (instruction !== undefined) reportDropped(exchange, "generationConfig.responseJsonSchema");
  const { responseMimeType, responseSchema, responseJsonSchema, responseModalities } = generationConfig;
  return { responseMimeType, responseSchema, responseJsonSchema, responseModalities };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
