import { GatewayError, readErrorFacts, upstreamError, type Dialect, type GatewayErrorShape, type GenerateEvent, type GenerateRequest, type GenerateResponse, type JsonObject } from "@dragoman/core";

/** Spoken with an embedder's own code, which knows canonical requests and answers. Nobody speaks it over a network. */
export const CANONICAL = "canonical";

const isEnd = ({ type }: GenerateEvent): boolean => type === "response-end" || type === "error";

const notServed = (): never => {
  throw new GatewayError("internal", { cause: "no client speaks the canonical form" });
};

/** Canonical as JSON: requests go out and answers come in word for word. */
export const canonicalDialect: Dialect = {
  id: CANONICAL,
  vendor: CANONICAL,
  nameRules: { toolNameChar: /[^\s]/u, toolNameFirstChar: /[^\s]/u, toolNameMaxLength: 256, callIdChar: /[!-~]/, callIdMaxLength: 256 },
  recognisesSeal: () => false,

  encodeRequest({ wire: _source, ...request }, exchange) {
    const told: GenerateRequest = { ...request, model: exchange.upstreamModel };
    return { path: "/generate", headers: {}, body: told as unknown as JsonObject };
  },
  decodeResponse: (body) => body as unknown as GenerateResponse,
  createStreamDecoder(_exchange, emit) {
    let isOver = false;
    return {
      push({ data }) {
        const event = JSON.parse(data) as GenerateEvent;
        isOver ||= isEnd(event);
        emit(event);
      },
      end() {
        if (!isOver) emit({ type: "error", error: new GatewayError("stream_interrupted", { source: "upstream" }) });
      },
    };
  },
  decodeError: (status, _headers, body) => upstreamError(status, readErrorFacts(body), {}),

  decodeRequest: notServed,
  encodeResponse: notServed,
  createStreamEncoder: notServed,
  encodeError: notServed,
  encodeStreamError: notServed,
  passthroughRequest: notServed,
  createStreamTap: notServed,
  tapResponse: notServed,
};

/** What of an error goes on: its words, not its cause. */
export function shapeOf({ kind, code, status, message, source, retryAfterMs }: GatewayError): GatewayErrorShape {
  return { kind, code, status, message, source, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
