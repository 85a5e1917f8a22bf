import { describe, expect, test } from "bun:test";
import { type Config, type ConfigNote, type ConfigProblem, DEFAULT_CONFIG, parseConfig } from "./index.ts";

function accepted(raw: unknown, environment: Record<string, string> = {}): { config: Config; notes: readonly ConfigNote[] } {
  const parsed = parseConfig(raw, environment);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed;
}

function refused(raw: unknown, environment: Record<string, string> = {}): readonly ConfigProblem[] {
  const parsed = parseConfig(raw, environment);
  if (parsed.ok) throw new Error("was accepted");
  return parsed.problems;
}

const kinds = (notes: readonly ConfigNote[], kind: ConfigNote["kind"]): string[] => notes.filter((note) => note.kind === kind).map(({ path }) => path);

describe("defaults", () => {
  test("nothing is the default configuration", () => {
    expect(accepted(undefined).config).toEqual(DEFAULT_CONFIG);
    expect(accepted(null).config).toEqual(DEFAULT_CONFIG);
    expect(DEFAULT_CONFIG.host).toBe("127.0.0.1");
    expect(DEFAULT_CONFIG.port).toBe(8317);
    expect(DEFAULT_CONFIG.routing["session-affinity"]).toBe(true);
    expect(DEFAULT_CONFIG.streaming["keepalive-seconds"]).toBe(15);
    expect(DEFAULT_CONFIG.limits["max-body-bytes"]).toBe(67_108_864);
  });

  test("a key without a value says nothing", () => {
    const { config } = accepted({ port: null, routing: { strategy: null }, "claude-api-key": [{ "api-key": "k", "disable-cooling": null, weight: null }] });
    expect(config.port).toBe(8317);
    expect(config.routing.strategy).toBe("round-robin");
    expect(config["claude-api-key"][0]?.weight).toBe(1);
  });

  test("null is a value in payload rules", () => {
    const { config } = accepted({ payload: { override: [{ models: [{ name: "x" }], params: { "a.b": null } }] } });
    expect(config.payload.override[0]?.params).toEqual({ "a.b": null });
  });

  test("the result is frozen and the input untouched", () => {
    const raw = { "generative-language-api-key": ["a"], routing: { "claude-code-session-affinity": false } };
    const before = structuredClone(raw);
    const { config } = accepted(raw);
    expect(raw).toEqual(before);
    expect(Object.isFrozen(config["gemini-api-key"][0])).toBe(true);
  });

  test("an open door is told", () => {
    expect(kinds(accepted({}).notes, "warning")).toEqual(["api-keys"]);
    expect(accepted({ host: "0.0.0.0" }).notes[0]?.message).toContain("everybody");
    expect(accepted({ "api-keys": ["secret"] }).notes).toEqual([]);
    expect(kinds(accepted({ "api-keys": ["your-api-key-1"] }).notes, "warning")).toEqual(["api-keys"]);
  });
});

