// A body that came in this dialect and goes out in it: copied, with no more changes than the upstream demands.
import { isJsonObject, type GenerateRequest, type Json, type JsonObject, type Message, type MutableJsonObject, type Tool } from "../../canonical/index.ts";
import type { Exchange, Sealer } from "../../exchange.ts";
import { effortFor } from "../../reasoning/index.ts";
import { decodeReasoningRequest, REASONING_KEYS } from "./decode-reasoning-request.ts";
import { rememberedReasoning } from "./call-memory.ts";
import { encodeLoneTurn, encodeMessages } from "./encode-messages.ts";
import { encodeTool, encodeTools } from "./encode-tools.ts";
import { CHAT } from "./identity.ts";
import { readReasoning, thoughtSignature } from "./reasoning-fields.ts";
import { customAsFunction } from "./tool-shapes.ts";

export function reviseBody(request: GenerateRequest, wire: JsonObject, exchange: Exchange): JsonObject {
  const rewritten = needsNewMessages(request, exchange);
  const body: MutableJsonObject = { ...wire, model: exchange.upstreamModel, messages: rewritten ? encodeMessages(request, exchange) : revisedMessages(request, exchange) };
  if (rewritten && customAsFunction(exchange)) Object.assign(body, encodeTools(request, exchange));
  else reviseTools(request, body, exchange);
  renameLimit(body, exchange);
  Object.assign(body, reasoningMembers(wire, exchange));
  if (request.stream !== (wire.stream === true)) body.stream = request.stream;
  if (request.stream && request.includeUsage !== true && exchange.capabilities.includeUsageOk === true) body.stream_options = { ...(isJsonObject(wire.stream_options) ? wire.stream_options : {}), include_usage: true };
  for (const key of Object.keys(body)) if (body[key] === undefined) delete body[key];
  return body;
}

/** Only a server that takes one system message, or no custom tools, cannot have the messages as they are. */
function needsNewMessages(request: GenerateRequest, exchange: Exchange): boolean {
  const { messages, tools } = request;
  const later = messages.some((message, index) => message.role === "system" && index > 0);
  if (later && exchange.capabilities.singleSystem === true) return true;
  if (!customAsFunction(exchange)) return false;
  return tools.some(({ kind }) => kind === "custom") || messages.some(({ parts }) => parts.some((part) => part.kind === "tool-call" && part.variant === "custom"));
}

function revisedMessages(request: GenerateRequest, exchange: Exchange): Json[] {
  const lastUserText = request.messages.findLastIndex(({ role, parts }) => role === "user" && parts.some(({ kind }) => kind !== "tool-result"));
  return request.messages.flatMap((message, index): Json[] => {
    if (message.wire?.dialect !== CHAT || !isJsonObject(message.wire.value)) return encodeLoneTurn(message, exchange);
    return [message.role === "assistant" ? revisedAssistant(message, message.wire.value, { exchange, inToolLoop: index > lastUserText }) : message.wire.value];
  });
}

function revisedAssistant(message: Message, node: JsonObject, { exchange, inToolLoop }: { readonly exchange: Exchange; readonly inToolLoop: boolean }): JsonObject {
  const { nullContentOk, reasoningReplay, reasoningField = "reasoning_content", emptyReasoningOk } = exchange.capabilities;
  let revised: JsonObject = withoutEnvelopes(node, exchange.sealer);
  if (nullContentOk === false && (revised.content === null || revised.content === undefined)) revised = { ...revised, content: "" };
  if (reasoningReplay === "forbidden" && readReasoning(node) !== undefined) return withoutReasoning(revised, message, exchange);
  const wanted = reasoningReplay === "required" && inToolLoop && reasoningField !== "none" && message.parts.some(({ kind }) => kind === "tool-call");
  if (!wanted || readReasoning(node) !== undefined) return revised;
  const text = rememberedReasoning(message.parts, exchange.sealer);
  return text === "" && emptyReasoningOk !== true ? revised : { ...revised, [reasoningField]: text };
}

const REASONING_FIELDS = ["reasoning_content", "reasoning", "reasoning_details", "thinking", "thinking_blocks"];

