// The text completions of 2020, as far as old clients still send them: the client's side only.
import type { EmitEvent, GenerateRequest, GenerateResponse, JsonObject } from "../../canonical/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { DecodeContext, Exchange } from "../../exchange.ts";
import { SSE_COMMENT } from "../../wire/sse.ts";
import { openaiLimitHeaders } from "../../wire/limit-headers.ts";
import { optionalBoolean, optionalInteger, optionalObject, optionalString, readArray, readObject } from "../../wire/read.ts";
import type { Dialect, StreamEncoder, WireInput } from "../dialect.ts";
import { decodeError } from "./decode-error.ts";
import { decodeModel, decodeSampling, decodeStop } from "./decode-request.ts";
import { decodeResponse } from "./decode-response.ts";
import { encodeError, encodeStreamError } from "./encode-error.ts";
import { encodeRequest } from "./encode-request.ts";
import { encodeFinish } from "./finish-reason.ts";
import { COMPLETIONS, NAME_RULES, recognisesSeal, VENDOR } from "./identity.ts";
import { createdAt } from "./reply.ts";
import { createStreamDecoder } from "./stream-decoder.ts";
import { ChatStreamTap, tapResponse } from "./stream-tap.ts";
import { unsupported } from "./unsupported.ts";
import { encodeUsage } from "./usage.ts";
import { present } from "../../wire/present.ts";

const KNOWN_KEYS: ReadonlySet<string> = new Set([
  "model", "prompt", "stream", "stream_options", "max_tokens", "stop", "temperature", "top_p", "top_k", "seed", "presence_penalty",
  "frequency_penalty", "logit_bias", "n", "user", "echo", "suffix", "best_of",
]);

/** One prompt is one user's message. What a chat model cannot do is refused by name. */
function decodeRequest(input: WireInput, _context: DecodeContext): GenerateRequest {
  const body = readObject(input.body, "");
  refuseWhatChatCannot(body);
  const options = optionalObject(body, "stream_options", "");
  const user = optionalString(body, "user", "");
  // `logprobs` is a count here, and its reply has a form of its own: it stays residue, and is reported by the encoder.
  const { logprobs: _count, ...sampled } = body;
  return present<GenerateRequest>({
    dialect: COMPLETIONS,
    model: decodeModel(body),
    stream: optionalBoolean(body, "stream", "") ?? false,
    framing: "sse",
    includeUsage: options && optionalBoolean(options, "include_usage", "stream_options"),
    messages: [{ role: "user", parts: [{ kind: "text", text: promptOf(body), path: "prompt" }], path: "prompt" }],
    tools: [],
    maxOutputTokens: optionalInteger(body, "max_tokens", ""),
    stopSequences: decodeStop(body.stop),
    sampling: decodeSampling(sampled),
    identity: user === undefined ? undefined : { endUserId: user },
    residue: Object.fromEntries(Object.entries(body).filter(([key, value]) => !KNOWN_KEYS.has(key) && value !== null)),
    wire: body,
  });
}

function promptOf(body: JsonObject): string {
  if (typeof body.prompt === "string") return body.prompt;
  const prompts = readArray(body.prompt, "prompt");
  if (prompts.length !== 1) throw invalidRequest("prompt", "expected one prompt; send several as several requests");
  if (typeof prompts[0] !== "string") throw invalidRequest("prompt", "expected text, not token numbers");
  return prompts[0];
}

function refuseWhatChatCannot(body: JsonObject): void {
  if (body.echo === true) throw unsupported("echo", "the prompt cannot be echoed");
  if (typeof body.suffix === "string" && body.suffix !== "") throw unsupported("suffix", "text cannot be inserted before a suffix");
  if (typeof body.best_of === "number" && body.best_of > 1) throw unsupported("best_of", "only one completion is made for each choice");
}

function encodeResponse(response: GenerateResponse, exchange: Exchange): JsonObject {
  return {
    id: response.id || exchange.newId("cmpl-"),
    object: "text_completion",
    created: createdAt(response.createdAt, exchange),
    model: exchange.replyModel,
    choices: response.candidates.map(({ index, parts, finish }) => ({
      text: parts.map((part) => (part.kind === "text" || part.kind === "refusal" ? part.text : "")).join(""),
      index,
      logprobs: null,
      finish_reason: encodeFinish(finish, NOTHING_ELSE_SAID),
    })),
    ...(response.usage !== undefined && { usage: encodeUsage(response.usage, exchange) }),
  };
}

const NOTHING_ELSE_SAID = { refusal: false, legacyCall: false };

function createStreamEncoder(exchange: Exchange, write: (text: string) => void): StreamEncoder {
  const wantsUsage = exchange.request.includeUsage === true;
  const tail = wantsUsage ? ',"usage":null}\n\n' : "}\n\n";
  const spoken = new Set<string>();
  let head = "";
  let usage = "";
  let ended = false;
  const choice = (candidate: number, text: string, finish: string): void => write(`${head}"choices":[{"text":${text},"index":${candidate},"logprobs":null,"finish_reason":${finish}}]${tail}`);
  const push: EmitEvent = (event) => {
    if (ended) return;
    switch (event.type) {
      case "response-start":
        head = `data: ${JSON.stringify({ id: event.id || exchange.newId("cmpl-"), object: "text_completion", created: createdAt(event.createdAt, exchange), model: exchange.replyModel }).slice(0, -1)},`;
        return;
      case "part-start":
        if (event.part.kind !== "text" && event.part.kind !== "refusal") return;
        spoken.add(`${event.candidate}.${event.index}`);
        if (event.part.text !== "") choice(event.candidate, JSON.stringify(event.part.text), "null");
        return;
      case "part-delta":
        if (event.delta.type === "text" && event.delta.text !== "" && spoken.has(`${event.candidate}.${event.index}`)) choice(event.candidate, JSON.stringify(event.delta.text), "null");
        return;
      case "usage":
        usage = JSON.stringify(encodeUsage(event.usage, exchange));
        return;
      case "finish":
        choice(event.candidate, '""', `"${encodeFinish(event.finish, NOTHING_ELSE_SAID)}"`);
        return;
      case "response-end":
        ended = true;
        if (wantsUsage && usage !== "") write(`${head}"choices":[],"usage":${usage}}\n\n`);
        write("data: [DONE]\n\n");
        return;
      case "error":
        ended = true;
        for (const text of encodeStreamError(event.error).split(/(?<=\n\n)/)) write(text);
    }
  };
  return { push, keepAlive: () => SSE_COMMENT };
}

/** Upstreams are spoken to in Chat Completions; a body can only pass as it is where both ends speak this. */
export const openaiCompletions: Dialect = {
  id: COMPLETIONS,
  vendor: VENDOR,
  telemetryOperation: "text_completion",
  nameRules: NAME_RULES,
  recognisesSeal,

  decodeRequest,
  encodeResponse,
  createStreamEncoder,
  encodeError,
  encodeStreamError,
  encodeLimits: openaiLimitHeaders,

  encodeRequest,
  decodeResponse,
  createStreamDecoder,
  decodeError,

  passthroughRequest: (_input, request, upstreamModel) => ({ path: "/completions", headers: {}, edits: upstreamModel === request.model ? {} : { model: upstreamModel } }),
  createStreamTap: () => new ChatStreamTap(),
  tapResponse,
};
