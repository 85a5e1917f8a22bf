import { isJsonObject, type GenerateRequest, type Json, type JsonObject } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { DecodeContext, Exchange } from "../../exchange.ts";
import { readObject } from "../../wire/read.ts";
import type { TokenCount, WireInput, WireRequest } from "../dialect.ts";
import { decodeBody } from "./decode-request.ts";
import { encodeBody } from "./encode-request.ts";
import { present } from "../../wire/present.ts";
import { numberAt } from "./members.ts";
import { toCamelCase } from "./spelling.ts";
import { modelPath, readTarget } from "./target.ts";
import { DIALECT_ID } from "./wire.ts";

/** What costs input tokens; the rest of a request is about the answer. */
export function countedMembers(body: JsonObject): JsonObject {
  const { contents, systemInstruction, tools, toolConfig } = body;
  return present<JsonObject>({ contents, systemInstruction, tools, toolConfig });
}

/** Instructions and tools are counted only inside `generateContentRequest`; Vertex takes them beside the contents. */
export function encodeCountRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  const model = modelPath(exchange.upstreamModel);
  const counted = countedMembers(encodeBody(request, exchange));
  const body = exchange.capabilities.firstParty === false || exchange.capabilities.countsBeside === true ? counted : { generateContentRequest: { model: decodeURIComponent(model), ...counted } };
  return { path: `/v1beta/${model}:countTokens`, headers: {}, body };
}

/** @throws GatewayError `upstream_malformed`: a made-up count would be believed */
export function decodeCount(body: Json): TokenCount {
  const inputTokens = isJsonObject(body) ? numberAt(toCamelCase(body), "totalTokens") : undefined;
  if (inputTokens === undefined) throw new GatewayError("upstream_malformed", { source: "upstream" });
  return { inputTokens };
}

export function encodeCount({ inputTokens }: TokenCount): JsonObject {
  return { totalTokens: inputTokens };
}

/** The body is a request's contents alone, or a whole request in `generateContentRequest`. */
export function decodeCountRequest(input: WireInput, context: DecodeContext): GenerateRequest {
  const body = toCamelCase(readObject(input.body, ""));
  const inner = body.generateContentRequest;
  const frame = { dialect: DIALECT_ID, model: readTarget(input.path).model, stream: false, framing: "sse" } as const;
  if (inner === undefined) return decodeBody(body, { ...frame, prefix: "" }, context);
  return decodeBody(readObject(inner, "generateContentRequest"), { ...frame, prefix: "generateContentRequest." }, context);
}
