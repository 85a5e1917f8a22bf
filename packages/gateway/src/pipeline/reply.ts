import { cutAtStops, estimateTokens, GatewayError, isJsonObject, ResponseFold, unfold, parseJson, type GenerateResponse, type Json, type Loss } from "@dragoman/core";
import type { CapturedCall } from "../observe/captured-call.ts";
import { listenersOf, tellBody, tellResponse, toldStream } from "../hooks/answer-events.ts";
import { keepingStream, keepToldStream, keepWhole } from "../responses/keep-reply.ts";
import { classifyFailure } from "../upstream/classify.ts";
import { redactSecrets, withoutSecrets } from "../upstream/redact-secrets.ts";
import type { AttemptInput } from "./attempt.ts";
import { brokenFacts, countedFacts } from "./count-answer.ts";
import type { Interpreter } from "./interpreter.ts";
import type { AttemptLedger } from "./ledger.ts";
import type { Parcel } from "./pack.ts";
import { PassingInterpreter, renameModel, RenamingInterpreter } from "./passing.ts";
import { readWhole, reasonOf, SilenceWatch } from "./read-whole.ts";
import { Relay } from "./relay.ts";
import { replyHeaders } from "./reply-headers.ts";
import { foldStream, TranslatingInterpreter, type TranslatingOptions } from "./translating.ts";

export interface ReplyInput extends AttemptInput {
  readonly parcel: Parcel;
  readonly ledger: AttemptLedger;
  readonly abort: AbortController;
  /** The upstream's reply; its status is good. */
  readonly response: Response;
  readonly losses: readonly Loss[];
  /** Those who want to see every byte. */
  readonly capture: CapturedCall | undefined;
}

/** Brings an upstream's good reply to the client. An error that comes before the answer has begun is returned, so that the next candidate can be tried. */
export async function relayReply(input: ReplyInput): Promise<Response | GatewayError> {
  const isStream = (input.response.headers.get("content-type") ?? "").includes("text/event-stream");
  if (input.request.stream && isStream && input.response.body !== null) return relayStream(input, input.response.body);
  if (!input.request.stream && isStream && input.response.body !== null) return foldReply(input, input.response.body);
  return relayWhole(input);
}

async function relayStream(input: ReplyInput, upstream: ReadableStream<Uint8Array>): Promise<Response | GatewayError> {
  const { call, ledger } = input;
  const interpreter = keepingStream(input, interpreterFor(input));
  const relay = new Relay({
    upstream,
    interpreter,
    abort: input.abort,
    settings: call.settings,
    clock: call.engine.ports.clock,
    capture: input.capture,
    onBegun: () => ledger.begun(),
    onComplete: () => ledger.succeed(countedFacts(interpreter.facts, input.request, interpreter.said)),
    onEnd: (error) => {
      const { facts, said } = interpreter;
      if (error === undefined) ledger.succeed(countedFacts(facts, input.request, said));
      else ledger.fail(brokenOff(input, error), brokenFacts(facts, input.request, said));
    },
  });
  const error = await relay.begin();
  if (error !== undefined) return error;
  ledger.commit();
  const headers = replyHeaders(input, streamType(input));
  input.capture?.clientHead({ status: 200, headers: new Headers(headers) });
  return new Response(relay.body(), { headers });
}

/** A reply that is whole before its first byte goes out. */
function wholeReply(input: ReplyInput, text: string, contentType: string): Response {
  const { capture } = input;
  const reply = new Response(text, { headers: replyHeaders(input, contentType) });
  if (capture !== undefined) {
    capture.clientHead(reply);
    capture.clientChunk(text);
    capture.clientEnd();
  }
  return reply;
}

function streamType(input: ReplyInput): string {
  return input.request.framing === "json-array" ? "application/json; charset=utf-8" : "text/event-stream; charset=utf-8";
}

function interpreterFor(input: ReplyInput): Interpreter {
  const { call, candidate, parcel, request } = input;
  if (!parcel.passthrough) return new TranslatingInterpreter(translatingOptions(input));
  const clean = (text: string): string => redactSecrets(text, [candidate.credential.apiKey]);
  const options = { dialect: call.dialect, requestId: call.requestId, clean, hidden: parcel.hidesUsage === true ? call.dialect.usageWish : undefined };
  return toldStream(input, candidate.forceMapping ? new RenamingInterpreter(options, (data) => renameModel(data, request.model)) : new PassingInterpreter(options));
}

