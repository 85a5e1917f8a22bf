import type { ModelView, UpstreamView } from "../../../../gateway/src/management/contract/house.ts";

type Price = NonNullable<ModelView["price"]>;

interface Offer {
  readonly id: string;
  readonly name?: string;
  readonly upstreams: readonly string[];
  readonly context?: number;
  readonly output?: number;
  readonly price?: Omit<Price, "tiers" | "source"> & Partial<Pick<Price, "tiers" | "source">>;
  readonly aliasOf?: string;
}

export const OFFERS: readonly Offer[] = [
  { id: "claude-sonnet-4-5", name: "Claude Sonnet 4.5", upstreams: ["claude", "openrouter"], context: 200_000, output: 64_000, price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, tiers: 1 } },
  { id: "claude-haiku-4-5", name: "Claude Haiku 4.5", upstreams: ["claude"], context: 200_000, output: 64_000, price: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 } },
  { id: "sonnet", upstreams: ["claude"], aliasOf: "claude-sonnet-4-5", context: 200_000, output: 64_000, price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, tiers: 1 } },
  { id: "gpt-5", name: "GPT-5", upstreams: ["codex"], context: 400_000, output: 128_000, price: { input: 1.25, output: 10, cacheRead: 0.125 } },
  { id: "gpt-5-mini", name: "GPT-5 mini", upstreams: ["codex"], context: 400_000, output: 128_000, price: { input: 0.25, output: 2, cacheRead: 0.025 } },
  { id: "gemini-2.5-pro", name: "Gemini 2.5 Pro", upstreams: ["gemini"], context: 1_048_576, output: 65_536, price: { input: 1.25, output: 10, cacheRead: 0.31, tiers: 1 } },
  { id: "gemini-2.5-flash", name: "Gemini 2.5 Flash", upstreams: ["gemini"], context: 1_048_576, output: 65_536, price: { input: 0.3, output: 2.5, cacheRead: 0.075 } },
  { id: "kimi-k2", upstreams: ["openrouter"], aliasOf: "moonshotai/kimi-k2", context: 262_144, price: { input: 0.5, output: 2.4, source: "configuration" } },
  { id: "qwen3:8b", upstreams: ["ollama"], context: 40_960 },
];

interface Account {
  readonly upstream: string;
  readonly label: string;
  readonly index: string;
  readonly configPath?: string;
  readonly share: number;
}

export const ACCOUNTS: readonly Account[] = [
  { upstream: "claude", label: "claude …w7Qx", index: "3f1c0a9be27d5146", configPath: "claude-api-key[0]", share: 5 },
  { upstream: "claude", label: "claude …p2Lk", index: "b80e64d1f3927ac5", configPath: "claude-api-key[1]", share: 3 },
  { upstream: "codex", label: "codex …9TfA", index: "6b1f0c2d9e8a7f34", configPath: "codex-api-key[0]", share: 4 },
  { upstream: "gemini", label: "gemini …Zz3u", index: "c94d21e87f50ab36", configPath: "gemini-api-key[0]", share: 4 },
  { upstream: "openrouter", label: "openrouter …e41d", index: "0fd6a3b8c1e75294", configPath: "openai-compatibility[0].api-key-entries[0]", share: 2 },
  { upstream: "ollama", label: "ollama", index: "a51e77c20b9d3f68", share: 1 },
];

export const UPSTREAMS: Readonly<Record<string, Pick<UpstreamView, "provider" | "dialect" | "baseUrl">>> = {
  claude: { provider: "anthropic", dialect: "anthropic-messages", baseUrl: "https://api.anthropic.com" },
  codex: { provider: "openai", dialect: "openai-responses", baseUrl: "https://api.openai.com/v1" },
  gemini: { provider: "google", dialect: "gemini-generate-content", baseUrl: "https://generativelanguage.googleapis.com" },
  openrouter: { provider: "openrouter", dialect: "openai-chat", baseUrl: "https://openrouter.ai/api/v1" },
  ollama: { provider: "ollama", dialect: "openai-chat", baseUrl: "http://127.0.0.1:11434" },
};

export const ENDPOINTS: readonly (readonly [dialect: string, endpoint: string])[] = [
  ["openai-chat", "POST /v1/chat/completions"],
  ["anthropic-messages", "POST /v1/messages"],
  ["openai-responses", "POST /v1/responses"],
  ["gemini-generate-content", "POST /v1beta/models/*"],
];

export const PRICES_FROM = "2026-11-01";
