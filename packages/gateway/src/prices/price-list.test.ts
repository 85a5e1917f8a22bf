import { describe, expect, test } from "bun:test";
import { PROVIDERS } from "@dragoman/core";
import { parseConfig } from "../config/index.ts";
import { CATALOGUE } from "./catalogue/index.ts";
import { listedNames } from "./model-names.ts";
import { parsePriceFile } from "./price-file.ts";
import { createPriceList } from "./price-list.ts";
import type { PriceCatalogue } from "./price.ts";
import { priceOverrides } from "./prices-of-config.ts";

const SMALL: PriceCatalogue = {
  date: "2026-01-01",
  vendors: [
    { provider: "anthropic", exclusive: true, models: { "claude-sonnet-4-5": { input: 3, output: 15 }, "claude-sonnet-4": { input: 2, output: 9 } } },
    { provider: "groq", models: { "openai/gpt-oss-120b": { input: 0.15, output: 0.6 } } },
    { provider: "openai", exclusive: true, models: { "gpt-5": { input: 1, output: 10 }, "gpt-5-2025-08-07": { input: 7, output: 70 } } },
    { provider: "google", exclusive: true, models: { "gemini-2.5-flash": { input: 0.3, output: 2.5 } } },
  ],
};
const list = createPriceList({ catalogue: SMALL });
const input = (provider: string, model: string, upstream?: string): number | undefined => list.priceOf(provider, model, upstream)?.input;

describe("finding a price", () => {
  test("by the very name first, then without what clouds and markets add", () => {
    expect(input("openai", "gpt-5")).toBe(1);
    expect(input("openai", "gpt-5-2025-08-07")).toBe(7);
    expect(input("openai", "gpt-5-2025-12-24")).toBe(1);
    for (const name of [
      "claude-sonnet-4-5", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5-latest", "Claude-Sonnet-4-5", "anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5:thinking",
      "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5@20250929",
    ]) expect([name, input("anthropic", name)]).toEqual([name, 3]);
    expect(input("google", "models/gemini-2.5-flash")).toBe(0.3);
    expect(input("google", "gemini-2.5-flash-preview-09-2025")).toBe(0.3);
    expect(input("google", "publishers/google/models/gemini-2.5-flash")).toBe(0.3);
  });

  test("what nobody has said is unknown, not free", () => {
    expect(list.priceOf("openai", "gpt-17")).toBeUndefined();
    expect(list.priceOf("anthropic", "claude-sonnet-4-50")).toBeUndefined();
    expect(list.priceOf("openai-compatible", "qwen3:32b")).toBeUndefined();
    expect(list.priceOf("openai", "")).toBeUndefined();
  });

  test("a model that only its maker has costs the same elsewhere; one that many serve does not", () => {
    expect(input("openrouter", "anthropic/claude-sonnet-4.5")).toBe(3);
    expect(input("openai-compatible", "gpt-5")).toBe(1);
    expect(input("groq", "openai/gpt-oss-120b")).toBe(0.15);
    expect(input("openrouter", "openai/gpt-oss-120b")).toBeUndefined();
    expect(list.find("openrouter", "deepseek/deepseek-r1:free")).toEqual({ price: { input: 0, output: 0 }, source: "catalogue" });
  });

  test("servers of this machine are free, and say so; what they pass on to a cloud is not", () => {
    for (const { id } of PROVIDERS.filter(({ local }) => local === true)) expect(list.find(id, "anything")).toEqual({ price: { input: 0, output: 0 }, source: "local" });
    expect(list.find("ollama", "gpt-oss:120b-cloud")).toBeUndefined();
  });

  test("the file goes over the bundle, the configuration over both; the first entry that fits wins", () => {
    const file: PriceCatalogue = { date: "2026-02-02", vendors: [{ provider: "openai", models: { "GPT-5": { input: 50, output: 50 } } }, { provider: "relay", models: { "claude-sonnet-4": { input: 60, output: 60 } } }] };
    const both = createPriceList({
      catalogue: SMALL, file,
      overrides: [{ model: "gpt-*", provider: "My-Relay", price: { input: 90, output: 90 } }, { model: "gpt-6*", price: { input: 80, output: 80 } }, { model: "*", provider: "groq", price: { input: 0, output: 0 } }],
    });
    expect(both.find("openai", "gpt-5")).toEqual({ price: { input: 50, output: 50 }, source: "file" });
    expect(both.find("openai-compatible", "gpt-5", "my-relay")).toEqual({ price: { input: 90, output: 90 }, source: "configuration" });
    expect(both.priceOf("openai-compatible", "gpt-5", "other")?.input).toBe(50);
    expect(both.priceOf("openai", "gpt-6-astra")?.input).toBe(80);
    expect(both.priceOf("groq", "whatever")?.input).toBe(0);
    // Somebody's own price for a model is not everybody's.
    expect(both.priceOf("anthropic", "claude-sonnet-4")?.input).toBe(2);
    expect(both.date).toBe("2026-02-02");
    expect(both.all().slice(0, 2).map(({ model, source }) => [model, source])).toEqual([["gpt-*", "configuration"], ["gpt-6*", "configuration"]]);
  });

  test("does bounded work for any name", () => {
    const name = `${"us.".repeat(2000)}anthropic/${"-latest".repeat(2000)}`;
    expect(listedNames(name).length).toBeLessThan(40);
    for (let n = 0; n < 10_000; n++) list.priceOf("openai", `gpt-${n}-x`);
    expect(input("openai", "gpt-5")).toBe(1);
  });
});

