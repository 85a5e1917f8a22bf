import { isJsonObject, type GenerateRequest } from "../../canonical/index.ts";
import type { Dialect, WireInput } from "../dialect.ts";

/** The body passes byte for byte; at most the model's name is replaced. */
export function passthroughRequest(input: WireInput, request: GenerateRequest, upstreamModel: string): ReturnType<Dialect["passthroughRequest"]> {
  const asSent = isJsonObject(input.body) ? input.body.model : undefined;
  return { path: "/responses", headers: request.headers ?? {}, edits: asSent === upstreamModel ? {} : { model: upstreamModel } };
}
