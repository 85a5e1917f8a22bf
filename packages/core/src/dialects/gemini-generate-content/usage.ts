import { inputTotal, isJsonObject, outputTotal, withoutParts, type Json, type JsonObject, type Usage } from "../../canonical/index.ts";
import { present } from "../../wire/present.ts";
import { listAt, numberAt } from "./members.ts";

/** Thoughts and the prompts of server tools stand beside the other counts here; cached input is inside the prompt. */
export function decodeUsage(metadata: JsonObject): Usage | undefined {
  const prompt = numberAt(metadata, "promptTokenCount");
  const cached = numberAt(metadata, "cachedContentTokenCount");
  const usage = present<Usage>({
    inputFresh: withoutParts(prompt, cached),
    cacheRead: cached,
    toolPrompt: numberAt(metadata, "toolUsePromptTokenCount"),
    outputVisible: numberAt(metadata, "candidatesTokenCount"),
    reasoning: numberAt(metadata, "thoughtsTokenCount"),
    inputAudio: audioTokens(listAt(metadata, "promptTokensDetails")),
    outputAudio: audioTokens(listAt(metadata, "candidatesTokensDetails")),
  });
  return Object.keys(usage).length === 0 ? undefined : { ...usage, native: metadata };
}

function audioTokens(details: readonly Json[]): number | undefined {
  const audio = details.find((entry) => isJsonObject(entry) && entry.modality === "AUDIO");
  return isJsonObject(audio) ? numberAt(audio, "tokenCount") : undefined;
}

/** With `native` the vendor's own object is written back: only for answers of this very dialect. */
export function encodeUsage(usage: Usage, native: boolean): JsonObject {
  if (native && isJsonObject(usage.native)) return usage.native;
  return present<JsonObject>({
    promptTokenCount: isKnown(usage.inputFresh, usage.cacheRead, usage.cacheWrite) ? inputTotal(usage) - (usage.toolPrompt ?? 0) : undefined,
    cachedContentTokenCount: usage.cacheRead === 0 ? undefined : usage.cacheRead,
    candidatesTokenCount: usage.outputVisible,
    toolUsePromptTokenCount: usage.toolPrompt,
    thoughtsTokenCount: usage.reasoning,
    totalTokenCount: inputTotal(usage) + outputTotal(usage),
  });
}

function isKnown(...counts: readonly (number | undefined)[]): boolean {
  return counts.some((count) => count !== undefined);
}
