import { describe, expect, test } from "bun:test";
import type { without} from "../define-provider.ts";
import { capabilitiesOf, type Provider } from "../define-provider.ts";
import { PROVIDERS, providerOfHost, providerOfId } from "../index.ts";

const provider = (id: string): Provider => {
  const found = providerOfId(id);
  if (found === undefined) throw new Error(`no provider ${id}`);
  return found;
};
const of = (id: string, model: string) => capabilitiesOf(provider(id), model);

describe("every descriptor", () => {
  for (const each of PROVIDERS) {
    test(each.id, () => {
      expect(each.id).toMatch(/^[a-z][a-z-]*$/);
      expect(each.baseUrl.endsWith("/")).toBe(false);
      expect(Object.keys(each.dialects).length).toBeGreaterThan(0);
      for (const dialect of Object.values(each.dialects)) if (dialect.basePath !== undefined) expect(dialect.basePath).toMatch(/^\/.*[^/]$/);
      expect(each.auth.header).toBe(each.auth.header.toLowerCase());
      const ids = (each.catalogue ?? []).map((model) => model.id);
      expect(new Set(ids).size).toBe(ids.length);
      if (each.baseUrl !== "" && each.local !== true) {
        expect(each.hosts).toContain(new URL(each.baseUrl).host);
        expect(each.keyVariables?.length).toBeGreaterThan(0);
      }
    });
  }

  test("ids and hosts are one provider's alone", () => {
    const ids = PROVIDERS.map((each) => each.id);
    const hosts = PROVIDERS.flatMap((each) => each.hosts ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(hosts).size).toBe(hosts.length);
  });
});

describe("providerOfHost", () => {
  test("knows hosts in any case, with their port", () => {
    expect(providerOfHost("API.OpenAI.com")?.id).toBe("openai");
    expect(providerOfHost("localhost:11434")?.id).toBe("ollama");
    expect(providerOfHost("localhost:11435")).toBeUndefined();
    expect(providerOfHost("api.openai.com.example.org")).toBeUndefined();
  });
});

describe("Claude families", () => {
  const rows: readonly [string, object][] = [
    ["claude-3-5-haiku-20241022", { reasoning: { supported: false }, prefill: true, maxOutputTokens: 8192 }],
    ["claude-3-7-sonnet-20250219", { prefill: true, structuredOutputs: false, jsonViaTool: true }],
    ["claude-sonnet-4-20250514", { prefill: true, structuredOutputs: false }],
    ["claude-opus-4-1-20250805", { maxOutputTokens: 32_000, structuredOutputs: false }],
    ["claude-opus-4-5-20251101", { prefill: true, structuredOutputs: true, maxOutputTokens: 64_000 }],
    ["claude-opus-4-6", { prefill: false, structuredOutputs: true, maxOutputTokens: 128_000 }],
    ["claude-opus-4-7", { noSampling: true, maxOutputTokens: 128_000 }],
    ["claude-opus-4-8", { noSampling: true, midSystem: true }],
    ["claude-opus-5", { noSampling: true, midSystem: true }],
    ["claude-sonnet-5", { noSampling: true }],
  ];
  for (const [model, expected] of rows) test(model, () => expect(of("anthropic", model)).toMatchObject(expected));

  test("manual, both, adaptive, always on", () => {
    expect(of("anthropic", "claude-sonnet-4-20250514").reasoning).toMatchObject({ manual: true, budget: { min: 1024, dynamicOk: false } });
    expect(of("anthropic", "claude-sonnet-4-20250514").reasoning?.adaptive).toBeUndefined();
    expect(of("anthropic", "claude-sonnet-4-6").reasoning).toMatchObject({ manual: true, adaptive: true, levels: ["low", "medium", "high", "max"] });
    expect(of("anthropic", "claude-opus-4-8").reasoning).toMatchObject({ adaptive: true, levels: ["low", "medium", "high", "xhigh", "max"] });
    expect(of("anthropic", "claude-opus-4-8").reasoning?.manual).toBeUndefined();
    expect(of("anthropic", "claude-fable-5").reasoning).toMatchObject({ adaptive: true, alwaysOn: true, canBeOff: false });
  });

  test("Sonnet 5 refuses a system role in mid-conversation", () => expect(of("anthropic", "claude-sonnet-5").midSystem).not.toBe(true));
  test("resellers write dots", () => expect(of("openrouter", "anthropic/claude-opus-4.8")).toMatchObject({ midSystem: true, noSampling: true }));
  test("a relay of Claude is not taken for a basic server, another model is", () => {
    expect(of("anthropic-compatible", "claude-opus-4-6").basicAnthropic).toBe(false);
    expect(of("anthropic-compatible", "some-model").basicAnthropic).toBe(true);
  });
});