function translatingOptions(input: ReplyInput): TranslatingOptions {
  return {
    client: input.call.dialect,
    upstream: input.candidate.upstream.dialect,
    exchange: input.parcel.exchange,
    inputCharacters: input.call.bodyText.length,
    clean: (error) => withoutSecrets(error, input.candidate.credential),
    tell: listenersOf(input),
    onCut: () => input.abort.abort(),
  };
}

/** After the first event nothing is repeated: the credential gets a short pause, the client its error event. */
function brokenOff(input: ReplyInput, error: GatewayError): ReturnType<typeof classifyFailure> {
  const classified = classifyFailure(withoutSecrets(error, input.candidate.credential), input.candidate.upstream.provider, { body: `${error.upstream?.code ?? ""} ${error.message}`, now: input.call.engine.ports.clock.now() });
  return classified.kind === "unavailable" ? { ...classified, kind: "stream-broken" } : classified;
}

/** The client wants it whole, the upstream streams. */
async function foldReply(input: ReplyInput, upstream: ReadableStream<Uint8Array>): Promise<Response> {
  const { fold, facts } = await foldWatched(input, upstream);
  input.ledger.begun();
  input.ledger.succeed(facts);
  const body = input.call.dialect.encodeResponse(fold.response(), input.parcel.exchange);
  keepWhole(input, body);
  return wholeReply(input, JSON.stringify(body), "application/json");
}

async function foldWatched(input: ReplyInput, upstream: ReadableStream<Uint8Array>): ReturnType<typeof foldStream> {
  const watch = new SilenceWatch(input);
  try {
    return await foldStream(upstream, translatingOptions(input), (chunk) => {
      watch.heard();
      input.capture?.upstreamChunk(chunk);
    });
  } catch (thrown) {
    throw reasonOf(thrown, input.abort.signal);
  } finally {
    watch.stop();
  }
}

async function relayWhole(input: ReplyInput): Promise<Response | GatewayError> {
  const { call, candidate, parcel, ledger, request } = input;
  const text = await readWhole(input);
  const body = parseBody(text);
  if (body === undefined) return new GatewayError("upstream_malformed", { source: "upstream" });
  const problem = errorInside(input, body, text);
  if (problem !== undefined) return problem;
  ledger.begun();
  if (parcel.passthrough && !request.stream && isJsonObject(body)) {
    ledger.succeed(countedFacts(call.dialect.tapResponse(body), request, estimateTokens(text.length)));
    tellBody(input, body);
    const told = candidate.forceMapping ? renameModel(text, request.model) : text;
    keepWhole(input, told === text ? body : JSON.parse(told) as Json);
    return wholeReply(input, told, "application/json");
  }
  const response = cutWhole(candidate.upstream.dialect.decodeResponse(body, parcel.exchange), parcel.exchange.emulatedStops);
  ledger.succeed(countedFacts({ usage: response.usage, model: response.model, finishReason: response.candidates[0]?.finish.reason }, request, estimateTokens(text.length)));
  tellResponse(input, response);
  if (!request.stream) {
    const reply = call.dialect.encodeResponse(response, parcel.exchange);
    keepWhole(input, reply);
    return wholeReply(input, JSON.stringify(reply), "application/json");
  }
  let out = "";
  const encoder = call.dialect.createStreamEncoder(parcel.exchange, (piece) => {
    out += piece;
  });
  unfold(response, (event) => encoder.push(event));
  keepToldStream(input, out);
  return wholeReply(input, out, streamType(input));
}

/** The same cut that a stream gets. */
function cutWhole(response: GenerateResponse, stops: readonly string[] | undefined): GenerateResponse {
  if (stops === undefined || stops.length === 0) return response;
  const fold = new ResponseFold();
  unfold(response, cutAtStops(stops, (event) => fold.push(event), () => undefined));
  return fold.response();
}

/** Some servers answer 200 with an error inside. */
function errorInside(input: ReplyInput, body: Json, text: string): GatewayError | undefined {
  const first = Array.isArray(body) ? (body[0] as Json | undefined) : body;
  if (!isJsonObject(first) || !isJsonObject(first.error)) return undefined;
  const status = Number(first.error.code ?? first.error.status);
  return input.candidate.upstream.dialect.decodeError(status >= 400 && status < 600 ? status : 502, input.response.headers, text, input.call.engine.ports.clock.now());
}

function parseBody(text: string): Json | undefined {
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}
