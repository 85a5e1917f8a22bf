import { describe, expect, test } from "bun:test";
import { parseConfig } from "../config/index.ts";
import { droid2api } from "./droid2api.ts";

/** As it was shipped (2025-10), with the later keys. */
const FILE = {
  port: 3000,
  model_redirects: { "claude-3-5-haiku-20241022": "claude-haiku-4-5-20251001", empty: "" },
  endpoint: [
    { name: "openai", base_url: "https://app.factory.ai/api/llm/o/v1/responses" },
    { name: "anthropic", base_url: "https://app.factory.ai/api/llm/a/v1/messages" },
  ],
  proxies: [{ name: "one", url: "http://user:secret@proxy.example.com:8080" }, { name: "two" }, { name: "three", url: "nonsense" }],
  models: [
    { name: "Opus 4.1", id: "claude-opus-4-1-20250805", type: "anthropic", reasoning: "auto", provider: "anthropic" },
    { name: "Fast", id: "gpt-5.4-fast", type: "openai", fast: true },
    { name: "Nobody's", id: "x", type: "other" },
  ],
  dev_mode: true,
  user_agent: "factory-cli/0.19.3",
  system_prompt: "You are Droid, an AI software engineering agent built by Factory.\n\nA second paragraph with ${NAME} in it.",
  some_day: 1,
};

function parsed(file: Record<string, unknown>, environment: Record<string, string> = {}): Extract<ReturnType<typeof parseConfig>, { ok: true }> {
  const result = parseConfig(file, environment);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

describe("droid2api's file", () => {
  test("is read in our words", () => {
    const { config, fileOf } = parsed(FILE);
    expect(fileOf).toBe("droid2api");
    expect(config).toMatchObject({
      port: 3000, debug: true, host: "127.0.0.1",
      "model-redirects": { "claude-3-5-haiku-20241022": "claude-haiku-4-5-20251001" },
      "proxy-urls": ["http://user:secret@proxy.example.com:8080"],
      accounts: { subscriptions: ["factory"], kinds: { factory: {
        "base-url": "https://app.factory.ai", "user-agent": "factory-cli/0.19.3", "system-prefix": [FILE.system_prompt],
        options: {
          "client-credentials": true, "shipped-models": false,
          models: [
            { name: "Opus 4.1", id: "claude-opus-4-1-20250805", type: "anthropic", reasoning: "auto", provider: "anthropic" },
            { name: "Fast", id: "gpt-5.4-fast", type: "openai", fast: true },
          ],
        },
      } } },
    });
  });

  test("everything that is left out, or may surprise, is told; no secret is", () => {
    const { notes } = parsed(FILE);
    const paths = notes.map(({ kind, path }) => `${kind} ${path}`);
    expect(paths).toEqual(expect.arrayContaining(["unknown some_day", "dropped proxies[1]", "dropped proxies[2]", "dropped models[2]", "dropped model_redirects.empty", "warning system_prompt", "warning models", "warning port"]));
    expect(notes.find(({ path }) => path === "models")?.message).toContain("its terms may forbid other uses");
    expect(JSON.stringify(notes)).not.toContain("secret");
  });

  test("a first sentence alone is as the vendor wants it", () => {
    expect(parsed({ ...FILE, system_prompt: "You are Droid.\n\n" }).notes.map(({ path }) => path)).not.toContain("system_prompt");
  });

  test("without a port it is 3000, unless the platform says another", () => {
    const { port: _port, ...file } = FILE;
    expect([parsed(file).config.port, parsed(file, { PORT: "8080" }).config.port]).toEqual([3000, 8080]);
  });

  test("settings of ours may stand among its own, and go first", () => {
    const { config, notes } = parsed({ ...FILE, host: "0.0.0.0", "api-keys": ["k"], accounts: { subscriptions: false } });
    expect([config.host, config["api-keys"], config.accounts.subscriptions]).toEqual(["0.0.0.0", ["k"], false]);
    expect(notes.map(({ path }) => path)).not.toContain("models");
  });

  test("addresses that are no places of Factory's lose their path, and of two hosts the first one counts", () => {
    const { config, notes } = parsed({ endpoint: [{ name: "openai", base_url: "https://a.example.com/elsewhere" }, { name: "anthropic", base_url: "https://b.example.com/api/llm/a/v1/messages/" }] });
    expect(config.accounts.kinds.factory?.["base-url"]).toBe("https://a.example.com");
    expect(notes.map(({ path }) => path)).toEqual(expect.arrayContaining(["endpoint[0]", "endpoint"]));
  });

  test.each([{}, { port: 3000 }, { "openai-compatibility": [{ name: "a", "base-url": "https://a.example.com", models: [{ name: "m" }] }] }, { models: "all" }, { models: [{ name: "m" }] }])("ours is not taken for it: %p", (file) => {
    expect(droid2api.isFile?.(file)).toBe(false);
  });
});

describe("its variables", () => {
  test.each(["FACTORY_API_KEY", "DROID_REFRESH_KEY"])("%s is consent for this kind alone, and the terms are told", (name) => {
    const { config, notes } = parsed({ port: 5 }, { [name]: "secret-of-tests" });
    expect([config.accounts.subscriptions, config.port]).toEqual([["factory"], 5]);
    expect(notes).toContainEqual({ kind: "warning", path: name, message: expect.stringContaining("its terms may forbid") });
    expect(JSON.stringify(notes)).not.toContain("secret-of-tests");
  });

  test("a container that is told nothing else listens where its own did", () => {
    expect(parsed({}, { DROID_REFRESH_KEY: "r" }).config.port).toBe(3000);
    expect(parsed({}, { FACTORY_API_KEY: "k" }).config.port).toBe(8317);
  });

  test.each([{ accounts: { subscriptions: false } }, { discovery: { environment: false } }])("where the file says no, they are no consent: %p", (file) => {
    const { config, notes } = parsed(file, { FACTORY_API_KEY: "k" });
    expect([config.accounts.subscriptions, notes.some(({ path }) => path === "FACTORY_API_KEY")]).toEqual([false, false]);
  });
});
