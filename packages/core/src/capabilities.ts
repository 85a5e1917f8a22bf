import type { Effort } from "./canonical/index.ts";

/** How a model can be told to think. No field set: nothing is known, so the caller's words pass as they are. */
export interface ReasoningCapability {
  /** Takes a token budget. `zeroOk`: 0 turns thinking off; `dynamicOk`: -1 lets the model decide. */
  readonly budget?: { readonly min: number; readonly max: number; readonly zeroOk: boolean; readonly dynamicOk: boolean };
  /** Takes one of these levels. */
  readonly levels?: readonly Effort[];
  /** Can be switched off in words (`none`, `disabled`). */
  readonly canBeOff?: boolean;
  /** Anthropic `thinking.type: enabled` with a budget. */
  readonly manual?: boolean;
  /** Anthropic `thinking.type: adaptive`. */
  readonly adaptive?: boolean;
  /** Thinks whatever it is told; `disabled` is refused. */
  readonly alwaysOn?: boolean;
  /** False for models that do not think at all: reasoning settings are left out. */
  readonly supported?: boolean;
}

/**
 * What one model behind one upstream can do, as far as it changes what we write. Absent means: as the dialect's own
 * vendor does it today. Providers and the operator's configuration fill it in.
 */
export interface Capabilities {
  /** Largest `max output tokens`; requests above are clamped, requests without get the default. */
  readonly maxOutputTokens?: number;
  readonly contextTokens?: number;
  readonly reasoning?: ReasoningCapability;
  /** Vendor's own service (first party), with all of its newest fields; otherwise a compatible server. */
  readonly firstParty?: boolean;
  /** Counts tokens as the dialect's own vendor does, without being first party. */
  readonly countsTokens?: boolean;

  // OpenAI Chat Completions
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  readonly nullContentOk?: boolean;
  /** Only one system message, at the start. */
  readonly singleSystem?: boolean;
  /** Writes leading instructions as `developer` messages. */
  readonly developerRole?: boolean;
  readonly toolImages?: boolean;
  readonly customTools?: boolean;
  readonly strictTools?: boolean;
  readonly strictPlain?: boolean;
  readonly includeUsageOk?: boolean;
  readonly reasoningField?: "reasoning_content" | "reasoning" | "none";
  readonly reasoningReplay?: "required" | "allowed" | "forbidden";
  readonly emptyReasoningOk?: boolean;
  /** `reasoning_effort` beside function tools is refused. */
  readonly chatToolsWithEffort?: boolean;
  readonly cacheControlParts?: boolean;
  /** Takes `prompt_cache_breakpoint` on parts, at most four in a request. */
  readonly promptCacheBreakpoints?: boolean;
  readonly webSearchOptions?: boolean;
  readonly sloppyJson?: boolean;
  readonly lenientEof?: boolean;
  /** `<think>…</think>` at the start of the content is reasoning. */
  readonly thinkTags?: boolean;

  // OpenAI Responses
  /** Wire fields that the backend refuses; they are taken out after encoding, each with a loss. */
  readonly refusedFields?: readonly string[];
  /** Answers only as a stream. */
  readonly streamOnly?: boolean;
  /** Makes digests of conversations (`/responses/compact`). */
  readonly compacts?: boolean;
  /** Keeps responses, so that `previous_response_id` and item references work. */
  readonly stateful?: boolean;

  // Anthropic Messages
  readonly midSystem?: boolean;
  readonly prefill?: boolean;
  /** Refuses temperature, top_p and top_k. */
  readonly noSampling?: boolean;
  readonly structuredOutputs?: boolean;
  readonly jsonViaTool?: boolean;
  /** A compatible server that knows only the old fields. */
  readonly basicAnthropic?: boolean;

  // Gemini
  readonly functionResponseParts?: boolean;
  readonly validatedMode?: boolean;
  readonly protoSchemaOnly?: boolean;
  readonly flattenUnions?: boolean;
  readonly placeholderEmptyObject?: boolean;
  readonly schemaSafe?: boolean;
  /** Takes schemas without any constraint but types, enums and required names. */
  readonly schemaBare?: boolean;
  /** `countTokens` takes the request's members beside the contents, not in `generateContentRequest`. */
  readonly countsBeside?: boolean;
  readonly jsonWithTools?: boolean;
  /** Wants a signature on the first call of each turn (Gemini 3 and later). */
  readonly requiresCallSeal?: boolean;
  /** Takes http(s) addresses in `fileData`. */
  readonly webFileUris?: boolean;
}

/** Habits of a client, seen from its route and headers, always overridable by configuration. */
export interface ClientTraits {
  /** Tell a length stop as `completed`: Codex retries forever on `incomplete`. */
  readonly lengthAsCompleted?: boolean;
  readonly refusalAs?: "part" | "text";
  /** Send a flat `error` event besides `response.failed`. */
  readonly alsoErrorEvent?: boolean;
  readonly rawAsReasoningText?: boolean;
  /** Remove thoughts that the Gemini CLI wrote back into its history as text. */
  readonly dropThoughtEcho?: boolean;
  readonly contentFilterAs?: "refusal" | "content_filtered" | "end_turn";
  readonly customCallsAs?: "custom" | "function";
}

/** What the operator decided for all translations. Defaults are in `DEFAULT_POLICY`. */
export interface TranslationPolicy {
  /** `fix` repairs broken tool pairing; `strict` answers 400. */
  readonly repair: "fix" | "strict";
  readonly systemPlacement: "inplace" | "hoist";
  /** Cut the text here when the target has no stop sequences. */
  readonly stopEmulation: boolean;
  readonly deriveCacheKey: boolean;
  readonly deriveUserId: boolean;
  readonly autoCache: boolean;
  readonly mapPriorityToFast: boolean;
  /** Answer 400 instead of raising max_tokens above the thinking budget. */
  readonly strictThinkingBudget: boolean;
  readonly reasoningAsText: boolean;
  /** Thinking, when it cannot go with a forced tool call, gives way. */
  readonly preferForcedTool: boolean;
  /** Output limit for targets that demand one, when neither request nor model names it. */
  readonly defaultMaxOutputTokens: number;
  readonly effortBudgets: Readonly<Record<Effort, number>>;
}

export const DEFAULT_POLICY: TranslationPolicy = {
  repair: "fix",
  systemPlacement: "inplace",
  stopEmulation: true,
  deriveCacheKey: false,
  deriveUserId: false,
  autoCache: false,
  mapPriorityToFast: false,
  strictThinkingBudget: false,
  reasoningAsText: false,
  preferForcedTool: true,
  defaultMaxOutputTokens: 8192,
  effortBudgets: { minimal: 512, low: 1024, medium: 8192, high: 24_576, xhigh: 32_768, max: 128_000 },
};
