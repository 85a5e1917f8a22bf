// Google's JSON mapping takes both spellings of a field. Everything behind this file reads camelCase only.
import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from "../../canonical/index.ts";

const REQUEST_FIELDS = `systemInstruction generationConfig safetySettings toolConfig cachedContent serviceTier generateContentRequest
  temperature topP topK maxOutputTokens candidateCount stopSequences presencePenalty frequencyPenalty responseLogprobs
  responseMimeType responseSchema responseJsonSchema responseFormat responseModalities thinkingConfig includeThoughts thinkingBudget
  thinkingLevel imageConfig speechConfig mediaResolution audioTimestamp aspectRatio imageSize voiceConfig prebuiltVoiceConfig
  voiceName multiSpeakerVoiceConfig speakerVoiceConfigs languageCode functionDeclarations parametersJsonSchema googleSearch
  googleSearchRetrieval enterpriseWebSearch urlContext codeExecution googleMaps fileSearch computerUse mcpServers
  streamableHttpTransport excludeDomains timeRangeFilter searchTypes blockingConfidence excludedPredefinedFunctions
  functionCallingConfig allowedFunctionNames streamFunctionCallArguments retrievalConfig latLng includeServerSideToolInvocations`;
const PART_FIELDS = `inlineData fileData mimeType fileUri displayName functionCall functionResponse willContinue partialArgs jsonPath
  stringValue numberValue boolValue nullValue thoughtSignature videoMetadata startOffset endOffset partMetadata mediaProcessing
  speechMetadata executableCode codeExecutionResult toolCall toolResponse toolType`;
const RESPONSE_FIELDS = `finishReason finishMessage tokenCount groundingMetadata groundingChunks groundingSupports webSearchQueries
  searchEntryPoint renderedContent groundingChunkIndices confidenceScores startIndex endIndex partIndex retrievedContext
  citationMetadata citationSources safetyRatings avgLogprobs logprobsResult chosenCandidates topCandidates logProbability tokenId
  urlContextMetadata promptFeedback blockReason blockReasonMessage usageMetadata promptTokenCount cachedContentTokenCount
  candidatesTokenCount thoughtsTokenCount toolUsePromptTokenCount totalTokenCount promptTokensDetails cacheTokensDetails
  candidatesTokensDetails toolUsePromptTokensDetails trafficType modelVersion responseId createTime modelStatus totalTokens`;

const snakeOf = (camel: string): string => camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Only known fields are respelt: unknown ones, and those that are snake_case in truth (`session_id`), stay. */
const CAMEL_OF: ReadonlyMap<string, string> = new Map(
  `${REQUEST_FIELDS} ${PART_FIELDS} ${RESPONSE_FIELDS}`.split(/\s+/).filter((camel) => /[A-Z]/.test(camel)).map((camel) => [snakeOf(camel), camel]),
);

/** What stands below these is the caller's own data, or a schema whose property names are. */
const DATA_FIELDS: ReadonlySet<string> = new Set([
  "args", "response", "labels", "partMetadata", "parameters", "parametersJsonSchema", "responseSchema", "responseJsonSchema",
]);

/** The same value with every known field in camelCase; the very same object when nothing had to change. */
export function toCamelCase(value: JsonObject): JsonObject {
  return respell(value) as JsonObject;
}

function respell(value: Json): Json {
  if (Array.isArray(value)) return respellList(value as readonly Json[]);
  return isJsonObject(value) ? respellObject(value) : value;
}

function respellList(list: readonly Json[]): readonly Json[] {
  let changed: Json[] | undefined;
  for (const [index, entry] of list.entries()) {
    if (typeof entry !== "object" || entry === null) continue;
    const respelt = respell(entry);
    if (respelt !== entry) (changed ??= [...list])[index] = respelt;
  }
  return changed ?? list;
}

function respellObject(object: JsonObject): JsonObject {
  let changed = false;
  const result: MutableJsonObject = {};
  for (const key of Object.keys(object)) {
    const camel = CAMEL_OF.get(key) ?? key;
    const value = object[key];
    const respelt = typeof value === "object" && value !== null && !DATA_FIELDS.has(camel) ? respell(value) : value;
    if (camel !== key || respelt !== value) changed = true;
    result[camel] = respelt;
  }
  return changed ? result : object;
}

/** Whether JSON text may hold a snake_case key; strings cannot deceive it, for their quotes are escaped. */
export function mayNeedRespelling(json: string): boolean {
  return SNAKE_KEY.test(json);
}

const SNAKE_KEY = /"[a-z]+_[a-z_]+"\s*:/;