function withoutReasoning(node: JsonObject, message: Message, exchange: Exchange): JsonObject {
  exchange.report({ code: "reasoning-history", path: message.path ?? "messages", action: "dropped", detail: "the upstream takes no reasoning back" });
  return Object.fromEntries(Object.entries(node).filter(([key]) => !REASONING_FIELDS.includes(key)));
}

/** Our own envelopes mean nothing to an upstream: what is sealed by Google goes bare, the rest goes out. */
function withoutEnvelopes(node: JsonObject, sealer: Sealer): JsonObject {
  const calls = node.tool_calls;
  if (!Array.isArray(calls)) return node;
  const opened = (calls as readonly Json[]).map((call) => (isJsonObject(call) ? withoutEnvelope(call, sealer) : call));
  return opened.some((call, index) => call !== calls[index]) ? { ...node, tool_calls: opened } : node;
}

function withoutEnvelope(call: JsonObject, sealer: Sealer): JsonObject {
  const value = thoughtSignature(call);
  if (value === undefined || !sealer.isEnvelope(value)) return call;
  const seal = sealer.open(value, "google", "thought-signature");
  const { extra_content: _envelope, ...rest } = call;
  return seal?.vendor === "google" ? { ...rest, extra_content: { google: { thought_signature: seal.value } } } : rest;
}

/** Tools stay as they came; those that were added since are written, those that were taken away are gone. */
function reviseTools(request: GenerateRequest, body: MutableJsonObject, exchange: Exchange): void {
  const declared = request.tools.filter((tool) => tool.wire?.dialect === CHAT || tool.path === undefined);
  if (declared.length === 0 && !Array.isArray(body.tools)) return;
  const tools = declared.map((tool) => wireOf(tool, exchange));
  if (tools.length > 0 || (Array.isArray(body.tools) && body.tools.length === 0)) body.tools = tools;
  else for (const key of ["tools", "tool_choice", "parallel_tool_calls"]) delete body[key];
}

function wireOf(tool: Tool, exchange: Exchange): Json {
  if (tool.wire?.dialect === CHAT) return tool.wire.value;
  return tool.kind === "server" ? tool.config : encodeTool(tool, exchange.names.toWire(tool.name, tool.namespace), exchange);
}

/** Newer models refuse `max_tokens`, older servers do not know `max_completion_tokens`. */
function renameLimit(body: MutableJsonObject, exchange: Exchange): void {
  const field = exchange.capabilities.maxTokensField;
  if (field === undefined) return;
  const other = field === "max_tokens" ? "max_completion_tokens" : "max_tokens";
  if (body[other] === undefined) return;
  const limit = body.max_completion_tokens ?? body.max_tokens;
  delete body[other];
  body[field] = limit;
}

/**
 * The members that make a body ask for the reasoning of the request, where that is not what the body itself says: a
 * suffix of the model's name or the operator decided otherwise, or the endpoint refuses an effort beside tools.
 */
export function reasoningMembers(body: JsonObject, exchange: Exchange): { readonly [member: string]: Json | undefined } {
  const { request, capabilities } = exchange;
  const asked = request.reasoning;
  const hasTools = request.tools.some(({ kind }) => kind !== "server");
  if (asked?.from === "body" || (asked === undefined && decodeReasoningRequest(body) === undefined)) {
    const refused = capabilities.chatToolsWithEffort === false && hasTools && typeof body.reasoning_effort === "string" && body.reasoning_effort !== "none";
    if (!refused) return {};
    exchange.report({ code: "reasoning-adjusted", path: "reasoning_effort", action: "converted", detail: `${body.reasoning_effort} → none: this endpoint refuses efforts beside tools` });
    return { reasoning_effort: "none" };
  }
  const members: MutableJsonObject = {};
  for (const key of REASONING_KEYS) if (body[key] !== undefined) members[key] = undefined;
  const effort = effortFor(asked, { capability: capabilities.reasoning, policy: exchange.policy, sameDialect: true, report: exchange.report });
  if (effort !== undefined) members.reasoning_effort = effort !== "none" && hasTools && capabilities.chatToolsWithEffort === false ? "none" : effort;
  return members;
}
