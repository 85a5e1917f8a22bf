import { isJsonObject, type GenerateRequest, type Json, type JsonObject } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { DecodeContext, Exchange } from "../../exchange.ts";
import type { Dialect, TokenCount, WireInput, WireRequest } from "../dialect.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeRequest } from "./encode-request.ts";

/** OpenAI SDK 6.49 types (read 2026-11); anything else is refused. */
const FIELDS = new Set([
  "conversation", "input", "instructions", "model", "parallel_tool_calls", "personality", "previous_response_id", "reasoning", "text", "tool_choice", "tools", "truncation",
]);

function encodeCountRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  const { headers, body } = encodeRequest(request, exchange);
  return { path: "/responses/input_tokens", headers, body: Object.fromEntries(Object.entries(body).filter(([key]) => FIELDS.has(key))) };
}

function decodeCount(body: Json): TokenCount {
  if (!isJsonObject(body) || typeof body.input_tokens !== "number") throw new GatewayError("upstream_malformed", { source: "upstream" });
  return { inputTokens: body.input_tokens };
}

function encodeCount(count: TokenCount): JsonObject {
  return { object: "response.input_tokens", input_tokens: count.inputTokens };
}

function decodeCountRequest(input: WireInput, context: DecodeContext): GenerateRequest {
  return { ...decodeRequest(input, context), stream: false };
}

export const counting: NonNullable<Dialect["counting"]> = { encodeCountRequest, decodeCount, encodeCount, decodeCountRequest };
