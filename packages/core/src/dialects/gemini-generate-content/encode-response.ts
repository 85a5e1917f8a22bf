import { isJsonObject, type Candidate, type GenerateResponse, type Json, type JsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { encodeReplyPart, SealNotes } from "./encode-reply-parts.ts";
import { encodeFinish } from "./finish-reason.ts";
import { encodeGrounding } from "./grounding.ts";
import { present } from "../../wire/present.ts";
import { encodeUsage } from "./usage.ts";
import { DIALECT_ID, isOurs } from "./wire.ts";

export function encodeResponse(response: GenerateResponse, exchange: Exchange): JsonObject {
  const { candidates: candidateResidue, ...residue } = response.residue?.[DIALECT_ID] ?? {};
  // Google sends no candidates at all when it refuses the prompt.
  const refused = residue.promptFeedback !== undefined && response.candidates.every((candidate) => candidate.parts.length === 0);
  const candidates = refused ? undefined : response.candidates.map((candidate) => encodeCandidate(candidate, residueOf(candidateResidue, candidate.index), exchange));
  return present<JsonObject>({
    candidates,
    usageMetadata: response.usage && encodeUsage(response.usage, isOurs(exchange.upstreamDialect)),
    modelVersion: exchange.replyModel,
    responseId: response.id,
    ...residue,
  });
}

function residueOf(residue: Json | undefined, index: number): JsonObject {
  const own = isJsonObject(residue) ? residue[index] : undefined;
  return isJsonObject(own) ? own : {};
}

function encodeCandidate(candidate: Candidate, residue: JsonObject, exchange: Exchange): JsonObject {
  const notes = new SealNotes(exchange);
  for (const part of candidate.parts) notes.add(part);
  const parts = candidate.parts.flatMap((part) => encodeReplyPart(part, exchange));
  const { explanation } = candidate.finish;
  const own = isOurs(exchange.upstreamDialect);
  // A refusal without words would be taken for an empty answer, which clients ask for again.
  const shown = parts.length === 0 && explanation !== undefined && !own ? [{ text: explanation }] : parts;
  return present<JsonObject>({
    content: own && shown.length === 0 ? undefined : { role: "model", parts: shown },
    finishReason: encodeFinish(candidate.finish),
    finishMessage: explanation,
    index: candidate.index,
    groundingMetadata: encodeCandidateGrounding(candidate, exchange),
    logprobsResult: encodeLogprobs(candidate.logprobs, exchange),
    ...residue,
  });
}

export function encodeCandidateGrounding(candidate: Pick<Candidate, "parts" | "grounding">, exchange: Exchange): Json | undefined {
  return isOurs(exchange.upstreamDialect) && candidate.grounding !== undefined ? candidate.grounding : encodeGrounding(candidate.parts);
}

/** Only Google's own log probabilities have this shape. */
export function encodeLogprobs(logprobs: Json | undefined, exchange: Exchange): Json | undefined {
  if (logprobs === undefined || isOurs(exchange.upstreamDialect)) return logprobs;
  exchange.report({ code: "logprobs", path: "candidates.logprobsResult", action: "dropped", detail: "in another dialect's shape" });
  return undefined;
}
