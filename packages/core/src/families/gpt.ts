import type { Capabilities, ReasoningCapability } from "../capabilities.ts";
import type { ModelRow } from "../providers/define-provider.ts";

const levels = (...names: NonNullable<ReasoningCapability["levels"]>): ReasoningCapability => ({ levels: names });
const UP_TO_XHIGH = levels("low", "medium", "high", "xhigh");

/** Reasoning models take instructions as `developer` and only the default temperature and top_p. */
const REASONING: Capabilities = { developerRole: true, maxTokensField: "max_completion_tokens", noSampling: true };

/** OpenAI's models at OpenAI itself. Effort names: platform.openai.com/docs/guides/reasoning (read 2026-11). */
export const GPT_FAMILIES: readonly ModelRow[] = [
  { match: /^(gpt-3|gpt-4|chatgpt)/, capabilities: { reasoning: { supported: false } } },
  { match: /-search-(preview|api)/, capabilities: { webSearchOptions: true } },
  { match: /^o\d/, capabilities: { ...REASONING, reasoning: levels("low", "medium", "high") } },
  { match: /^(gpt-5|codex)/, capabilities: { ...REASONING, reasoning: levels("minimal", "low", "medium", "high") } },
  { match: /^gpt-5-codex/, capabilities: { reasoning: levels("low", "medium", "high") } },
  { match: /^gpt-5-codex-mini/, capabilities: { reasoning: levels("medium", "high") } },
  { match: /^gpt-5-pro/, capabilities: { reasoning: levels("high") } },
  { match: /^gpt-5\.1(?!\d)/, capabilities: { reasoning: { ...levels("low", "medium", "high"), canBeOff: true } } },
  { match: /^gpt-5\.1-codex/, capabilities: { reasoning: levels("low", "medium", "high") } },
  { match: /^gpt-5\.1-codex-mini/, capabilities: { reasoning: levels("medium", "high") } },
  { match: /^gpt-5\.1-codex-max/, capabilities: { reasoning: UP_TO_XHIGH } },
  { match: /^gpt-5\.[23](?!\d)/, capabilities: { reasoning: { ...UP_TO_XHIGH, canBeOff: true } } },
  { match: /^(codex-|gpt-5\.[2-9][\w.-]*-codex)/, capabilities: { reasoning: UP_TO_XHIGH } },
  // "Function tools with reasoning_effort are not supported … use /v1/responses", seen from gpt-5.4 on.
  { match: /^gpt-(5\.([4-9]|\d\d)|[6-9])/, capabilities: { reasoning: { ...UP_TO_XHIGH, canBeOff: true }, chatToolsWithEffort: false } },
  {
    match: /^gpt-(5\.([6-9]|\d\d)|[6-9])/,
    capabilities: { reasoning: { ...levels("low", "medium", "high", "xhigh", "max"), canBeOff: true } },
  },
  { match: /^gpt-5(\.\d+)?-chat/, capabilities: { reasoning: { supported: false }, noSampling: false, chatToolsWithEffort: true } },
];
