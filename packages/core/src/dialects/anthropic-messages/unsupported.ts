import type { GenerateRequest } from "../../canonical/index.ts";
import type { Exchange } from "../../exchange.ts";
import { callerPath, unsupportedParameter } from "./caller-path.ts";

/** A setting that this dialect has no field for, and how callers spell it. */
interface Unsupported {
  isSet(request: GenerateRequest): boolean;
  readonly spellings: readonly string[];
}

/** Hints: the answer is as good without them. */
const DROPPED: readonly Unsupported[] = [
  { isSet: ({ sampling }) => sampling.seed !== undefined, spellings: ["seed", "generationConfig.seed"] },
  { isSet: ({ sampling }) => sampling.presencePenalty !== undefined, spellings: ["presence_penalty", "generationConfig.presencePenalty"] },
  { isSet: ({ sampling }) => sampling.frequencyPenalty !== undefined, spellings: ["frequency_penalty", "generationConfig.frequencyPenalty"] },
  { isSet: ({ sampling }) => sampling.logitBias !== undefined, spellings: ["logit_bias"] },
  { isSet: ({ sampling }) => sampling.logprobs === true, spellings: ["logprobs", "generationConfig.responseLogprobs"] },
  { isSet: ({ sampling }) => sampling.topLogprobs !== undefined, spellings: ["top_logprobs", "generationConfig.logprobs"] },
  { isSet: ({ output }) => output?.verbosity !== undefined, spellings: ["verbosity", "text.verbosity"] },
  { isSet: ({ output }) => output?.prediction !== undefined, spellings: ["prediction"] },
  { isSet: ({ maxToolCalls }) => maxToolCalls !== undefined, spellings: ["max_tool_calls"] },
  { isSet: ({ identity }) => identity?.metadata !== undefined, spellings: ["metadata", "labels"] },
  { isSet: ({ cache }) => cache?.key !== undefined, spellings: ["prompt_cache_key"] },
  { isSet: ({ cache }) => cache?.retention !== undefined, spellings: ["prompt_cache_retention"] },
  { isSet: ({ state }) => state?.truncation !== undefined && state.truncation !== "disabled", spellings: ["truncation"] },
  { isSet: ({ state }) => state?.contextManagement !== undefined, spellings: ["context_management"] },
  { isSet: ({ safety }) => safety !== undefined, spellings: ["safetySettings", "moderation"] },
];

/** Without these it would be another request. */
const REFUSED: readonly (Unsupported & { readonly reason: string })[] = [
  { isSet: ({ sampling }) => (sampling.candidateCount ?? 1) > 1, spellings: ["n", "generationConfig.candidateCount"], reason: "the model gives one answer" },
  { isSet: ({ state }) => state?.background === true, spellings: ["background"], reason: "the model does not answer in the background" },
  { isSet: ({ state }) => state?.promptReference !== undefined, spellings: ["prompt"], reason: "a prompt that is kept at another vendor cannot be read" },
  { isSet: ({ cache }) => cache?.handle !== undefined, spellings: ["cachedContent"], reason: "a cache that is kept at another vendor cannot be read" },
  { isSet: ({ output }) => output?.modalities?.some((word) => word !== "text") === true, spellings: ["modalities", "generationConfig.responseModalities"], reason: "the model answers with text only" },
];

/** Tells what a request of another dialect cannot bring here. */
export function reportUnsupported(request: GenerateRequest, exchange: Exchange): void {
  for (const { isSet, spellings, reason } of REFUSED) if (isSet(request)) throw unsupportedParameter(callerPath(request, spellings), reason);
  for (const { isSet, spellings } of DROPPED) {
    if (!isSet(request)) continue;
    if (spellings[0] === "prompt_cache_key" && exchange.policy.autoCache) continue;
    exchange.report({ code: "unsupported-parameter", path: callerPath(request, spellings), action: "dropped" });
  }
  for (const key of Object.keys(request.residue)) exchange.report({ code: "unsupported-parameter", path: key, action: "dropped" });
}
