import { isJsonObject, ResponseFold, type GenerateResponse, type Json, type JsonObject } from "../../canonical/index.ts";
import { isGatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { present } from "../../wire/present.ts";
import { stringAt } from "./members.ts";
import { toCamelCase } from "./spelling.ts";
import { malformed, ReplyDecoder, unwrap } from "./stream-decoder.ts";
import { DIALECT_ID } from "./wire.ts";

/**
 * A whole reply is read like the only piece of a stream. A list is a stream that came as one body.
 * @throws GatewayError the error that the body tells, or `upstream_malformed`
 */
export function decodeResponse(body: Json, exchange: Exchange): GenerateResponse {
  try {
    return readReply(Array.isArray(body) ? (body as readonly Json[]) : [body], exchange);
  } catch (thrown) {
    throw isGatewayError(thrown) && thrown.source === "upstream" ? thrown : malformed(thrown);
  }
}

function readReply(chunks: readonly Json[], exchange: Exchange): GenerateResponse {
  const fold = new ResponseFold();
  const decoder = new ReplyDecoder(exchange, (event) => fold.push(event));
  if (chunks.length === 0) throw malformed("an empty list");
  const whole = chunks.length === 1;
  for (const chunk of chunks) {
    if (!isReply(chunk)) throw malformed("no reply");
    decoder.take(toCamelCase(unwrap(chunk)), chunk, whole);
  }
  decoder.finish();
  const response = fold.response();
  const promptBlock = promptBlockOf(response.residue?.[DIALECT_ID]);
  return promptBlock === undefined ? response : { ...response, promptBlock };
}

/** Candidates, a refusal of the prompt, or at least a count of its tokens. */
function isReply(chunk: Json | undefined): chunk is JsonObject {
  if (!isJsonObject(chunk)) return false;
  const reply = toCamelCase(unwrap(chunk));
  return ["candidates", "promptFeedback", "usageMetadata", "error"].some((key) => reply[key] !== undefined);
}

function promptBlockOf(residue: JsonObject | undefined): GenerateResponse["promptBlock"] {
  const feedback = residue?.promptFeedback;
  const reason = isJsonObject(feedback) ? stringAt(feedback, "blockReason") : undefined;
  if (!isJsonObject(feedback) || reason === undefined) return undefined;
  return present({ reason, message: stringAt(feedback, "blockReasonMessage") });
}