describe("GPT families", () => {
  test("levels", () => {
    expect(of("openai", "o4-mini").reasoning?.levels).toEqual(["low", "medium", "high"]);
    expect(of("openai", "gpt-5").reasoning).toEqual({ levels: ["minimal", "low", "medium", "high"] });
    expect(of("openai", "gpt-5.1").reasoning?.canBeOff).toBe(true);
    expect(of("openai", "gpt-5.1-codex-max").reasoning?.levels).toContain("xhigh");
    expect(of("openai", "gpt-5.4").reasoning?.levels).toEqual(["low", "medium", "high", "xhigh"]);
    expect(of("openai", "gpt-5.6-sol").reasoning?.levels).toContain("max");
    expect(of("openai", "gpt-4o").reasoning).toEqual({ supported: false });
    expect(of("openai", "gpt-5.1-chat-latest").reasoning).toEqual({ supported: false });
  });
  test("#145 effort beside function tools is refused from 5.4 on", () => {
    expect(of("openai", "gpt-5.2").chatToolsWithEffort).toBeUndefined();
    for (const model of ["gpt-5.4", "gpt-5.5", "gpt-5.6-luna", "gpt-5.10"]) expect(of("openai", model).chatToolsWithEffort).toBe(false);
  });
  test("reasoning models take developer messages and max_completion_tokens", () => {
    expect(of("openai", "gpt-5.5")).toMatchObject({ developerRole: true, maxTokensField: "max_completion_tokens", noSampling: true });
    expect(of("openai", "gpt-4o").developerRole).toBeUndefined();
    expect(of("openai-compatible", "gpt-5.5").maxTokensField).toBe("max_tokens");
  });
});

describe("Gemini families", () => {
  test("budgets, then levels", () => {
    expect(of("google", "gemini-2.5-pro").reasoning?.budget).toEqual({ min: 128, max: 32_768, zeroOk: false, dynamicOk: true });
    expect(of("google", "gemini-2.5-flash-lite").reasoning?.budget?.min).toBe(512);
    expect(of("google", "gemini-3-pro-preview").reasoning).toEqual({ levels: ["low", "high"] });
    expect(of("google", "gemini-3.1-pro-preview").reasoning).toEqual({ levels: ["low", "medium", "high"] });
    expect(of("google", "gemini-3.1-flash-image-preview").reasoning).toEqual({ levels: ["minimal", "high"] });
    expect(of("google", "gemini-2.0-flash").reasoning).toEqual({ supported: false });
  });
  test("the third generation wants its calls sealed", () => {
    expect(of("google", "gemini-2.5-flash")).toMatchObject({ functionResponseParts: false, jsonWithTools: false });
    expect(of("google", "gemini-2.5-flash").requiresCallSeal).toBeUndefined();
    expect(of("google", "gemini-3.7-flash")).toMatchObject({ requiresCallSeal: true, functionResponseParts: true, jsonWithTools: true });
  });
});

describe("open weights", () => {
  test("thoughts go back with the calls where they must", () => {
    expect(of("deepseek", "deepseek-chat").reasoningReplay).toBe("required");
    expect(of("openai-compatible", "deepseek-ai/DeepSeek-V3.2").reasoningReplay).toBe("required");
    expect(of("openrouter", "deepseek/deepseek-r1").reasoningReplay).toBe("forbidden");
    expect(of("fireworks", "accounts/fireworks/models/kimi-k2-thinking").reasoningReplay).toBe("required");
    expect(of("zai", "glm-4.6").reasoningReplay).toBe("required");
    expect(of("openai-compatible", "llama-4").reasoningReplay).toBeUndefined();
  });
});

