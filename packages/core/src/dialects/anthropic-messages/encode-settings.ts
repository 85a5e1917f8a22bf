import type { GenerateRequest, MutableJsonObject } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { sha256Hex } from "../../seals/sha256.ts";
import { callerPath } from "./caller-path.ts";
import { present } from "../../wire/present.ts";

/** Where neither request nor policy names a limit: large enough for long edits, small enough for every plan. */
const DEFAULT_LIMIT_CAP = 32_000;

/** The vendor's limit for `metadata.user_id`, in characters. */
const MAX_USER_ID_LENGTH = 256;

/** `max_tokens` is required here; 0 is a value (it only warms the cache). */
export function outputLimit(request: GenerateRequest, exchange: Exchange): number {
  const most = exchange.capabilities.maxOutputTokens;
  const wished = request.maxOutputTokens;
  if (wished === undefined) return most === undefined ? exchange.policy.defaultMaxOutputTokens : Math.min(most, DEFAULT_LIMIT_CAP);
  if (most === undefined || wished <= most) return wished;
  const path = callerPath(request, ["max_completion_tokens", "max_tokens", "max_output_tokens", "generationConfig.maxOutputTokens"]);
  exchange.report({ code: "clamped", path, action: "converted", detail: `${wished} → ${most}` });
  return most;
}

/** @param thinks thinking is on, which narrows what may be set */
export function encodeSampling(request: GenerateRequest, exchange: Exchange, thinks: boolean): MutableJsonObject {
  const { temperature, topP, topK } = request.sampling;
  const dropped = (spellings: readonly string[], detail: string): undefined => {
    exchange.report({ code: "unsupported-parameter", path: callerPath(request, spellings), action: "dropped", detail });
    return undefined;
  };
  const refusal = exchange.capabilities.noSampling === true ? "the model takes no sampling settings" : undefined;
  const keeps = (value: number | undefined, fits: boolean, spellings: readonly string[]): number | undefined => {
    if (value === undefined || (fits && refusal === undefined)) return value;
    return dropped(spellings, refusal ?? "not beside thinking");
  };
  const kept = keeps(temperature, !thinks || temperature === 1, ["temperature", "generationConfig.temperature"]);
  const keptTopP = keeps(topP, !thinks || (topP ?? 0) >= 0.95, ["top_p", "generationConfig.topP"]);
  return present<MutableJsonObject>({
    temperature: kept === undefined ? undefined : clampTemperature(kept, request, exchange),
    top_p: kept !== undefined && keptTopP !== undefined ? dropped(["top_p", "generationConfig.topP"], "newer models take temperature or top_p, not both") : keptTopP,
    top_k: keeps(topK, !thinks, ["top_k", "generationConfig.topK"]),
  });
}

function clampTemperature(temperature: number, request: GenerateRequest, exchange: Exchange): number {
  const clamped = Math.min(1, Math.max(0, temperature));
  if (clamped !== temperature) {
    exchange.report({ code: "clamped", path: callerPath(request, ["temperature", "generationConfig.temperature"]), action: "converted", detail: `${temperature} → ${clamped}` });
  }
  return clamped;
}

export function encodeStops(request: GenerateRequest, exchange: Exchange): readonly string[] | undefined {
  const stops = request.stopSequences?.filter((stop) => stop.trim() !== "");
  if (stops === undefined) return undefined;
  if (stops.length < (request.stopSequences?.length ?? 0)) {
    exchange.report({ code: "blank-stop", path: callerPath(request, ["stop", "generationConfig.stopSequences"]), action: "dropped", detail: "blank stop sequences are refused" });
  }
  return stops.length === 0 ? undefined : stops;
}

/** Word and speed of the service; the fast lane is a beta. */
export function encodeService(request: GenerateRequest, exchange: Exchange): MutableJsonObject {
  const { tier, speed } = request.service ?? {};
  if (exchange.capabilities.basicAnthropic === true) {
    if (tier !== undefined || speed !== undefined) exchange.report({ code: "unsupported-parameter", path: callerPath(request, ["service_tier", "serviceTier"]), action: "dropped" });
    return {};
  }
  return present<MutableJsonObject>({
    service_tier: tier === undefined ? undefined : TIERS[tier.toLowerCase()] ?? "auto",
    speed: tier?.toLowerCase() === "priority" && exchange.policy.mapPriorityToFast ? "fast" : speed,
  });
}

const TIERS: Readonly<Record<string, string>> = { auto: "auto", default: "standard_only", standard: "standard_only", standard_only: "standard_only", flex: "standard_only", scale: "standard_only", priority: "auto" };

export function encodeMetadata(request: GenerateRequest, exchange: Exchange): MutableJsonObject | undefined {
  const { endUserId, safetyId, sessionId } = request.identity ?? {};
  const userId = endUserId ?? safetyId ?? (exchange.policy.deriveUserId && sessionId !== undefined ? `session_${sessionId}` : undefined);
  if (userId === undefined) return undefined;
  return { user_id: userId.length <= MAX_USER_ID_LENGTH ? userId : sha256Hex(userId) };
}
