import type { GenerateRequest, Json } from "../../canonical/index.ts";
import { isJsonObject } from "../../canonical/index.ts";

type Parameter =
  | "stopSequences" | "topK" | "seed" | "presencePenalty" | "frequencyPenalty" | "logitBias" | "candidateCount" | "temperature" | "topP"
  | "maxOutputTokens" | "toolChoice" | "cacheHandle" | "safety" | "tier" | "speed" | "geo" | "endUserId" | "modalities" | "prediction" | "audio"
  | "image" | "metadata" | "contextManagement" | "outputFormat";

/** How the callers of this world spell what this dialect cannot carry; the one found in the body is the caller's. */
const SPELLINGS: Readonly<Record<Parameter, readonly [string, ...string[]]>> = {
  stopSequences: ["stop", "stop_sequences", "generationConfig.stopSequences"],
  topK: ["top_k", "generationConfig.topK"],
  seed: ["seed", "generationConfig.seed"],
  presencePenalty: ["presence_penalty", "generationConfig.presencePenalty"],
  frequencyPenalty: ["frequency_penalty", "generationConfig.frequencyPenalty"],
  logitBias: ["logit_bias"],
  candidateCount: ["n", "generationConfig.candidateCount"],
  temperature: ["temperature", "generationConfig.temperature"],
  topP: ["top_p", "generationConfig.topP"],
  maxOutputTokens: ["max_output_tokens", "max_completion_tokens", "max_tokens", "generationConfig.maxOutputTokens"],
  toolChoice: ["tool_choice", "toolConfig.functionCallingConfig"],
  cacheHandle: ["cachedContent"],
  safety: ["safetySettings", "moderation"],
  tier: ["service_tier", "serviceTier"],
  speed: ["speed"],
  geo: ["inference_geo"],
  endUserId: ["user", "metadata.user_id"],
  modalities: ["modalities", "generationConfig.responseModalities"],
  prediction: ["prediction"],
  audio: ["audio", "generationConfig.speechConfig"],
  image: ["generationConfig.imageConfig"],
  metadata: ["metadata", "labels"],
  contextManagement: ["context_management"],
  outputFormat: ["text.format", "response_format", "output_config.format", "generationConfig.responseJsonSchema", "generationConfig.responseSchema"],
};

function has(body: Json | undefined, path: string): boolean {
  let node = body;
  for (const key of path.split(".")) {
    if (!isJsonObject(node) || node[key] === undefined) return false;
    node = node[key];
  }
  return true;
}

/** Path of a parameter in the caller's spelling. */
export function callerPath(request: GenerateRequest, parameter: Parameter): string {
  const spellings: readonly string[] = SPELLINGS[parameter];
  return spellings.find((path) => has(request.wire, path)) ?? SPELLINGS[parameter][0];
}
