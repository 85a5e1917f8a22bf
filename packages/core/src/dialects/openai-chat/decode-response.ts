import { EventSequencer, isJsonObject, ResponseFold, type GenerateResponse, type Json } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { ChoiceReader } from "./choice-reader.ts";
import { decodeEmbeddedError } from "./decode-error.ts";
import { residueFrom, sequencerOptions, startFrom } from "./response-head.ts";
import { decodeUsage } from "./usage.ts";
import type { ChatChunk } from "./wire.ts";

/** Reads a whole answer as a stream of one chunk, so that streamed and whole answers cannot come to mean different things. */
export function decodeResponse(body: Json, exchange: Exchange): GenerateResponse {
  const chunk = isJsonObject(body) ? (body as ChatChunk) : {};
  if (isJsonObject(body) && body.error !== undefined && body.error !== null) throw decodeEmbeddedError(body);
  if (!isJsonObject(body) || !Array.isArray(chunk.choices)) throw new GatewayError("upstream_malformed", { source: "upstream" });
  const fold = new ResponseFold();
  const sequencer = new EventSequencer((event) => fold.push(event), sequencerOptions(exchange));
  const reader = new ChoiceReader(exchange, sequencer);
  startFrom(chunk, sequencer);
  residueFrom(body, sequencer);
  for (const choice of chunk.choices) if (isJsonObject(choice)) reader.push(choice);
  reader.finish();
  const usage = decodeUsage(chunk.usage);
  if (usage !== undefined) sequencer.usage(usage);
  sequencer.end();
  return fold.response();
}