describe("problems", () => {
  test("unknown keys come with path and nearest key", () => {
    expect(refused({ prot: 1, translation: { "auto-cashe": true } })).toEqual([
      { path: "translation.auto-cashe", message: "unknown key", suggestion: "auto-cache" },
      { path: "prot", message: "unknown key", suggestion: "port" },
    ]);
  });

  test("a key outside its section is sent there", () => {
    expect(refused({ strategy: "fill-first" })[0]?.suggestion).toBe("routing.strategy");
  });

  test("a key like no other gets no suggestion", () => {
    expect(refused({ zzzzzzzzzz: 1 })).toEqual([{ path: "zzzzzzzzzz", message: "unknown key" }]);
  });

  test("keys named like parts of every object are unknown, too", () => {
    expect(refused(JSON.parse('{"constructor": 1}'))[0]?.path).toBe("constructor");
    expect(refused(JSON.parse('{"routing": {"toString": 1}}'))[0]?.path).toBe("routing.toString");
  });

  test("wrong types and values", () => {
    const paths = refused({
      port: 70_000, "api-keys": [12_345], routing: { strategy: "random", "session-affinity-ttl": "an hour" }, "proxy-url": "ftp://x",
      "claude-api-key": [{ "api-key": "k", weight: 1.5 }, { "api-key": "k", weight: 1_000_001 }, { "api-key": "k", "base-url": "example.com" }],
      reasoning: { models: { "gpt-*": "hard" } },
    }).map(({ path, message }) => `${path}: ${message}`);
    expect(paths).toEqual([
      "port: expected number to be <=65535",
      "api-keys[0]: expected string, received number; put it in quotes",
      "proxy-url: expected a socks5://, socks5h://, http:// or https:// address, or 'direct'",
      'routing.strategy: expected one of "round-robin"|"weighted-round-robin"|"fill-first"',
      "routing.session-affinity-ttl: expected a duration such as 90s, 30m or 1h30m",
      "claude-api-key[0].weight: expected int, received number",
      "claude-api-key[1].weight: expected number to be <=1000000",
      "claude-api-key[2].base-url: expected an http:// or https:// address",
      "reasoning.models.gpt-*: expected one of auto, off, none, minimal, low, medium, high, xhigh, max, or a number of tokens",
    ]);
  });

  test("what does not fit together", () => {
    expect(refused({ tls: { enable: true, cert: "a.pem" } })).toEqual([{ path: "tls.key", message: "is needed when tls.enable is true" }]);
    const rule = { status: 400, "match-regexr": ["(?i)fine", "("], action: "stop" };
    expect(refused({ "claude-api-key": [{ "api-key": "k", "request-scoped-errors": [rule] }] })[0]?.path).toBe("claude-api-key[0].request-scoped-errors[0].match-regexr[1]");
  });

  test("a list or a text is no configuration", () => {
    expect(refused([])[0]?.path).toBe("");
    expect(refused("port: 1")[0]?.path).toBe("");
  });

  test("a problem never quotes a value", () => {
    const problems = refused({ "api-keys": [{ key: "s3cret" }], "proxy-url": "s3cret", routing: { strategy: "s3cret" }, "remote-management": { "secret-key": ["s3cret"] } });
    expect(problems.length).toBe(4);
    expect(JSON.stringify(problems)).not.toContain("s3cret");
  });
});

describe("unknown keys of upstreams' entries", () => {
  const unknown = (raw: unknown): unknown[] => accepted(raw).notes.filter(({ kind }) => kind === "unknown").map(({ path, suggestion }) => [path, suggestion]);

  test("are told with the nearest known key, and are no part of the configuration", () => {
    const raw = {
      "claude-api-key": [{ "api-key": "k", baseUrl: "https://x", models: [{ name: "m", alais: "n", thinking: { mim: 1 } }], "request-scoped-errors": [{ status: 500, action: "stop", zzzzzzzzzz: 1 }] }],
      "openai-compatibility": [{ name: "n", "base-url": "https://x.example.com", "api-key-entries": [{ "api-key": "k", wieght: 2 }] }],
      "codex-api-key": [{ "api-key": "k", prioritty: [1, { deep: true }] }], "gemini-api-key": [{ "api-key": "k", toString: 1 }],
    };
    expect(unknown(raw)).toEqual([
      ["claude-api-key[0].baseUrl", "base-url"], ["claude-api-key[0].models[0].alais", "alias"], ["claude-api-key[0].models[0].thinking.mim", "min"],
      ["claude-api-key[0].request-scoped-errors[0].zzzzzzzzzz", undefined], ["openai-compatibility[0].api-key-entries[0].wieght", "weight"],
      ["codex-api-key[0].prioritty", "priority"], ["gemini-api-key[0].toString", undefined],
    ]);
    expect(accepted(raw).config["codex-api-key"]).toEqual(accepted({ "codex-api-key": [{ "api-key": "k" }] }).config["codex-api-key"]);
  });

  test("wrong values of known keys are refused all the same", () => {
    expect(refused({ "claude-api-key": [{ "api-key": "k", mystery: 1, priority: "high" }] }).map(({ path }) => path)).toEqual(["claude-api-key[0].priority"]);
    expect(refused({ "claude-api-key": [{ mystery: 1 }] }).map(({ path }) => path)).toEqual(["claude-api-key[0].api-key"]);
  });

  test("variables in them need not be set, and no value is told", () => {
    const { notes } = accepted({ "claude-api-key": [{ "api-key": "k", mystery: "${MISSING}", other: "s3cret" }] });
    expect(kinds(notes, "unknown")).toEqual(["claude-api-key[0].mystery", "claude-api-key[0].other"]);
    expect(JSON.stringify(notes)).not.toContain("s3cret");
  });
});

