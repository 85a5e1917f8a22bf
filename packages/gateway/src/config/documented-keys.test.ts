import { describe, expect, test } from "bun:test";
import { configJsonSchema, parseConfig } from "./index.ts";

/** Every key of CLIProxyAPI's configuration (November 2025 to August 2026) with a value of its kind. */
const SETTINGS = {
  host: "", port: 8317, tls: { enable: false, cert: "", key: "" }, "api-keys": ["a"],
  auth: { providers: [{ name: "config-inline", type: "config-api-key", sdk: "x", "api-keys": ["b"], config: {} }] },
  "ws-auth": true,
  "remote-management": { "allow-remote": false, "secret-key": "", "disable-control-panel": false, "disable-auto-update-panel": true, "panel-github-repository": "x" },
  pprof: { enable: false, addr: "127.0.0.1:8316" }, "commercial-mode": false, "auth-dir": "~/.cli-proxy-api",
  debug: true, "logging-to-file": true, "logs-max-total-size-mb": 0, "error-logs-max-files": 10, "request-log": false,
  "usage-statistics-enabled": true, "redis-usage-queue-retention-seconds": 60,
  "proxy-url": "socks5h://u:p@host:1080", "request-retry": 3, "max-retry-interval": 30, "max-retry-credentials": 0, "disable-cooling": false,
  "save-cooldown-status": true, "transient-error-cooldown-seconds": -1, "auth-auto-refresh-workers": 16,
  "quota-exceeded": { "switch-project": true, "switch-preview-model": true, "antigravity-credits": true },
  routing: { strategy: "fill-first", "session-affinity": true, "session-affinity-ttl": "1h", "session-affinity-subagents": true },
  "force-model-prefix": false, "passthrough-headers": false, streaming: { "keepalive-seconds": 15, "bootstrap-retries": 1 }, "nonstream-keepalive-interval": 0,
  "force-gpt-5-codex": false, "enable-gemini-cli-endpoint": true, "disable-image-generation": "chat", "gpt-image-2-base-model": "gpt-5", "video-result-auth-cache-ttl": "3h",
  codex: { "stream-bootstrap-buffering": true, "optimize-multi-agent-v2": true, "live-media-relay": {}, "orphan-delegation-compatibility": false, "model-level-cooling": false, "identity-confuse": true, "disable-codex-cloaking": true },
  xai: { "inject-x-search": true }, "antigravity-signature-cache-enabled": true, "antigravity-signature-bypass-strict": false,
  "disable-claude-cloak-mode": true, "claude-code": { "disable-cloaking-model-list": [] }, antigravity: { "sensitive-words": [] },
  "claude-header-defaults": { "user-agent": "x" }, "codex-header-defaults": {}, plugins: { enabled: true, dir: "x", "store-sources": [], configs: {} },
  "credential-concurrency": {}, "credential-in-flight": {}, home: {},
  ampcode: { "upstream-url": "x", "upstream-api-keys": [], "model-mappings": [] }, "amp-upstream-url": "x", "amp-upstream-api-key": "x", "amp-restrict-management-to-localhost": true, "amp-model-mappings": [],
  "generative-language-api-key": ["g"], "interactions-api-key": [{ "api-key": "i" }],
  "oauth-excluded-models": { codex: ["*-mini"] }, "oauth-model-alias": { claude: [{ name: "a", alias: "b", fork: true, "force-mapping": true }] },
  "oauth-request-scoped-errors": { claude: [{ status: 400, match: ["x"], "match-regexr": ["^y"], action: "stop" }] },
  payload: {
    default: [{
      models: [{ name: "gemini-*", protocol: "gemini", "from-protocol": "responses", headers: { "X-A": "b*" }, match: [{ "metadata.client": "codex" }], "not-match": [{ "metadata.mode": "dev" }], exist: ["tools"], "not-exist": ["x"] }],
      params: { "generationConfig.thinkingConfig.thinkingBudget": 32_768 },
    }],
    "default-raw": [{ models: [], params: { path: '{"raw":"json"}' } }], override: [], "override-raw": [], filter: [{ models: [{ name: "x" }], params: ["a.b"] }],
  },
};

const ENTRY = {
  "api-key": "k", "base-url": "https://x.example", "proxy-url": "http://p:80", headers: { "X-A": "$X-B" },
  models: [{ name: "m", alias: "n", "display-name": "N", "max-context-length": 1000, "force-mapping": true, "is-compat": true, thinking: { min: 0, max: 10, "zero-allowed": true, "dynamic-allowed": true, levels: ["low"] } }],
  "excluded-models": ["a*"], prefix: "p", priority: 1, weight: 2, "disable-cooling": true, "request-retry": 2, "auth-index": "0123456789abcdef",
  "request-scoped-errors": [{ status: 500, match: ["x"], action: "continue-and-cooldown" }],
};

const ENTRIES = {
  "gemini-api-key": [ENTRY], "vertex-api-key": [ENTRY], "codex-api-key": [{ ...ENTRY, websockets: true, "alpha-search": true }], "xai-api-key": [{ ...ENTRY, websockets: true }],
  "claude-api-key": [{ ...ENTRY, cloak: { mode: "auto" }, "fingerprint-profile": "x", "experimental-cch-signing": true, "rebuild-mid-system-message": true }],
  "openai-compatibility": [{
    name: "n", disabled: false, "support-prompt-cache-key": true, "base-url": "https://x.example/v1", prefix: "p", priority: 1, headers: { A: "b" }, "disable-cooling": false, "request-retry": 0,
    "request-scoped-errors": [], "auth-index": "x", "api-keys": ["old"], "api-key-entries": [{ "api-key": "k", "proxy-url": "direct", weight: 3, "auth-index": "y" }],
    models: [{ name: "m", alias: "n", image: true, "input-modalities": ["text"], "output-modalities": ["text"] }],
  }],
};

describe("documented keys", () => {
  for (const [key, value] of Object.entries({ ...SETTINGS, ...ENTRIES })) {
    test(`${key} is accepted`, () => {
      const parsed = parseConfig({ [key]: value }, {});
      expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    });
  }

  test("keys that lead to impersonation are accepted, and said to have no effect", () => {
    const parsed = parseConfig({ "claude-api-key": ENTRIES["claude-api-key"], codex: SETTINGS.codex }, {});
    const unused = parsed.ok ? parsed.notes.filter(({ kind }) => kind === "unused").map(({ path }) => path) : [];
    expect(unused).toContain("claude-api-key[0].cloak");
    expect(unused).toContain("codex.identity-confuse");
    expect(JSON.stringify(parsed)).not.toContain("fingerprint-profile\":");
  });

  test("an unknown key in a section of unused keys is still unknown", () => {
    expect(parseConfig({ codex: { "identity-confuse": true, invented: 1 } }, {}).ok).toBe(false);
  });

  test("the schema for editors knows every one of them", () => {
    const { properties } = configJsonSchema() as { properties: Record<string, unknown> };
    expect(Object.keys({ ...SETTINGS, ...ENTRIES }).filter((key) => !Object.hasOwn(properties, key))).toEqual([]);
  });
});
