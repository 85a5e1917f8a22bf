import { isJsonObject, type Effort, type Json, type JsonObject, type OutputFormat, type OutputRequest, type ReasoningRequest, type Sampling } from "../../canonical/index.ts";
import { toJsonSchema } from "../../schema/index.ts";
import { optionalBoolean, optionalInteger, optionalNumber, optionalObject } from "../../wire/read.ts";
import { present } from "../../wire/present.ts";
import { listAt, stringAt } from "./members.ts";

/** Members of `generationConfig` that canonical has a word for; the others are residue. */
export const CONFIG_FIELDS: ReadonlySet<string> = new Set([
  "temperature", "topP", "topK", "seed", "presencePenalty", "frequencyPenalty", "responseLogprobs", "logprobs", "candidateCount",
  "maxOutputTokens", "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities", "thinkingConfig",
]);

export function decodeSampling(config: JsonObject, path: string): Sampling {
  return present<Sampling>({
    temperature: optionalNumber(config, "temperature", path),
    topP: optionalNumber(config, "topP", path),
    topK: optionalNumber(config, "topK", path),
    seed: optionalNumber(config, "seed", path),
    presencePenalty: optionalNumber(config, "presencePenalty", path),
    frequencyPenalty: optionalNumber(config, "frequencyPenalty", path),
    logprobs: optionalBoolean(config, "responseLogprobs", path),
    topLogprobs: optionalInteger(config, "logprobs", path),
    candidateCount: optionalInteger(config, "candidateCount", path),
  });
}

export function decodeOutput(config: JsonObject): OutputRequest | undefined {
  const modalities = listAt(config, "responseModalities").filter((entry) => typeof entry === "string").map((entry) => entry.toLowerCase());
  const output = present<OutputRequest>({ format: decodeFormat(config), modalities: modalities.length === 0 ? undefined : modalities });
  return Object.keys(output).length === 0 ? undefined : output;
}

function decodeFormat(config: JsonObject): OutputFormat | undefined {
  const schema = config.responseJsonSchema ?? (config.responseSchema ? toJsonSchema(config.responseSchema) : undefined);
  const mimeType = stringAt(config, "responseMimeType");
  if (schema !== undefined && mimeType !== "text/x.enum") return { type: "json-schema", schema };
  if (mimeType === "application/json") return { type: "json-object" };
  return mimeType === "text/plain" ? { type: "text" } : undefined;
}

const LEVELS: Readonly<Record<string, Effort>> = { MINIMAL: "minimal", LOW: "low", MEDIUM: "medium", HIGH: "high" };

export function decodeThinking(config: JsonObject, path: string): ReasoningRequest | undefined {
  const thinking = optionalObject(config, "thinkingConfig", path);
  if (thinking === undefined) return undefined;
  const shown = optionalBoolean(thinking, "includeThoughts", `${path}.thinkingConfig`);
  const visibility = shown === undefined ? {} : { visibility: shown ? "auto" : "none" } as const;
  const effort = LEVELS[stringAt(thinking, "thinkingLevel")?.toUpperCase() ?? ""];
  if (effort !== undefined) return { mode: "effort", effort, ...visibility, from: "body" };
  const budget = optionalNumber(thinking, "thinkingBudget", `${path}.thinkingConfig`);
  if (budget === undefined) return { mode: "default", ...visibility, from: "body" };
  if (budget <= 0) return { mode: budget === 0 ? "off" : "auto", ...visibility, from: "body" };
  return { mode: "budget", budget, ...visibility, from: "body" };
}

/** Word for word, keyed by their path, so that a loss can name each: `generationConfig.imageConfig`. */
export function unknownMembers(object: Json | undefined, known: ReadonlySet<string>, path: string): JsonObject {
  if (!isJsonObject(object)) return {};
  return Object.fromEntries(Object.entries(object).filter(([key]) => !known.has(key)).map(([key, value]) => [`${path}${key}`, value]));
}