describe("the bundle", () => {
  test("names its sources and knows only providers that are described", () => {
    const ids = new Set(PROVIDERS.map(({ id }) => id));
    for (const vendor of CATALOGUE.vendors) {
      expect(ids.has(vendor.provider)).toBe(true);
      expect(vendor.source).toStartWith("https://");
      expect(vendor.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(vendor.asOf! <= CATALOGUE.date).toBe(true);
    }
  });

  test("is a good price file itself", () => {
    expect(parsePriceFile(JSON.stringify(CATALOGUE))).toEqual({ ok: true, prices: CATALOGUE });
  });

  test("has the models of the described providers that it can know", () => {
    const bundled = createPriceList();
    for (const [provider, model] of [["openai", "gpt-5.1-codex"], ["anthropic", "claude-opus-4-5-20251101"], ["google", "gemini-3-pro-preview"], ["xai", "grok-4.5"], ["moonshot", "kimi-k3"], ["zai", "glm-4.6"], ["minimax", "MiniMax-M3"], ["alibaba", "qwen3-max"]] as const) {
      expect([model, bundled.find(provider, model)?.source]).toEqual([model, "catalogue"]);
    }
  });
});

describe("what the operator writes", () => {
  test("the configuration's words become prices", () => {
    const parsed = parseConfig({ prices: [{ model: "m*", provider: "x", input: 1, output: 2, "cache-read": 0.1, "cache-write": 1.5, "cache-write-1h": 3, "web-search": 5, tiers: [{ "above-input-tokens": 10, input: 9, output: 9 }] }] }, {});
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(priceOverrides(parsed.config.prices)).toEqual([{ model: "m*", provider: "x", price: { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.5, cacheWrite1h: 3, webSearch: 5, tiers: [{ aboveInputTokens: 10, input: 9, output: 9 }] } }]);
  });

  test("mistakes are told with their place", () => {
    const parsed = parseConfig({ prices: [{ model: "m", input: -1, output: 2, cache_read: 1 }] }, {});
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path).sort()).toEqual(["prices[0].cache_read", "prices[0].input"]);
    const file = parsePriceFile(JSON.stringify({ date: "soon", vendors: [{ provider: "x", models: { m: { input: 1, ouput: 2 } } }] }));
    expect(file.ok ? [] : file.problems.map(({ path }) => path).sort()).toEqual(["date", "vendors[0].models.m.ouput", "vendors[0].models.m.output"]);
    expect(parsePriceFile("{").ok).toBe(false);
  });
});
