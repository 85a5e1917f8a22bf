import { expect, test } from "bun:test";
import { claudeProxy } from "./claude-proxy.ts";

test("the haiku variables, and any other word with ALIAS_ before it", () => {
  expect(claudeProxy.ofEnvironment?.({
    HAIKU_MODEL_NAME: "gpt-4o-mini", HAIKU_BASE_URL: "https://api.example.com/v1/", HAIKU_API_KEY: "sk-secret",
    ALIAS_CLAUDE_OPUS_MODEL_NAME: "big/model", ALIAS_CLAUDE_OPUS_BASE_URL: "llm.example.com/openai/v1/chat/completions",
    SONNET_MODEL_NAME: "x", SONNET_BASE_URL: "https://other.example.com",
  }, {})).toEqual({
    config: {
      "openai-compatibility": [
        { name: "claude-opus", "base-url": "https://llm.example.com/openai/v1", models: [{ name: "big/model", alias: "claude-opus", "force-mapping": true }] },
        { name: "haiku", "base-url": "https://api.example.com/v1", "api-key-entries": [{ "api-key": "${HAIKU_API_KEY}" }], models: [{ name: "gpt-4o-mini", alias: "haiku", "force-mapping": true }] },
      ],
      "model-redirects": { "!*claude-opus*": "claude-opus://big/model", "!*haiku*": "haiku://gpt-4o-mini" },
    },
    notes: [],
  });
});

test("a name without an address is told, and has no effect", () => {
  expect(claudeProxy.ofEnvironment?.({ HAIKU_MODEL_NAME: "m", HAIKU_BASE_URL: "file:///etc/passwd" }, {})).toEqual({
    config: {}, notes: [{ kind: "warning", path: "HAIKU_BASE_URL", message: "is not set, or no address: HAIKU_MODEL_NAME has no effect" }],
  });
});

test("nothing of it, nothing said", () => {
  expect(claudeProxy.ofEnvironment?.({ HAIKU_BASE_URL: "https://api.example.com", HAIKU_MODEL_NAME: " ", OPENAI_MODEL_NAME: "x" }, {})).toBeUndefined();
});
