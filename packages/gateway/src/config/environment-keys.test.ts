import { describe, expect, test } from "bun:test";
import type { Provider } from "@dragoman/core";
import { findEnvironmentKeys } from "./environment-keys.ts";

const provider = (more: Partial<Provider> & { readonly id: string }): Provider => ({
  name: more.id, baseUrl: "http://127.0.0.1:1", dialects: { "openai-chat": {} }, auth: { kind: "api-key", header: "authorization" }, ...more,
});

describe("findEnvironmentKeys", () => {
  const providers = [provider({ id: "one", keyVariables: ["ONE_KEY", "OLD_ONE_KEY"] }), provider({ id: "two", keyVariables: ["TWO_KEY"] }), provider({ id: "three" })];

  test("the first variable that is set counts, blank ones do not", () => {
    expect(findEnvironmentKeys({ ONE_KEY: " ", OLD_ONE_KEY: " k1 ", TWO_KEY: "k2", OTHER: "x" }, providers)).toEqual([
      { providerId: "one", name: "one", apiKey: "k1", variable: "OLD_ONE_KEY" },
      { providerId: "two", name: "two", apiKey: "k2", variable: "TWO_KEY" },
    ]);
    expect(findEnvironmentKeys({ ONE_KEY: "a", OLD_ONE_KEY: "b" }, providers).map(({ apiKey }) => apiKey)).toEqual(["a"]);
    expect(findEnvironmentKeys({}, providers)).toEqual([]);
  });

  test("known providers are found", () => {
    expect(findEnvironmentKeys({ ANTHROPIC_API_KEY: "a", OPENAI_API_KEY: "o" }).map(({ providerId }) => providerId).toSorted()).toEqual(["anthropic", "openai"]);
  });
});