describe("environment", () => {
  test("references are replaced, also within texts", () => {
    const { config } = accepted({ "proxy-url": "http://${USER}:${PASS}@proxy:80", "api-keys": ["${KEY}", "${MISSING:-spare}", "$${literal}"] }, { USER: "u", PASS: "p", KEY: "12345" });
    expect(config["proxy-url"]).toBe("http://u:p@proxy:80");
    expect(config["api-keys"]).toEqual(["12345", "spare", "${literal}"]);
  });

  test("numbers and switches may come from the environment", () => {
    const { config } = accepted({ port: "${PORT}", debug: "${DEBUG}", limits: { "max-body-bytes": "${MAX:-1024}" } }, { PORT: "9000", DEBUG: "true" });
    expect(config.port).toBe(9000);
    expect(config.debug).toBe(true);
    expect(config.limits["max-body-bytes"]).toBe(1024);
  });

  test("a number in quotes without a reference stays a text", () => {
    expect(refused({ port: "9000" })[0]?.path).toBe("port");
  });

  test("a missing or blank variable is one problem, with the path", () => {
    expect(refused({ port: "${PORT}", "claude-api-key": [{ "api-key": "${KEY}" }] }, { KEY: " " })).toEqual([
      { path: "port", message: "the environment variable PORT is not set" },
      { path: "claude-api-key[0].api-key", message: "the environment variable KEY is not set" },
    ]);
  });

  test("an empty variable with a default takes the default", () => {
    expect(accepted({ host: "${HOST:-0.0.0.0}" }, { HOST: "" }).config.host).toBe("0.0.0.0");
  });

  test("header references to the client are left alone", () => {
    expect(accepted({ "claude-api-key": [{ "api-key": "k", headers: { "X-A": "$X-B" } }] }).config["claude-api-key"][0]?.headers).toEqual({ "X-A": "$X-B" });
  });

  test("variables in keys without effect need not be set", () => {
    expect(kinds(accepted({ ampcode: { "upstream-api-key": "${AMP}" } }).notes, "unused")).toEqual(["ampcode"]);
  });
});

describe("old spellings", () => {
  test("renamed keys", () => {
    const { config, notes } = accepted({
      "allow-remote-management": true, "remote-management-key": "pw", "gpt-5-codex": true, routing: { "claude-code-session-affinity": false },
      "oauth-model-mappings": { Claude: [{ name: "a", alias: "b" }] },
    });
    expect(config["remote-management"]).toMatchObject({ "allow-remote": true, "secret-key": "pw" });
    expect(config["force-gpt-5-codex"]).toBe(true);
    expect(config.routing["session-affinity"]).toBe(false);
    expect(config["oauth-model-alias"]).toMatchObject({ claude: [{ name: "a", alias: "b" }] });
    expect(kinds(notes, "migrated").length).toBe(5);
  });

  test("the new spelling wins", () => {
    expect(accepted({ "gpt-5-codex": true, "force-gpt-5-codex": false }).config["force-gpt-5-codex"]).toBe(false);
  });

  test("Gemini keys of old are appended unless present", () => {
    const { config } = accepted({ "gemini-api-key": [{ "api-key": "a", "base-url": "https://g.example" }], "generative-language-api-key": ["a", "b"] });
    expect(config["gemini-api-key"].map((entry) => entry["api-key"])).toEqual(["a", "b"]);
  });

  test("keys of compatible entries", () => {
    const entry = { name: "x", "base-url": "https://x.example/v1/", "api-key-entries": [{ "api-key": "a" }], "api-keys": ["a", "b"] };
    const { config } = accepted({ "openai-compatibility": [entry] });
    expect(config["openai-compatibility"][0]?.["api-key-entries"].map((key) => key["api-key"])).toEqual(["a", "b"]);
    expect(config["openai-compatibility"][0]?.["base-url"]).toBe("https://x.example/v1");
  });

  test("auth.providers fill api-keys when there are none", () => {
    const auth = { providers: [{ name: "config-inline", type: "config-api-key", "api-keys": ["a", "b"] }] };
    expect(accepted({ auth }).config["api-keys"]).toEqual(["a", "b"]);
    expect(accepted({ auth, "api-keys": ["c"] }).config["api-keys"]).toEqual(["c"]);
  });

  test("another kind of access provider is not skipped: the door would stand open", () => {
    expect(refused({ auth: { providers: [{ type: "ldap" }] } })[0]?.path).toBe("auth.providers[0].type");
  });
});

