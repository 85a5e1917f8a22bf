import { GatewayError, isJsonObject, type Json } from "@dragoman/core";
import { findRoute } from "../../http/routes.ts";
import { spliceMembers } from "../../upstream/splice.ts";
import { isSecretHeader } from "../mask.ts";
import type { RequestCapture } from "./captured-request.ts";

/** They speak of the connection or the body's packing, not of what was asked; the body is kept unpacked. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set(["host", "connection", "content-length", "content-encoding", "content-type", "accept-encoding", "transfer-encoding", "keep-alive", "upgrade", "te", "trailer", "origin", "referer"]);

/**
 * A captured request once more, as its client sent it, but for its key; if need be to another model, and that is one of
 * this gateway, whoever was asked before.
 * @throws GatewayError `invalid_request` when it names no model that could be changed
 */
export function replayRequest(capture: RequestCapture, options: { readonly model?: string; readonly signal: AbortSignal }): Request {
  const { origin } = capture;
  const again = options.model === undefined ? { target: origin.mount + origin.target, body: capture.clientRequest.text } : withModel(capture, options.model);
  const headers = new Headers();
  for (const [name, value] of origin.headers) if (!CONNECTION_HEADERS.has(name) && !isSecretHeader(name)) headers.set(name, value);
  if (origin.method !== "GET") headers.set("content-type", "application/json");
  return new Request(`http://localhost${again.target}`, { method: origin.method, headers, signal: options.signal, ...(origin.method !== "GET" && { body: again.body }) });
}

interface Again {
  readonly target: string;
  readonly body: string;
}

/** The model stands in the path where the route has a place for it, else in the body. */
function withModel({ origin, clientRequest }: RequestCapture, model: string): Again {
  const [path = "", query] = origin.target.split("?", 2);
  const route = findRoute(origin.method, path, origin.headers);
  const pattern = route !== undefined && "pattern" in route ? route.pattern : undefined;
  if (pattern?.includes("{model}") === true) {
    const named = pattern.replace("{model}", () => model.split("/").map(encodeURIComponent).join("/"));
    return { target: `${named}${query === undefined ? "" : `?${query}`}`, body: clientRequest.text };
  }
  const body = parse(clientRequest.text);
  if (!isJsonObject(body) || typeof body.model !== "string") throw unchangeable();
  return { target: origin.target, body: spliceMembers(clientRequest.text, { model }) };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function unchangeable(): GatewayError {
  return new GatewayError("invalid_request", { source: "client", path: "model", message: "This request names no model that could be changed." });
}
