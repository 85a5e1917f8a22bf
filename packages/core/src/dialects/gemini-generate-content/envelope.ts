// Gemini CLI and Code Assist put the same bodies into an envelope that names model, project and session.
import { isJsonObject, type GenerateRequest, type GenerateResponse, type Json, type JsonObject } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext, Exchange } from "../../exchange.ts";
import { readObject, readString } from "../../wire/read.ts";
import type { Dialect, StreamEncoder, WireInput, WireRequest } from "../dialect.ts";
import { answerAside } from "./asides.ts";
import { countedMembers, decodeCount, encodeCount } from "./counting.ts";
import { unknownMembers } from "./decode-config.ts";
import { decodeError } from "./decode-error.ts";
import { decodeBody } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeError, encodeStreamError } from "./encode-error.ts";
import { wantsInline } from "./encode-media.ts";
import { encodeBody } from "./encode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { nameRules } from "./name-rules.ts";
import { reasoningMembers as innerReasoningMembers, withoutSeals as innerWithoutSeals, withQuery } from "./passthrough.ts";
import { present } from "../../wire/present.ts";
import { stringAt } from "./members.ts";
import { recognisesSeal } from "./seals.ts";
import { createStreamDecoder } from "./stream-decoder.ts";
import { ReplyEncoder } from "./stream-encoder.ts";
import { createStreamTap, tapResponse } from "./stream-tap.ts";
import { bareModel, framingOf, isStreaming } from "./target.ts";
import { CODE_ASSIST_ID, VENDOR } from "./wire.ts";

const ENVELOPE_FIELDS: ReadonlySet<string> = new Set(["model", "request"]);

function verbOf(path: string): string {
  return path.slice(path.lastIndexOf(":") + 1);
}

/** A body without its envelope was meant for another path. */
function innerOf(body: JsonObject): JsonObject {
  if (!isJsonObject(body.request)) throw invalidRequest("request", "expected the request within its envelope");
  return body.request;
}

function decodeRequest(input: WireInput, context: DecodeContext): GenerateRequest {
  const body = readObject(input.body, "");
  const inner = innerOf(body);
  const stream = isStreaming(verbOf(input.path));
  const model = bareModel(readString(body.model ?? inner.model, "model"));
  const request = decodeBody(inner, { dialect: CODE_ASSIST_ID, model, stream, framing: framingOf(input, stream), prefix: "request." }, context);
  return { ...request, residue: { ...unknownMembers(body, ENVELOPE_FIELDS, ""), ...request.residue } };
}

/** The envelope's own members travel only from envelope to envelope. */
function envelopeMembers(request: GenerateRequest): JsonObject {
  if (request.dialect !== CODE_ASSIST_ID) return {};
  return Object.fromEntries(Object.entries(request.residue).filter(([path]) => !path.startsWith("request.")));
}

function encodeRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  const verb = request.stream ? "streamGenerateContent" : "generateContent";
  const inner = present<JsonObject>({ ...encodeBody(request, exchange), session_id: request.identity?.sessionId });
  return {
    path: `/v1internal:${verb}`,
    ...(request.stream && { query: { alt: "sse" } }),
    headers: {},
    body: { model: exchange.upstreamModel, ...envelopeMembers(request), request: inner },
  };
}

function encodeEnvelopedResponse(response: GenerateResponse, exchange: Exchange): JsonObject {
  return { response: encodeResponse(response, exchange), ...response.residue?.[CODE_ASSIST_ID] };
}

function createStreamEncoder(exchange: Exchange, write: (text: string) => void): StreamEncoder {
  return new ReplyEncoder(exchange, write, { before: '{"response":', after: "}" });
}

/** Only contents are counted here, so that instructions and tools go among them as text. */
function encodeCountRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  const { contents, ...others } = countedMembers(encodeBody(request, exchange));
  const aside = Object.keys(others).length === 0 ? [] : [{ role: "user", parts: [{ text: JSON.stringify(others) }] }];
  const counted = [...aside, ...(Array.isArray(contents) ? (contents as readonly Json[]) : [])];
  return { path: "/v1internal:countTokens", headers: {}, body: { request: { model: `models/${bareModel(exchange.upstreamModel)}`, contents: counted } } };
}

function passthroughRequest(input: WireInput, request: GenerateRequest, upstreamModel: string): ReturnType<Dialect["passthroughRequest"]> {
  const edits = upstreamModel === request.model ? {} : { model: upstreamModel };
  return { path: `/v1internal:${verbOf(input.path)}`, ...withQuery(input), headers: {}, edits };
}

function reasoningMembers(body: JsonObject, exchange: Exchange): { readonly [member: string]: Json | undefined } {
  const inner = innerOf(body);
  return { request: present<JsonObject>({ ...inner, ...innerReasoningMembers(inner, exchange) }) };
}

function withoutSeals(body: JsonObject, doomed: (value: string) => boolean): JsonObject {
  const inner = innerOf(body);
  const rest = innerWithoutSeals(inner, doomed);
  return rest === inner ? body : { ...body, request: rest };
}

/** Counting names its model inside, for here the envelope has none. */
function decodeCountRequest(input: WireInput, context: DecodeContext): GenerateRequest {
  const body = readObject(input.body, "");
  const model = stringAt(body, "model") ?? stringAt(innerOf(body), "model");
  return decodeRequest({ ...input, body: { ...body, model: model ?? "" } }, context);
}

export const geminiCodeAssist: Dialect = {
  id: CODE_ASSIST_ID,
  vendor: VENDOR,
  telemetryOperation: "generate_content",
  nameRules,
  recognisesSeal,
  decodeRequest,
  encodeResponse: encodeEnvelopedResponse,
  createStreamEncoder,
  encodeError,
  encodeStreamError,
  encodeRequest,
  decodeResponse,
  createStreamDecoder,
  decodeError,
  passthroughRequest,
  reasoningMembers,
  withoutSeals,
  wantsInline,
  createStreamTap,
  tapResponse,
  answerAside,
  counting: { encodeCountRequest, decodeCount, encodeCount, decodeCountRequest },
};
