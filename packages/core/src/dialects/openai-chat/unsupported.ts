import { isJsonObject, type GenerateRequest, type JsonObject } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";

/**
 * The caller's own path of a parameter: of the spellings that dialects use for it, the one that stands in the body,
 * at the top or one level down (`generationConfig.topK`). Without a body, the first spelling.
 */
export function callerPath(request: GenerateRequest, spellings: readonly string[]): string {
  const body: JsonObject = request.wire ?? {};
  for (const name of spellings) if (body[name] !== undefined) return name;
  for (const [outer, value] of Object.entries(body)) {
    if (!isJsonObject(value)) continue;
    for (const name of spellings) if (value[name] !== undefined) return `${outer}.${name}`;
  }
  return spellings[0] ?? "";
}

/** A parameter is left out because leaving it out cannot make the answer wrong. */
export function reportDropped(exchange: Exchange, spellings: readonly string[], detail = "no such parameter at the upstream"): void {
  exchange.report({ code: "unsupported-parameter", path: callerPath(exchange.request, spellings), action: "dropped", detail });
}

/** Leaving it out would change what was asked for, so the caller hears of it. */
export function unsupported(path: string, message: string): GatewayError {
  return new GatewayError("unsupported_parameter", { message: path === "" ? message : `${path}: ${message}`, path, source: "client" });
}
