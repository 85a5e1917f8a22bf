import type { GenerateRequest, JsonObject } from "../../canonical/index.ts";
import { arrangeConversation, type ArrangedConversation } from "../../conversation/index.ts";
import { invalidRequest } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import type { WireRequest } from "../dialect.ts";
import { conversationRules } from "./adapt-parts.ts";
import { standInForMissingSeals } from "./call-seals.ts";
import { reportDropped } from "./caller-path.ts";
import { encodeConfig } from "./encode-config.ts";
import { encodeOwnBody } from "./encode-own.ts";
import { contentsJson, encodePlainPart, encodeTurns } from "./encode-parts.ts";
import { encodeTools } from "./encode-tools.ts";
import { encodeServiceTier, reportLostFields } from "./lost-fields.ts";
import { present } from "../../wire/present.ts";
import { listAt } from "./members.ts";
import { modelPath } from "./target.ts";
import { asJson, CODE_ASSIST_ID, isOurs } from "./wire.ts";

export function encodeRequest(request: GenerateRequest, exchange: Exchange): WireRequest {
  reportEnvelope(request, exchange);
  const verb = request.stream ? "streamGenerateContent" : "generateContent";
  return {
    path: `/v1beta/${modelPath(exchange.upstreamModel)}:${verb}`,
    ...(request.stream && { query: { alt: "sse" } }),
    headers: {},
    body: encodeBody(request, exchange),
  };
}

/** An envelope's own members name its project and its user; nobody asks for them here. */
function reportEnvelope(request: GenerateRequest, exchange: Exchange): void {
  if (request.dialect !== CODE_ASSIST_ID) return;
  for (const path of Object.keys(request.residue)) if (!path.startsWith("request.")) reportDropped(exchange, path, "belongs to the envelope");
}

/** The body, whichever envelope it will be put in. */
export function encodeBody(request: GenerateRequest, exchange: Exchange): JsonObject {
  const body = isOurs(request.dialect) ? encodeOwnBody(request, exchange) : encodeForeignBody(request, exchange);
  if (exchange.capabilities.requiresCallSeal !== true) return body;
  return { ...body, contents: standInForMissingSeals(listAt(body, "contents") as readonly JsonObject[]) };
}

function encodeForeignBody(request: GenerateRequest, exchange: Exchange): JsonObject {
  reportLostFields(request, exchange);
  const arranged = arrangeConversation(request, exchange, conversationRules(exchange));
  const contents = contentsJson(encodeTurns(arranged.turns.filter((turn) => turn.role !== "system"), exchange));
  if (contents.length === 0) throw invalidRequest("messages", "there is nothing to answer");
  const { generationConfig, instruction } = encodeConfig(request, exchange);
  const system = encodeSystem(arranged, instruction, exchange);
  return present<JsonObject>({
    contents,
    systemInstruction: system.length === 0 ? undefined : { parts: system },
    ...encodeTools(request, exchange),
    generationConfig: Object.keys(generationConfig).length === 0 ? undefined : generationConfig,
    serviceTier: encodeServiceTier(request, exchange),
  });
}

function encodeSystem({ system, turns }: ArrangedConversation, instruction: string | undefined, exchange: Exchange): readonly JsonObject[] {
  for (const block of system) if (block.cache !== undefined) exchange.report({ code: "cache-mark", path: block.path ?? "", action: "dropped", detail: "caching is implicit here" });
  const texts = system.map((block) => ({ text: block.text }));
  const others = turns.flatMap((turn) => (turn.role === "system" ? turn.parts.flatMap((part) => encodePlainPart(part, exchange)) : []));
  return [...texts, ...others.map(asJson), ...(instruction === undefined ? [] : [{ text: instruction }])];
}
