// The models of Antigravity, and how each can be told to think: limits as its clients know them (2026-08).
import type { CatalogueModel, ModelRow } from "@dragoman/core";

const model = (id: string, displayName: string, limits?: readonly [context: number, output: number]): CatalogueModel =>
  ({ id, displayName, ...(limits !== undefined && { contextTokens: limits[0], maxOutputTokens: limits[1] }) });

export const CATALOGUE: readonly CatalogueModel[] = [
  model("claude-opus-4-6-thinking", "Claude Opus 4.6 (Thinking)", [200_000, 64_000]),
  model("claude-sonnet-4-6", "Claude Sonnet 4.6 (Thinking)", [200_000, 64_000]),
  model("gemini-3.6-flash-high", "Gemini 3.6 Flash", [1_048_576, 65_536]),
  model("gemini-3.7-flash-high", "Gemini 3.7 Flash", [1_048_576, 65_536]),
  model("gemini-3-flash", "Gemini 3 Flash", [1_048_576, 65_536]),
  model("gemini-3-flash-agent", "Gemini 3.5 Flash (High)", [1_048_576, 65_536]),
  model("gemini-3.1-flash-image", "Gemini 3.1 Flash Image"),
  model("gemini-pro-agent", "Gemini 3.1 Pro (High)", [1_048_576, 65_535]),
  model("gemini-3.1-pro-low", "Gemini 3.1 Pro (Low)", [1_048_576, 65_535]),
  model("gpt-oss-120b-medium", "GPT-OSS 120B (Medium)", [114_000, 32_768]),
  model("gemini-3.1-flash-lite", "Gemini 3.1 Flash Lite", [1_048_576, 65_535]),
  model("gemini-3.5-flash-low", "Gemini 3.5 Flash (Medium)", [1_048_576, 65_535]),
  model("gemini-3.5-flash-extra-low", "Gemini 3.5 Flash (Low)", [1_048_576, 65_535]),
];

/** Fewer thinking tokens than this are refused by Claude. */
export const CLAUDE_MIN_BUDGET = 1024;

export const isClaude = (name: string): boolean => name.toLowerCase().includes("claude");

/** Later rows win, field by field. `streamOnly`: whole replies of these are not reliable, so that they are streamed and put together here. */
export const MODELS: readonly ModelRow[] = [
  {
    match: /claude/,
    capabilities: {
      streamOnly: true, placeholderEmptyObject: true, functionResponseParts: false,
      reasoning: { budget: { min: CLAUDE_MIN_BUDGET, max: 64_000, zeroOk: true, dynamicOk: true }, canBeOff: true },
    },
  },
  { match: /gemini/, capabilities: { functionResponseParts: true, jsonWithTools: true, reasoning: { levels: ["minimal", "low", "medium", "high"] } } },
  { match: /gemini-(pro-agent|3\.1-pro)|gemini-3\.5-flash-(extra-)?low/, capabilities: { reasoning: { levels: ["low", "medium", "high"] } } },
  { match: /gemini-3\.1-flash-lite/, capabilities: { reasoning: { levels: ["minimal", "low", "medium", "high"], canBeOff: true } } },
  { match: /gemini-3\.1-flash-image/, capabilities: { streamOnly: true, reasoning: { levels: ["minimal", "high"] } } },
  { match: /gemini-3-pro/, capabilities: { streamOnly: true } },
  { match: /gpt-oss/, capabilities: { reasoning: { supported: false } } },
];