describe("whims", () => {
  const patch = (id: string, body: Parameters<typeof without>[0], model = "m") => {
    const patched = provider(id).dialects["openai-chat"]?.patchRequest?.(body, model);
    if (patched === undefined) throw new Error("no patch");
    return patched;
  };

  test("no patch changes its argument", () => {
    const body = { model: "m", reasoning_effort: "high", seed: 1, user: "u", logprobs: true, stop: ["x"], messages: [{ role: "tool", tool_call_id: "call_abc" }] };
    const before = JSON.stringify(body);
    for (const each of PROVIDERS) for (const dialect of Object.values(each.dialects)) dialect.patchRequest?.(body, "glm-5");
    expect(JSON.stringify(body)).toBe(before);
  });
  test("Mistral: call ids of nine letters and digits, the same on both sides", () => {
    const body = patch("mistral", {
      messages: [
        { role: "assistant", tool_calls: [{ id: "call_very_long_foreign_id", type: "function" }, { id: "abcDEF123" }] },
        { role: "tool", tool_call_id: "call_very_long_foreign_id" },
        { role: "tool", tool_call_id: "abcDEF123" },
      ],
      tool_choice: "required", seed: 7, user: "u",
    });
    const messages = body.messages as { tool_calls?: { id: string }[]; tool_call_id?: string }[];
    const id = messages[0]?.tool_calls?.[0]?.id ?? "";
    expect(id).toMatch(/^[a-z0-9]{9}$/);
    expect(messages[1]?.tool_call_id).toBe(id);
    expect(messages[2]?.tool_call_id).toBe("abcDEF123");
    expect(body).toMatchObject({ tool_choice: "any", random_seed: 7 });
    expect("user" in body || "seed" in body).toBe(false);
  });
  test("Kimi: a thinking object in place of the effort", () => {
    expect(patch("moonshot", { reasoning_effort: "none" })).toEqual({ thinking: { type: "disabled" } });
    expect(patch("moonshot", { reasoning_effort: "high" })).toEqual({ thinking: { type: "enabled", effort: "high" } });
  });
  test("GLM 4 switches, GLM 5 takes an effort too", () => {
    expect(patch("minimax", { reasoning_effort: "high" }, "MiniMax-M3")).toEqual({ thinking: { type: "adaptive" } });
    expect(patch("minimax", { reasoning_effort: "none" }, "MiniMax-M3")).toEqual({ thinking: { type: "disabled" } });
    expect(patch("zai", { reasoning_effort: "high" }, "glm-4.6")).toEqual({ thinking: { type: "enabled" } });
    expect(patch("zai", { reasoning_effort: "max" }, "glm-5.2")).toEqual({ reasoning_effort: "max", thinking: { type: "enabled" } });
    expect(patch("zai", { reasoning_effort: "none" }, "glm-5.2")).toEqual({ thinking: { type: "disabled" } });
  });
  test("DeepSeek and Qwen: switches", () => {
    expect(patch("deepseek", { reasoning_effort: "none" })).toEqual({ thinking: { type: "disabled" } });
    expect(patch("alibaba", { reasoning_effort: "low" })).toEqual({ enable_thinking: true });
  });
  test("Groq: Qwen knows only default", () => {
    expect(patch("groq", { reasoning_effort: "high", logprobs: true }, "qwen/qwen3-32b")).toEqual({ reasoning_effort: "default" });
    expect(patch("groq", { reasoning_effort: "high" }, "openai/gpt-oss-120b")).toEqual({ reasoning_effort: "high" });
  });
  test("xAI: a thinking model refuses stop and penalties", () => {
    expect(patch("xai", { stop: ["x"], model: "grok-4.5" }, "grok-4.5")).toEqual({ model: "grok-4.5" });
    expect(patch("xai", { stop: ["x"] }, "grok-4.20-0309-non-reasoning")).toEqual({ stop: ["x"] });
  });
});
