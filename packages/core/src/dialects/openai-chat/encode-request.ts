import type { GenerateRequest, JsonObject, MutableJsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { WireRequest } from "../dialect.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeParameters } from "./encode-parameters.ts";
import { encodeTools } from "./encode-tools.ts";
import { CHAT } from "./identity.ts";
import { reviseBody } from "./revise-body.ts";
import { present } from "../../wire/present.ts";

/** Where the endpoint is, below a provider's base URL. */
export const CHAT_PATH = "/chat/completions";

/** Writes a request for an upstream. What came in this dialect goes out as it came, apart from what the upstream demands. */
export function encodeRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  const body = request.dialect === CHAT && request.wire !== undefined ? reviseBody(request, request.wire, exchange) : writeBody(request, exchange);
  return { path: CHAT_PATH, headers: {}, body: withoutRefused(body, exchange) };
}

function writeBody(request: GenerateRequest, exchange: Exchange): JsonObject {
  const messages = encodeMessages(request, exchange);
  const tools = encodeTools(request, exchange);
  const wantsUsage = request.stream && exchange.capabilities.includeUsageOk !== false;
  return present({
    model: exchange.upstreamModel,
    messages,
    ...tools,
    ...encodeParameters(request, exchange, tools.tools !== undefined),
    stream: request.stream,
    stream_options: wantsUsage ? { include_usage: true } : undefined,
  });
}

/** Takes out what this backend is known to refuse. */
function withoutRefused(body: JsonObject, exchange: Exchange): JsonObject {
  const refused = (exchange.capabilities.refusedFields ?? []).filter((field) => body[field] !== undefined);
  if (refused.length === 0) return body;
  const rest: MutableJsonObject = { ...body };
  for (const field of refused) {
    delete rest[field];
    if (field === "stop" && exchange.policy.stopEmulation && exchange.request.stopSequences !== undefined) exchange.emulatedStops = exchange.request.stopSequences;
    exchange.report({ code: "unsupported-parameter", path: field, action: "dropped", detail: "this backend refuses it" });
  }
  return rest;
}
