// What a request of another dialect may ask for and this one has no word for.
import type { GenerateRequest } from "../../canonical/index.ts";
import { GatewayError } from "../../errors/index.ts";
import type { Exchange } from "../../exchange.ts";
import { callerPath, reportDropped } from "./caller-path.ts";
import { VENDOR } from "./wire.ts";

interface LostField {
  readonly paths: readonly [string, ...string[]];
  present(request: GenerateRequest): boolean;
}

/** Left out: hints, or promises about something else than the answer. */
const DROPPED: readonly LostField[] = [
  { paths: ["logit_bias"], present: (request) => request.sampling.logitBias !== undefined },
  { paths: ["max_tool_calls"], present: (request) => request.maxToolCalls !== undefined },
  { paths: ["verbosity", "text", "output_config"], present: (request) => request.output?.verbosity !== undefined },
  { paths: ["prediction"], present: (request) => request.output?.prediction !== undefined },
  { paths: ["metadata"], present: (request) => request.identity?.metadata !== undefined },
  { paths: ["user", "metadata"], present: (request) => request.identity?.endUserId !== undefined },
  { paths: ["safety_identifier"], present: (request) => request.identity?.safetyId !== undefined },
  { paths: ["prompt_cache_key"], present: (request) => request.cache?.key !== undefined },
  { paths: ["prompt_cache_retention"], present: (request) => request.cache?.retention !== undefined },
  { paths: ["cache_control"], present: (request) => request.cache?.auto === true },
  { paths: ["store"], present: (request) => request.state?.store === true },
  { paths: ["truncation"], present: (request) => request.state?.truncation !== undefined && request.state.truncation !== "disabled" },
  { paths: ["context_management"], present: (request) => request.state?.contextManagement !== undefined },
  { paths: ["inference_geo"], present: (request) => request.service?.geo !== undefined },
  { paths: ["safety"], present: (request) => request.safety !== undefined },
];

/** Refused: without these the answer would be another one than was asked for. */
const REFUSED: readonly LostField[] = [
  { paths: ["background"], present: (request) => request.state?.background === true },
  { paths: ["prompt"], present: (request) => request.state?.promptReference !== undefined },
  { paths: ["cachedContent"], present: (request) => request.cache?.handle !== undefined },
];

/** @throws GatewayError `unsupported_parameter` for what cannot be left out */
export function reportLostFields(request: GenerateRequest, exchange: Exchange): void {
  for (const { paths, present } of REFUSED) {
    if (!present(request)) continue;
    const path = callerPath(request, ...paths);
    throw new GatewayError("unsupported_parameter", { message: `${path}: not possible with this model`, path, source: "client" });
  }
  for (const { paths, present } of DROPPED) if (present(request)) reportDropped(exchange, callerPath(request, ...paths));
  for (const key of Object.keys(request.residue)) reportDropped(exchange, key);
}

const TIERS: Readonly<Record<string, string>> = { flex: "flex", priority: "priority", standard_only: "standard", standard: "standard" };
/** The vendor's own choice, which needs no word. */
const DEFAULT_TIERS: ReadonlySet<string> = new Set(["auto", "default"]);

/** `serviceTier` for a request of another dialect. */
export function encodeServiceTier(request: GenerateRequest, exchange: Exchange): string | undefined {
  const { tier, speed } = request.service ?? {};
  if (tier !== undefined && TIERS[tier] !== undefined) return TIERS[tier];
  if (tier !== undefined && !DEFAULT_TIERS.has(tier)) reportDropped(exchange, callerPath(request, "service_tier"), tier);
  if (speed !== "fast") return undefined;
  exchange.report({ code: "speed-as-tier", path: callerPath(request, "speed"), action: "converted", detail: `${VENDOR} knows priority` });
  return "priority";
}
