import type { Capabilities, ReasoningCapability } from "../capabilities.ts";
import type { ModelRow } from "../providers/define-provider.ts";

const FLASH: ReasoningCapability = { budget: { min: 0, max: 24_576, zeroOk: true, dynamicOk: true }, canBeOff: true };

/** From the third generation on: levels, sealed calls, media inside function results, JSON beside tools. */
const THIRD: Capabilities = {
  requiresCallSeal: true, functionResponseParts: true, jsonWithTools: true,
  reasoning: { levels: ["minimal", "low", "medium", "high"] },
};

/** Gemini models: ai.google.dev/gemini-api/docs/thinking and …/thought-signatures (read 2026-11). */
export const GEMINI_FAMILIES: readonly ModelRow[] = [
  { match: /gemini/, capabilities: { functionResponseParts: false, jsonWithTools: false } },
  { match: /gemini-(1|2\.0)|imagen|gemma/, capabilities: { reasoning: { supported: false } } },
  { match: /gemini-(2\.5-pro|pro-latest)/, capabilities: { reasoning: { budget: { min: 128, max: 32_768, zeroOk: false, dynamicOk: true } } } },
  { match: /gemini-(2\.5-flash|flash-latest)/, capabilities: { reasoning: FLASH } },
  {
    match: /gemini-(2\.5-flash-lite|flash-lite-latest)/,
    capabilities: { reasoning: { budget: { min: 512, max: 24_576, zeroOk: true, dynamicOk: true }, canBeOff: true } },
  },
  { match: /gemini-2\.5-flash-image/, capabilities: { reasoning: { supported: false } } },
  { match: /gemini-([3-9]|\d\d)/, capabilities: THIRD },
  { match: /gemini-3-pro/, capabilities: { reasoning: { levels: ["low", "high"] } } },
  { match: /gemini-3\.\d+-pro/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } },
  { match: /gemini-3\.1-flash-(image|lite)-preview/, capabilities: { reasoning: { levels: ["minimal", "high"] } } },
];
