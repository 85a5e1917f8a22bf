import { unfold, type GenerateResponse, type JsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { ResponsesStreamEncoder } from "./stream-encoder.ts";

/** The terminal object of the stream that the answer would be: so both ways say the same. */
export function encodeResponse(response: GenerateResponse, exchange: Exchange): JsonObject {
  const encoder = new ResponsesStreamEncoder(exchange, () => undefined);
  const blocked = response.promptBlock;
  unfold(response, (event) => {
    if (event.type === "response-end" && response.candidates.length === 0 && blocked !== undefined) {
      encoder.push({ type: "finish", candidate: 0, finish: { reason: "content-filter", native: blocked.reason } });
    }
    encoder.push(event);
  });
  return encoder.response();
}
