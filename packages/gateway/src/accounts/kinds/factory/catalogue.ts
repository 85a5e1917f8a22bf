import type { FactoryModel, FactoryModelType } from "./models.ts";

/** The values of `x-api-provider` where a model names none. */
export const USUAL_PROVIDER: Readonly<Record<FactoryModelType, string>> = { anthropic: "anthropic", openai: "openai", common: "baseten", google: "google" };

const of = (type: FactoryModelType, provider: string) => (id: string, title: string, more: Partial<FactoryModel> = {}): FactoryModel =>
  ({ id, model: id, title, type, provider, reasoning: "auto", fast: false, ...more });

const claude = of("anthropic", USUAL_PROVIDER.anthropic);
const gpt = of("openai", USUAL_PROVIDER.openai);
const open = of("common", "fireworks");
const gemini = of("google", USUAL_PROVIDER.google);

const CLAUDE_MODELS: readonly FactoryModel[] = [
  claude("claude-opus-4-6", "Claude Opus 4.6"),
  claude("claude-sonnet-4-6", "Claude Sonnet 4.6"),
  claude("claude-opus-4-5-20251101", "Claude Opus 4.5"),
  claude("claude-haiku-4-5-20251001", "Claude Haiku 4.5"),
  claude("claude-sonnet-4-5-20250929", "Claude Sonnet 4.5"),
  claude("claude-opus-4-1-20250805", "Claude Opus 4.1"),
  claude("claude-sonnet-4-20250514", "Claude Sonnet 4"),
];

/**
 * What the vendor's gateway serves; it has no list of its own. The programs that other people run against it shipped these
 * (2025-10 to 2026-03), with `gpt-5-codex` at level `off`. What is newer, operators add in `options.models`.
 */
export const SHIPPED: readonly FactoryModel[] = [
  ...CLAUDE_MODELS,
  claude("claude-opus-4-6-fast", "Claude Opus 4.6 (fast)", { model: "claude-opus-4-6", fast: true }),
  // The same models by way of Amazon's service.
  ...CLAUDE_MODELS.map((model): FactoryModel => ({ ...model, id: `bedrock-${model.id}`, title: `${model.title} (Bedrock)`, provider: "bedrock_anthropic" })),
  gpt("gpt-5.4", "GPT-5.4"),
  gpt("gpt-5.4-fast", "GPT-5.4 (fast)", { model: "gpt-5.4", fast: true }),
  gpt("gpt-5.4-mini", "GPT-5.4 Mini"),
  gpt("gpt-5.3-codex", "GPT-5.3 Codex"),
  gpt("gpt-5.2", "GPT-5.2"),
  gpt("gpt-5.2-codex", "GPT-5.2 Codex"),
  gpt("gpt-5-2025-08-07", "GPT-5"),
  gpt("gpt-5-codex", "GPT-5 Codex", { reasoning: "off" }),
  open("glm-5", "GLM-5"),
  open("glm-4.7", "GLM-4.7"),
  open("glm-4.6", "GLM-4.6", { provider: "baseten" }),
  open("kimi-k2.5", "Kimi K2.5"),
  gemini("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview"),
  gemini("gemini-3-flash-preview", "Gemini 3 Flash Preview"),
  // Its host speaks Anthropic's Messages: type and provider do not depend on each other.
  claude("minimax-m2.5", "MiniMax M2.5", { provider: "fireworks" }),
];
