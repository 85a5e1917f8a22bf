import { isJsonObject, reconcileFinish, type GenerateResponse, type Json, type Part } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { CallRecorder } from "./call-recorder.ts";
import { decodeEventError } from "./decode-error.ts";
import { decodeOutputItem, decodeResidue, wireCallId } from "./decode-output.ts";
import { DIALECT } from "./dialect-id.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeUsage } from "./usage.ts";

function decodeOutput(output: readonly Json[], exchange: Exchange): readonly Part[] {
  const recorder = new CallRecorder(exchange);
  return output.filter(isJsonObject).flatMap((item) => {
    const parts = decodeOutputItem(item, exchange);
    for (const part of parts) {
      if (part.kind === "reasoning") recorder.thought(part);
      else if (part.kind === "tool-call") recorder.called(part, wireCallId(item));
    }
    return parts;
  });
}

/** @throws GatewayError when the response says that it failed, or is none */
export function decodeResponse(body: Json, exchange: Exchange): GenerateResponse {
  if (!isJsonObject(body) || !Array.isArray(body.output)) {
    if (isJsonObject(body) && isJsonObject(body.error)) throw decodeEventError(body.error);
    throw new GatewayError("upstream_malformed", { source: "upstream" });
  }
  if (body.status === "failed" || isJsonObject(body.error)) throw decodeEventError(body.error);
  const parts = decodeOutput(body.output as readonly Json[], exchange);
  const finish = decodeFinish(body, parts.some((part) => part.kind === "refusal"));
  const usage = decodeUsage(body.usage);
  const residue = decodeResidue(body, exchange);
  return {
    id: typeof body.id === "string" ? body.id : exchange.newId("resp_"),
    model: typeof body.model === "string" ? body.model : exchange.upstreamModel,
    ...(typeof body.created_at === "number" && { createdAt: body.created_at }),
    ...(typeof body.service_tier === "string" && { serviceTier: body.service_tier }),
    candidates: [{ index: 0, parts, finish: reconcileFinish(finish, parts.some((part) => part.kind === "tool-call")) }],
    ...(usage !== undefined && { usage }),
    ...(residue !== undefined && { residue: { [DIALECT]: residue } }),
  };
}
