/** Upstreams that can be added with little typing, and where each stands in the configuration. */
export interface ProviderPreset {
  readonly id: string;
  readonly name: string;
  readonly list: "claude-api-key" | "gemini-api-key" | "codex-api-key" | "xai-api-key" | "openai-compatibility";
  /** What is proposed; empty where the vendor's own address needs no writing down, `undefined` where it must be typed. */
  readonly baseUrl: string | undefined;
  readonly needsKey: boolean;
  /** How the vendor's keys begin. */
  readonly keyHint?: string;
}

const compatible = (id: string, name: string, baseUrl: string, more: Partial<ProviderPreset> = {}): ProviderPreset => ({ id, name, list: "openai-compatibility", baseUrl, needsKey: true, ...more });

export const PRESETS: readonly ProviderPreset[] = [
  { id: "anthropic", name: "Anthropic", list: "claude-api-key", baseUrl: "", needsKey: true, keyHint: "sk-ant-…" },
  { id: "openai", name: "OpenAI", list: "codex-api-key", baseUrl: "https://api.openai.com/v1", needsKey: true, keyHint: "sk-…" },
  { id: "google", name: "Google Gemini", list: "gemini-api-key", baseUrl: "", needsKey: true, keyHint: "AIza…" },
  { id: "xai", name: "xAI", list: "xai-api-key", baseUrl: "", needsKey: true, keyHint: "xai-…" },
  compatible("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", { keyHint: "sk-or-…" }),
  compatible("deepseek", "DeepSeek", "https://api.deepseek.com"),
  compatible("moonshot", "Moonshot AI", "https://api.moonshot.ai/v1"),
  compatible("zai", "Z.AI", "https://api.z.ai/api/paas/v4"),
  compatible("alibaba", "Alibaba Model Studio", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
  compatible("groq", "Groq", "https://api.groq.com/openai/v1", { keyHint: "gsk_…" }),
  compatible("mistral", "Mistral", "https://api.mistral.ai/v1"),
  compatible("together", "Together AI", "https://api.together.xyz/v1"),
  compatible("fireworks", "Fireworks AI", "https://api.fireworks.ai/inference/v1"),
  compatible("cerebras", "Cerebras", "https://api.cerebras.ai/v1"),
  compatible("ollama", "Ollama", "http://127.0.0.1:11434/v1", { needsKey: false }),
  compatible("lm-studio", "LM Studio", "http://127.0.0.1:1234/v1", { needsKey: false }),
  compatible("vllm", "vLLM", "http://127.0.0.1:8000/v1", { needsKey: false }),
  compatible("llama-cpp", "llama.cpp", "http://127.0.0.1:8080/v1", { needsKey: false }),
  { id: "compatible", name: "OpenAI compatible", list: "openai-compatibility", baseUrl: undefined, needsKey: false },
  { id: "anthropic-compatible", name: "Anthropic compatible", list: "claude-api-key", baseUrl: undefined, needsKey: true },
];

export interface UpstreamDraft {
  readonly name: string;
  readonly key: string;
  readonly baseUrl: string;
  readonly proxyUrl: string;
  readonly models: readonly string[];
}

/** The entry of the configuration that a draft stands for. Empty fields are left out. */
export function entryOf(preset: ProviderPreset, { name, key, baseUrl, proxyUrl, models }: UpstreamDraft): Readonly<Record<string, unknown>> {
  const proxy = proxyUrl.trim() === "" ? {} : { "proxy-url": proxyUrl.trim() };
  const listed = models.length === 0 ? {} : { models: models.map((model) => ({ name: model })) };
  if (preset.list !== "openai-compatibility") return { "api-key": key.trim(), ...(baseUrl.trim() !== "" && { "base-url": baseUrl.trim() }), ...proxy, ...listed };
  return { name: name.trim(), "base-url": baseUrl.trim(), ...(key.trim() !== "" && { "api-key-entries": [{ "api-key": key.trim(), ...proxy }] }), ...listed };
}
