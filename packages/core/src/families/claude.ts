import type { Capabilities, ReasoningCapability } from "../capabilities.ts";
import type { ModelRow } from "../providers/define-provider.ts";

/** Where manual thinking is the only kind: a budget, and the vendor has no word for "as much as you like". */
const MANUAL: ReasoningCapability = { manual: true, canBeOff: true, budget: { min: 1024, max: 128_000, zeroOk: true, dynamicOk: false } };
const ADAPTIVE: ReasoningCapability = { adaptive: true, canBeOff: true, levels: ["low", "medium", "high", "xhigh", "max"] };

/** Before structured outputs, a forced tool carries the JSON. */
const OLDER: Capabilities = { prefill: true, structuredOutputs: false, jsonViaTool: true, midSystem: false };

/**
 * Claude models wherever they are served. Names are written `4-5` by Anthropic and `4.5` by resellers.
 * Sources: docs.anthropic.com model pages (read 2026-11); refusals of `thinking.type: enabled`, of sampling and of a
 * system role in mid-conversation as seen in the field.
 */
export const CLAUDE_FAMILIES: readonly ModelRow[] = [
  { match: /claude/, capabilities: { structuredOutputs: true, prefill: false } },
  { match: /claude-(3|2|instant)/, capabilities: { ...OLDER, reasoning: { supported: false } } },
  { match: /claude-3[.-]7/, capabilities: { ...OLDER, reasoning: MANUAL, maxOutputTokens: 64_000 } },
  { match: /claude-(opus|sonnet)-4(?![.-]?\d(?!\d))/, capabilities: { ...OLDER, reasoning: MANUAL } },
  { match: /claude-opus-4[.-]1(?!\d)/, capabilities: { ...OLDER, reasoning: MANUAL, maxOutputTokens: 32_000 } },
  { match: /claude-(opus|sonnet|haiku)-4[.-]5(?!\d)/, capabilities: { reasoning: MANUAL, prefill: true, maxOutputTokens: 64_000 } },
  {
    match: /claude-(opus|sonnet|haiku)-4[.-]6(?!\d)/,
    capabilities: { reasoning: { ...MANUAL, adaptive: true, levels: ["low", "medium", "high", "max"] }, maxOutputTokens: 64_000 },
  },
  { match: /claude-opus-4[.-]6(?!\d)/, capabilities: { maxOutputTokens: 128_000 } },
  { match: /claude-(opus|sonnet|haiku)-4[.-][789](?!\d)/, capabilities: { reasoning: ADAPTIVE, noSampling: true, maxOutputTokens: 128_000 } },
  { match: /claude-opus-4[.-][89](?!\d)/, capabilities: { midSystem: true } },
  { match: /claude-[a-z]+-5(?!\d)/, capabilities: { reasoning: ADAPTIVE, noSampling: true, maxOutputTokens: 128_000 } },
  { match: /claude-opus-5(?!\d)/, capabilities: { midSystem: true } },
  { match: /claude-(fable|mythos)/, capabilities: { reasoning: { ...ADAPTIVE, alwaysOn: true, canBeOff: false }, noSampling: true } },
];
