import { isJsonObject, reconcileFinish, type GenerateResponse, type Json, type JsonObject } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { errorOfBody } from "./decode-error.ts";
import { decodeFinish } from "./finish-reason.ts";
import { present } from "../../wire/present.ts";
import { text } from "./loose-values.ts";
import { decodeReplyBlock, replyContext } from "./reply-blocks.ts";
import { decodeUsage } from "./usage.ts";
import { DIALECT_ID } from "./wire.ts";

/** Members of a message that canonical has words for; the rest is residue. */
const KNOWN: ReadonlySet<string> = new Set(["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"]);

/** @throws GatewayError when the body is an error, or no message at all */
export function decodeResponse(body: Json, exchange: Exchange): GenerateResponse {
  if (!isJsonObject(body)) throw malformed("the answer is no JSON object");
  if (body.type === "error") throw errorOfBody(body);
  if (!Array.isArray(body.content)) throw malformed("the answer has no content");
  const model = text(body.model) ?? exchange.upstreamModel;
  const context = replyContext(exchange, model);
  const parts = (body.content as readonly Json[]).filter(isJsonObject).map((block) => decodeReplyBlock(block, context, exchange));
  const usage = isJsonObject(body.usage) ? decodeUsage(body.usage) : undefined;
  const finish = reconcileFinish(decodeFinish(body), parts.some((part) => part.kind === "tool-call"));
  return present<GenerateResponse>({
    id: text(body.id) ?? exchange.newId("msg_"),
    model,
    candidates: [{ index: 0, parts, finish }],
    usage,
    serviceTier: isJsonObject(body.usage) ? text(body.usage.service_tier) : undefined,
    residue: residueOf(body),
  });
}

export function residueOf(holder: JsonObject, known: ReadonlySet<string> = KNOWN): GenerateResponse["residue"] {
  const rest = Object.entries(holder).filter(([key, value]) => !known.has(key) && value !== undefined);
  return rest.length === 0 ? undefined : { [DIALECT_ID]: Object.fromEntries(rest) };
}

function malformed(message: string): GatewayError {
  return new GatewayError("upstream_malformed", { source: "upstream", message });
}