describe("tidying", () => {
  test("client keys", () => {
    const { config, notes } = accepted({ "api-keys": [" a ", "", "a", "b"] });
    expect(config["api-keys"]).toEqual(["a", "b"]);
    expect(kinds(notes, "dropped")).toEqual(["api-keys[1]", "api-keys[2]"]);
  });

  test("entries", () => {
    const { config, notes } = accepted({
      "gemini-api-key": [{ "api-key": "a" }, { "api-key": " a " }, { "api-key": "a", prefix: "p" }, { "api-key": "" }],
      "claude-api-key": [{ "api-key": "a" }, { "api-key": "a", "base-url": "", prefix: "x/y", "request-retry": -1, headers: { " X-A ": " v ", "X-B": " " }, "excluded-models": [" A* ", "a*", ""] }],
      "codex-api-key": [{ "api-key": "a", "base-url": "" }],
      "openai-compatibility": [{ name: "n", "base-url": "" }, { name: "m", "base-url": "http://m", models: [{ alias: "only" }, {}], "api-key-entries": [{ "api-key": "" }, { "api-key": "k" }, { "api-key": "k" }] }],
    });
    expect(config["gemini-api-key"].length).toBe(2);
    expect(config["claude-api-key"][1]).toEqual({
      "api-key": "a", weight: 1, priority: 0, headers: { "X-A": "v" }, models: [], "request-scoped-errors": [], "excluded-models": ["a*"], "rebuild-mid-system-message": false,
    });
    expect(config["codex-api-key"].length).toBe(1);
    expect(config["openai-compatibility"].map(({ name }) => name)).toEqual(["m"]);
    expect(config["openai-compatibility"][0]?.models).toEqual([{ name: "only", alias: "only", "force-mapping": false }]);
    expect(kinds(notes, "dropped").toSorted()).toEqual([
      "claude-api-key[1].prefix", "gemini-api-key[1]", "gemini-api-key[3]", "openai-compatibility[0]",
      "openai-compatibility[1].api-key-entries[0]", "openai-compatibility[1].api-key-entries[2]", "openai-compatibility[1].models[1]",
    ]);
  });

  test("negative limits mean none", () => {
    const { config } = accepted({ "request-retry": -1, "max-retry-interval": -5, streaming: { "keepalive-seconds": -1 } });
    expect([config["request-retry"], config["max-retry-interval"], config.streaming["keepalive-seconds"]]).toEqual([0, 0, 0]);
  });

  test("OAuth maps", () => {
    const { config, notes } = accepted({
      "oauth-excluded-models": { Codex: ["A"], codex: ["b "] },
      "oauth-model-alias": { X: [{ name: "a", alias: "b" }, { name: "c", alias: "B" }, { name: "d", alias: "d" }, { name: "", alias: "e" }] },
    });
    expect(config["oauth-excluded-models"]).toEqual({ codex: ["a", "b"] });
    expect(config["oauth-model-alias"]["x"]?.map(({ name }) => name)).toEqual(["a"]);
    expect(kinds(notes, "dropped").length).toBe(3);
  });

  test("raw payload rules that are no JSON go", () => {
    const { config, notes } = accepted({ payload: { "default-raw": [{ params: { a: "{" } }, { params: { a: "{}" } }] } });
    expect(config.payload["default-raw"].length).toBe(1);
    expect(kinds(notes, "dropped")).toEqual(["payload.default-raw[0]"]);
    expect(kinds(notes, "pending")).toEqual([]);
  });

  test("a second pass changes nothing", () => {
    const first = accepted({ "api-keys": [" a ", "a"], "gemini-api-key": [{ "api-key": "g", "base-url": "https://g/ ", models: [{ alias: "m" }] }], "oauth-excluded-models": { X: ["A", "a"] } }).config;
    expect(accepted(structuredClone(first)).config).toEqual(first);
  });
});
