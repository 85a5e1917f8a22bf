import { describe, expect, test } from "bun:test";
import { dialectOfWord, upstreamsAt } from "./upstreams-at.ts";

/** `dialect url`, the preferred one first. */
const spoken = (baseUrl: string, word?: string): readonly string[] => (upstreamsAt(baseUrl, word === undefined ? undefined : dialectOfWord(word)?.id) ?? []).map(({ dialect, baseUrl: at }) => `${dialect.id} ${at}`);

test.each<[string, string | undefined]>([
  ["openai", "openai-chat"], ["chat", "openai-chat"], ["responses", "openai-responses"], ["claude", "anthropic-messages"], ["anthropic", "anthropic-messages"], ["gemini", "gemini-generate-content"],
  ["anthropic-messages", "anthropic-messages"], ["gemini-cli", undefined], ["openai-completions", undefined], ["nonsense", undefined],
])("the word %s means %s", (word, dialect) => {
  expect(dialectOfWord(word)?.id).toBe(dialect);
});

describe("without a word", () => {
  test("a stranger speaks OpenAI Chat", () => {
    expect(spoken("https://h.example/api/v1")).toEqual(["openai-chat https://h.example/api/v1"]);
  });

  test("a known provider speaks all its dialects, at its base path or where that is left out", () => {
    const openrouter = ["openai-chat https://openrouter.ai/api/v1", "anthropic-messages https://openrouter.ai/api"];
    for (const path of ["", "/", "/api", "/api/v1"]) expect(spoken(`https://openrouter.ai${path}`)).toEqual(openrouter);
    expect(spoken("https://api.groq.com/openai/v1")).toEqual(["openai-chat https://api.groq.com/openai/v1"]);
    expect(spoken("https://api.anthropic.com/v1")).toEqual(["anthropic-messages https://api.anthropic.com"]);
    expect(spoken("https://generativelanguage.googleapis.com/v1beta")).toEqual(["gemini-generate-content https://generativelanguage.googleapis.com"]);
    expect(spoken("http://localhost:11434/v1")).toEqual(["openai-chat http://localhost:11434/v1"]);
  });

  test("a provider that lends a path to another vendor's dialect is asked in its own, unless a word says otherwise", () => {
    expect(spoken("https://generativelanguage.googleapis.com/v1beta/openai")).toEqual(["gemini-generate-content https://generativelanguage.googleapis.com"]);
    expect(spoken("https://generativelanguage.googleapis.com/v1beta/openai", "openai")).toEqual(["openai-chat https://generativelanguage.googleapis.com/v1beta/openai"]);
  });

  test("another host of a provider is asked itself, not the provider's first one", () => {
    expect(spoken("https://eu.api.openai.com/v1")).toEqual(["openai-responses https://eu.api.openai.com/v1", "openai-chat https://eu.api.openai.com/v1"]);
  });

  test("at another path of a known host it is OpenAI Chat", () => {
    expect(spoken("https://generativelanguage.googleapis.com/v1beta/other")).toEqual(["openai-chat https://generativelanguage.googleapis.com/v1beta/other"]);
    expect(spoken("https://api.groq.com/beta/v9")).toEqual(["openai-chat https://api.groq.com/beta/v9"]);
  });
});

test("a word leaves one dialect, at the place where it is spoken", () => {
  expect(spoken("https://openrouter.ai/api/v1", "claude")).toEqual(["anthropic-messages https://openrouter.ai/api"]);
  expect(spoken("https://api.openai.com/v1", "openai")).toEqual(["openai-chat https://api.openai.com/v1"]);
  expect(spoken("https://h.example/anthropic/v1", "claude")).toEqual(["anthropic-messages https://h.example/anthropic"]);
  expect(spoken("https://h.example/v1beta", "gemini")).toEqual(["gemini-generate-content https://h.example"]);
  expect(spoken("https://h.example/v1", "responses")).toEqual(["openai-responses https://h.example/v1"]);
  expect(spoken("https://api.groq.com/openai/v1", "claude")).toEqual(["anthropic-messages https://api.groq.com/openai"]);
});

test("keys go to strangers as those want them", () => {
  const headerAt = (baseUrl: string, word?: string): string | undefined => {
    const [first] = upstreamsAt(baseUrl, word === undefined ? undefined : dialectOfWord(word)?.id) ?? [];
    return first === undefined ? undefined : (first.provider.dialects[first.dialect.id]?.auth ?? first.provider.auth).header;
  };
  expect(headerAt("https://h.example/v1")).toBe("authorization");
  expect(headerAt("https://h.example", "claude")).toBe("authorization");
  expect(headerAt("https://h.example", "gemini")).toBe("x-goog-api-key");
  expect(headerAt("https://api.anthropic.com")).toBe("x-api-key");
});
