import { isJsonObject, type GenerateRequest, type JsonObject } from "../../canonical/index.ts";
import type { Dialect, WireInput } from "../dialect.ts";
import { bodyBetas, ownHeaders } from "./betas.ts";
import { text } from "./loose-values.ts";
import { decodeUsage } from "./usage.ts";
import { MESSAGES_PATH } from "./wire.ts";

/** The body goes through as it is, but for the model's name and a beta list that belongs into the header. */
export function passthroughRequest(input: WireInput, request: GenerateRequest, upstreamModel: string): ReturnType<Dialect["passthroughRequest"]> {
  const beta = input.query.get("beta");
  return {
    path: MESSAGES_PATH,
    ...(beta !== null && { query: { beta } }),
    headers: ownHeaders(request),
    edits: {
      ...(upstreamModel !== request.model && { model: upstreamModel }),
      ...(bodyBetas(request.wire) !== undefined && { set: { betas: undefined } }),
    },
  };
}

export function tapResponse(body: JsonObject): ReturnType<Dialect["tapResponse"]> {
  return {
    usage: isJsonObject(body.usage) ? decodeUsage(body.usage) : undefined,
    model: text(body.model),
    finishReason: text(body.stop_reason),
  };
}
