import { describe, expect, test } from "bun:test";
import { GatewayError, isGatewayError, type Dialect, type FailureKind } from "@dragoman/core";
import { configSchema } from "../config/index.ts";
import type { Candidate, RoutePlan } from "./candidate.ts";
import { createSwitchboard, type DiscoveredUpstream, type ReloadableSwitchboard } from "./create-switchboard.ts";
import type { RouteQuestion } from "./switchboard.ts";

const DIALECTS = ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate-content"].map((id) => ({ id }) as Dialect);
const START = 1_800_000_000_000;

class Bench {
  now = START;
  readonly board: ReloadableSwitchboard;

  constructor(config: object, discovered: readonly DiscoveredUpstream[] = [], more: { probeAfterMs?: number } = {}) {
    this.board = createSwitchboard({
      config: configSchema.parse(config), discovered, clock: { now: () => this.now }, ids: { random: () => "0000" }, dialects: DIALECTS, ...more,
    });
  }

  ask(model: string, more: Partial<RouteQuestion> = {}): { plan: RoutePlan; question: RouteQuestion; all: Candidate[] } {
    const question: RouteQuestion = { model, dialect: "openai-chat", sessionIds: [], principal: "p", ...more };
    const plan = this.board.plan(question);
    const selection = this.board.select(plan, question);
    const all: Candidate[] = [];
    for (let next = selection.next(); next !== undefined; next = selection.next()) all.push(next);
    return { plan, question, all };
  }

  /** The first candidate only, as most requests have it. */
  first(model: string, more: Partial<RouteQuestion> = {}): Candidate | undefined {
    const question: RouteQuestion = { model, dialect: "openai-chat", sessionIds: [], principal: "p", ...more };
    return this.board.select(this.board.plan(question), question).next();
  }

  fail(model: string, kind: FailureKind, more: { retryAfterMs?: number; status?: number; key?: string } & Partial<RouteQuestion> = {}): void {
    const { retryAfterMs, status, key, ...asked } = more;
    const question: RouteQuestion = { model, dialect: "openai-chat", sessionIds: [], principal: "p", ...asked };
    const plan = this.board.plan(question);
    const selection = this.board.select(plan, question);
    let candidate = selection.next();
    const isMeant = (each: Candidate): boolean => key === undefined || each.credential.apiKey === key;
    while (candidate !== undefined && !isMeant(candidate)) candidate = selection.next();
    if (candidate === undefined) throw new Error("nobody to fail");
    const error = new GatewayError("rate_limited", { status: status ?? 429, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    this.board.report({ candidate, plan, question }, { type: "failed", kind, error });
  }
}

function compatible(name: string, keys: readonly string[], models: readonly object[], more: object = {}): object {
  return { name, "base-url": `https://${name}.example.com/v1`, "api-key-entries": keys.map((key) => ({ "api-key": key })), models, ...more };
}

const keysOf = (candidates: readonly Candidate[]): string[] => candidates.map((each) => each.credential.apiKey ?? "");
const names = (bench: Bench): string[] => bench.board.listModels().map((model) => model.id);
function caught(action: () => unknown): GatewayError {
  try {
    action();
  } catch (thrown) {
    if (isGatewayError(thrown)) return thrown;
  }
  throw new Error("no GatewayError");
}

describe("names", () => {
  const bench = new Bench({ "openai-compatibility": [compatible("up", ["k"], [{ name: "vendor/big:free", alias: "big" }, { name: "plain" }, { name: "x-thinking" }])] });

  test("an alias stands for the upstream's name, and only listed names are there", () => {
    expect(bench.first("big")?.model).toBe("vendor/big:free");
    expect(bench.first("plain")?.model).toBe("plain");
    expect(names(bench)).toEqual(["big", "plain", "x-thinking"]);
    expect(() => bench.ask("vendor/big:free")).toThrow();
  });
  test("are case-sensitive", () => expect(() => bench.ask("Big")).toThrow());
  test("an unknown one is told with its nearest", () => {
    const error = caught(() => bench.ask("bgi"));
    expect(error).toMatchObject({ code: "model_not_found", path: "model", source: "client" });
    expect(error.message).toContain("unknown provider for model bgi");
    expect(error.message).toContain("big");
  });
  test("provider://model needs the exact name and no list, and goes upstream unchanged", () => {
    expect(bench.first("up://moonshotai/kimi-k2:free(high)")?.model).toBe("moonshotai/kimi-k2:free(high)");
    expect(() => bench.ask("UP://x")).toThrow();
    expect(() => bench.ask("up://")).toThrow();
  });
  test("#146 parentheses: levels, budgets, none, auto", () => {
    expect(bench.ask("big(HIGH)").plan).toMatchObject({ routeName: "big", reasoning: { mode: "effort", effort: "high", from: "suffix" } });
    expect(bench.ask("big(8192)").plan.reasoning).toEqual({ mode: "budget", budget: 8192, from: "suffix" });
    expect(bench.ask("big(0)").plan.reasoning?.mode).toBe("off");
    expect(bench.ask("big(none)").plan.reasoning?.mode).toBe("off");
    expect(bench.ask("big(-1)").plan.reasoning?.mode).toBe("auto");
    expect(bench.ask("big").plan.reasoning).toBeUndefined();
  });
  test("#149 other parentheses are part of the name", () => {
    expect(() => bench.ask("big(nonsense)")).toThrow();
    const odd = new Bench({ "openai-compatibility": [compatible("up", ["k"], [{ name: "a(b)c" }, { name: "x(foo)" }])] });
    expect(odd.ask("a(b)c").plan).toEqual({ routeName: "a(b)c", maxRounds: 0 });
    expect(odd.ask("x(foo)").plan).toEqual({ routeName: "x(foo)", maxRounds: 0 });
  });
  test("#147 -thinking at an unknown name is the base with a budget", () => {
    expect(bench.ask("big-thinking").plan).toMatchObject({ routeName: "big", reasoning: { mode: "budget", budget: 16_384 } });
    expect(bench.ask("big-thinking-low").plan.reasoning?.budget).toBe(1024);
    expect(bench.ask("big-thinking-5000").plan.reasoning?.budget).toBe(5000);
    expect(bench.ask("big-nothinking").plan.reasoning).toMatchObject({ mode: "off", visibility: "none" });
  });
  test("#148 a real name that ends in -thinking is not touched", () => {
    expect(bench.ask("x-thinking").plan).toEqual({ routeName: "x-thinking", maxRounds: 0 });
  });
  test("auto is the newest", () => {
    const found = new Bench({}, [{ providerId: "openai", name: "openai", apiKey: "k", models: [{ id: "old", created: 1 }, { id: "new", created: 3 }, { id: "mid", created: 2 }] }]);
    expect(found.first("auto")?.model).toBe("new");
    expect(found.ask("auto(high)").plan).toMatchObject({ routeName: "new", reasoning: { effort: "high" } });
    found.fail("new", "rate-limited", { retryAfterMs: 5000 });
    expect(found.first("auto")?.model).toBe("mid");
  });
  test("gpt-5-high, whole names only", () => {
    const codex = new Bench({ "codex-api-key": [{ "api-key": "k", "base-url": "https://api.openai.com/v1" }] });
    expect(codex.ask("gpt-5-high").plan).toMatchObject({ routeName: "gpt-5", reasoning: { effort: "high" } });
    expect(codex.ask("gpt-5.1-codex-max-xhigh").plan).toMatchObject({ routeName: "gpt-5.1-codex-max", reasoning: { effort: "xhigh" } });
    expect(codex.ask("gpt-5.1-codex-max").plan.reasoning).toBeUndefined();
    expect(() => codex.ask("gpt-5.1-minimal")).toThrow();
  });
  test("force-gpt-5-codex", () => {
    const codex = new Bench({ "force-gpt-5-codex": true, "codex-api-key": [{ "api-key": "k", "base-url": "https://api.openai.com/v1" }] });
    expect(codex.first("gpt-5")?.model).toBe("gpt-5-codex");
    expect(codex.ask("gpt-5-high").plan).toMatchObject({ routeName: "gpt-5-codex", reasoning: { effort: "high" } });
  });
});

describe("prefixes, exclusions, pools", () => {
  const entry = { "api-key": "k", prefix: "team", models: [{ name: "m" }, { name: "team" }] };
  test("a prefix is a second name, or with force-model-prefix the only one", () => {
    expect(names(new Bench({ "claude-api-key": [entry] }))).toEqual(["m", "team/m", "team", "team/team"]);
    const forced = new Bench({ "claude-api-key": [entry], "force-model-prefix": true });
    expect(names(forced)).toEqual(["team/m", "team", "team/team"]);
    expect(forced.first("team/m")?.model).toBe("m");
    expect(() => forced.ask("m")).toThrow();
  });
  test("only the prefixed entry answers to the prefixed name", () => {
    const bench = new Bench({ "claude-api-key": [entry, { "api-key": "other", models: [{ name: "m" }] }] });
    expect(keysOf(bench.ask("team/m").all)).toEqual(["k"]);
    expect(keysOf(bench.ask("m").all).sort()).toEqual(["k", "other"]);
  });
  test("a prefix with a slash is dropped", () => {
    expect(names(new Bench({ "claude-api-key": [{ ...entry, prefix: "a/b" }] }))).toEqual(["m", "team"]);
  });
  test("excluded models, in any case, with runs", () => {
    const bench = new Bench({ "gemini-api-key": [{ "api-key": "k", "excluded-models": ["*-LITE*", "gemini-2.5-pro", "*image*"] }] });
    expect(names(bench)).toContain("gemini-2.5-flash");
    expect(names(bench).filter((name) => /lite|image|2\.5-pro/.test(name))).toEqual([]);
  });
  test("* alone switches an entry off", () => {
    expect(names(new Bench({ "gemini-api-key": [{ "api-key": "k", "excluded-models": ["*"] }] }))).toEqual([]);
  });
  test("a pool: the next model of the same key, then the next key; the start moves on", () => {
    const bench = new Bench({ "openai-compatibility": [compatible("up", ["k1", "k2"], [{ name: "a", alias: "pool" }, { name: "b", alias: "pool" }])] });
    const seen = bench.ask("pool").all.map((each) => `${each.credential.apiKey}/${each.model}`);
    expect(seen.map((each) => each.slice(-1))).toEqual(["a", "b", "a", "b"]);
    expect(new Set(seen).size).toBe(4);
    expect(seen[0]?.slice(0, 2)).toBe(seen[1]?.slice(0, 2) ?? "");
    expect(bench.first("pool")?.model).toBe("b");
  });
  test("cooldowns of a pool are kept for each upstream model", () => {
    const bench = new Bench({ "openai-compatibility": [compatible("up", ["k"], [{ name: "a", alias: "pool" }, { name: "b", alias: "pool" }])] });
    bench.fail("pool", "rate-limited", { retryAfterMs: 9000 });
    expect(bench.ask("pool").all.map((each) => each.model)).toEqual(["b"]);
  });
  test("force-mapping, thinking and context of the configuration reach the candidate", () => {
    const bench = new Bench({ "openai-compatibility": [compatible("up", ["k"], [{
      name: "n", alias: "a", "force-mapping": true, "max-context-length": 5000, thinking: { levels: ["none", "low", "high"] },
    }])] });
    expect(bench.first("a")).toMatchObject({ forceMapping: true, capabilities: { contextTokens: 5000, reasoning: { levels: ["low", "high"], canBeOff: true } } });
  });
});

describe("upstreams", () => {
  const base = (config: object, model: string, more: Partial<RouteQuestion> = {}): string => new Bench(config).first(model, more)?.upstream.baseUrl ?? "";
  test("base URLs of OpenAI's kind are taken as they are", () => {
    expect(base({ "codex-api-key": [{ "api-key": "k", "base-url": "http://127.0.0.1:9/v1/", models: [{ name: "m" }] }] }, "m")).toBe("http://127.0.0.1:9/v1");
    expect(base({ "openai-compatibility": [compatible("up", ["k"], [{ name: "m" }])] }, "m")).toBe("https://up.example.com/v1");
  });
  test("what the dialect's own path brings is trimmed", () => {
    expect(base({ "claude-api-key": [{ "api-key": "k", "base-url": "http://127.0.0.1:9/v1", models: [{ name: "m" }] }] }, "m")).toBe("http://127.0.0.1:9");
    expect(base({ "gemini-api-key": [{ "api-key": "k", "base-url": "http://127.0.0.1:9/v1beta/", models: [{ name: "m" }] }] }, "m")).toBe("http://127.0.0.1:9");
  });
  test("a provider's own address brings all of its dialects, another one only the entry's", () => {
    const own = new Bench({ "openai-compatibility": [compatible("ds", ["k"], [{ name: "deepseek-chat" }], { "base-url": "https://api.deepseek.com" })] });
    expect(own.first("deepseek-chat", { dialect: "anthropic-messages" })?.upstream).toMatchObject({ baseUrl: "https://api.deepseek.com/anthropic", dialect: { id: "anthropic-messages" } });
    expect(own.first("deepseek-chat")?.upstream.provider.id).toBe("deepseek");
    const other = new Bench({ "openai-compatibility": [compatible("ds", ["k"], [{ name: "deepseek-chat" }])] });
    expect(other.first("deepseek-chat", { dialect: "anthropic-messages" })?.upstream.dialect.id).toBe("openai-chat");
  });
  test("a Claude key at another address goes as a bearer token", () => {
    const bench = new Bench({ "claude-api-key": [{ "api-key": "k", models: [{ name: "m" }] }, { "api-key": "r", "base-url": "https://relay.example.com", models: [{ name: "n" }] }] });
    expect(bench.first("m")?.upstream.provider.auth.header).toBe("x-api-key");
    expect(bench.first("n")?.upstream.provider.auth.header).toBe("authorization");
  });
  test("an upstream without keys is called without", () => {
    const bench = new Bench({ "openai-compatibility": [compatible("up", [], [{ name: "m" }])] });
    expect(bench.first("m")?.credential.apiKey).toBeUndefined();
  });
  test("what is found is used, unless the same key is configured", () => {
    const found: DiscoveredUpstream = { providerId: "anthropic", name: "anthropic", apiKey: "sk-same" };
    expect(new Bench({}, [found]).first("claude-opus-5")?.upstream).toMatchObject({ name: "anthropic", baseUrl: "https://api.anthropic.com" });
    expect(new Bench({ "claude-api-key": [{ "api-key": "sk-same" }] }, [found]).ask("claude-opus-5").all.length).toBe(1);
    expect(new Bench({ "claude-api-key": [{ "api-key": "sk-other" }] }, [found]).ask("claude-opus-5").all.length).toBe(2);
  });
  test("labels do not tell the key", () => {
    const bench = new Bench({ "claude-api-key": [{ "api-key": "sk-ant-0123456789wxyz" }] });
    const label = bench.first("claude-opus-5")?.credential.label ?? "";
    expect(label).toBe("claude …wxyz");
  });
});

describe("order", () => {
  const two = { "openai-compatibility": [compatible("up", ["k1", "k2", "k3"], [{ name: "m" }])] };
  test("round-robin over ids, each key once in a round", () => {
    const bench = new Bench(two);
    const order = keysOf(bench.ask("m").all);
    expect([...order].sort()).toEqual(["k1", "k2", "k3"]);
    const firsts = Array.from({ length: 3 }, () => bench.first("m")?.credential.apiKey ?? "");
    expect([...firsts].sort()).toEqual(["k1", "k2", "k3"]);
    expect(keysOf(new Bench(two).ask("m").all)).toEqual(order);
  });
  test("fill-first", () => {
    const bench = new Bench({ ...two, routing: { strategy: "fill-first" } });
    expect(new Set(Array.from({ length: 5 }, () => bench.first("m")?.credential.id)).size).toBe(1);
  });
  test("higher priorities first, the others when those are cooling", () => {
    const bench = new Bench({ "claude-api-key": [{ "api-key": "low", models: [{ name: "m" }] }, { "api-key": "high", priority: 5, models: [{ name: "m" }] }] });
    expect(keysOf(bench.ask("m").all)).toEqual(["high", "low"]);
    bench.fail("m", "rate-limited", { retryAfterMs: 1000 });
    expect(keysOf(bench.ask("m").all)).toEqual(["low"]);
    bench.now += 1000;
    expect(bench.first("m")?.credential.apiKey).toBe("high");
  });
  test("several upstreams of one model are one pool; who speaks the client's dialect comes first", () => {
    const bench = new Bench({
      "claude-api-key": [{ "api-key": "native", models: [{ name: "m" }] }],
      "openai-compatibility": [compatible("up", ["k1", "k2"], [{ name: "m" }])],
    });
    expect(keysOf(bench.ask("m", { dialect: "anthropic-messages" }).all)[0]).toBe("native");
    expect(keysOf(bench.ask("m").all)[2]).toBe("native");
    expect(bench.ask("m", { dialect: "gemini-generate-content" }).all.length).toBe(3);
  });
  test("#145 with tools, such models are asked through the other dialect of their provider", () => {
    const bench = new Bench({ "codex-api-key": [{ "api-key": "k", "base-url": "https://api.openai.com/v1" }] });
    const dialect = (model: string, hasTools: boolean): string => bench.first(model, { hasTools })?.upstream.dialect.id ?? "";
    expect(dialect("gpt-5.4", false)).toBe("openai-chat");
    expect(dialect("gpt-5.4", true)).toBe("openai-responses");
    expect(dialect("gpt-5.1", true)).toBe("openai-chat");
  });
});

describe("failures", () => {
  const keys = (...list: string[]): object => ({ "openai-compatibility": [compatible("up", list, [{ name: "m" }, { name: "n" }])] });

  test("a rejected key is left alone for that model only", () => {
    const bench = new Bench(keys("k1", "k2"));
    bench.fail("m", "credential-rejected", { status: 401, key: "k1" });
    expect(keysOf(bench.ask("m").all)).toEqual(["k2"]);
    expect(bench.ask("n").all.length).toBe(2);
  });
  test("faults of the request leave no mark", () => {
    const bench = new Bench(keys("k1"));
    for (const kind of ["request-rejected", "content-refused", "client-closed"] as const) bench.fail("m", kind, { status: 400 });
    expect(bench.ask("m").all.length).toBe(1);
  });
  test("all cooling: 429 with the time of the first, and the provider when there is one", () => {
    const bench = new Bench(keys("k1", "k2"));
    bench.fail("m", "rate-limited", { retryAfterMs: 90_000, key: "k1" });
    bench.fail("m", "rate-limited", { retryAfterMs: 41_500, key: "k2" });
    const { plan, all } = bench.ask("m");
    expect(all).toEqual([]);
    expect(bench.board.waitMs(plan)).toBe(undefined);
    expect(bench.board.unavailable(plan)).toMatchObject({ code: "model_cooldown", status: 429, retryAfterMs: 41_500, message: "All credentials for model m are cooling down via provider up" });
  });
  test("all rejected: 503", () => {
    const bench = new Bench(keys("k1"));
    bench.fail("m", "credential-rejected", { status: 401 });
    expect(bench.board.unavailable(bench.ask("m").plan)).toMatchObject({ code: "no_credential", status: 503, message: "no usable credential (providers=up, model=m)" });
  });
  test("disable-cooling, for all or for one entry", () => {
    const bench = new Bench({ ...keys("k1"), "disable-cooling": true });
    bench.fail("m", "rate-limited", { retryAfterMs: 9000 });
    expect(bench.ask("m").all.length).toBe(1);
    const mixed = new Bench({ "disable-cooling": true, "openai-compatibility": [compatible("up", ["k1"], [{ name: "m" }], { "disable-cooling": false })] });
    mixed.fail("m", "rate-limited", { retryAfterMs: 9000 });
    expect(mixed.ask("m").all.length).toBe(0);
  });
  test("transient-error-cooldown-seconds: 0 is a minute, -1 is none", () => {
    for (const [seconds, pauseMs] of [[0, 60_000], [7, 7000]] as const) {
      const bench = new Bench({ ...keys("k1", "k2"), "transient-error-cooldown-seconds": seconds });
      bench.fail("m", "unavailable", { status: 500 });
      bench.now += pauseMs - 1;
      expect(bench.ask("m").all.length).toBe(1);
      bench.now += 1;
      expect(bench.ask("m").all.length).toBe(2);
    }
    const none = new Bench({ ...keys("k1"), "transient-error-cooldown-seconds": -1 });
    none.fail("m", "unavailable", { status: 500 });
    expect(none.ask("m").all.length).toBe(1);
  });
  test("who rests after trouble of the moment is asked when nobody else is free, unless a vendor named the time", () => {
    const bench = new Bench(keys("k1"));
    bench.fail("m", "unavailable", { status: 500 });
    expect(bench.ask("m").all.length).toBe(1);
    const told = new Bench(keys("k1"));
    told.fail("m", "overloaded", { status: 503, retryAfterMs: 90_000 });
    expect(told.ask("m").all.length).toBe(0);
    const limited = new Bench(keys("k1"));
    limited.fail("m", "rate-limited", {});
    expect(limited.ask("m").all.length).toBe(0);
  });
  test("switch-project off: after a 429 nobody else is asked, and no round follows", () => {
    const bench = new Bench({ ...keys("k1", "k2"), "request-retry": 3, "quota-exceeded": { "switch-project": false } });
    const question: RouteQuestion = { model: "m", dialect: "openai-chat", sessionIds: [], principal: "p" };
    const plan = bench.board.plan(question);
    const selection = bench.board.select(plan, question);
    const candidate = selection.next();
    if (candidate === undefined) throw new Error("nobody");
    bench.board.report({ candidate, plan, question }, { type: "failed", kind: "rate-limited", error: new GatewayError("rate_limited") });
    expect(selection.next()).toBeUndefined();
    expect(bench.board.waitMs(plan)).toBeUndefined();
  });
  test("rounds: own numbers of retries, and the wait for the first that takes part", () => {
    const bench = new Bench({ "request-retry": 1, "claude-api-key": [
      { "api-key": "never", "request-retry": 0, models: [{ name: "m" }] }, { "api-key": "global", models: [{ name: "m" }] }, { "api-key": "three", "request-retry": 3, models: [{ name: "m" }] },
    ] });
    const question: RouteQuestion = { model: "m", dialect: "openai-chat", sessionIds: [], principal: "p" };
    const plan = bench.board.plan(question);
    expect(plan.maxRounds).toBe(3);
    const round = (): string[] => {
      const selection = bench.board.select(plan, question);
      const list: Candidate[] = [];
      for (let next = selection.next(); next !== undefined; next = selection.next()) list.push(next);
      return keysOf(list).sort();
    };
    expect(round()).toEqual(["global", "never", "three"]);
    bench.fail("m", "rate-limited", { retryAfterMs: 1000, key: "never" });
    bench.fail("m", "rate-limited", { retryAfterMs: 8000, key: "global" });
    bench.fail("m", "rate-limited", { retryAfterMs: 9000, key: "three" });
    expect(bench.board.waitMs(plan)).toBe(8000);
    bench.now += 9000;
    expect(bench.board.waitMs(plan)).toBe(0);
    expect(round()).toEqual(["global", "three"]);
    expect(round()).toEqual(["three"]);
  });
  test("10,000 cooling keys and one free: it is found, at once and after they are back", () => {
    const bench = new Bench({ "openai-compatibility": [compatible("up", Array.from({ length: 10_001 }, (_, index) => `key-${index}`), [{ name: "m" }])] });
    const question: RouteQuestion = { model: "m", dialect: "openai-chat", sessionIds: [], principal: "p" };
    const plan = bench.board.plan(question);
    const selection = bench.board.select(plan, question);
    let left: string | undefined;
    for (let count = 0; count < 10_001; count++) {
      const candidate = selection.next();
      if (candidate === undefined) throw new Error("nobody");
      if (count === 10_000) left = candidate.credential.id;
      else bench.board.report({ candidate, plan, question }, { type: "failed", kind: "rate-limited", error: new GatewayError("rate_limited", { retryAfterMs: 60_000 }) });
    }
    expect(bench.ask("m").all.map((each) => each.credential.id)).toEqual([left ?? ""]);
    bench.now += 60_000;
    expect(bench.ask("m").all.length).toBe(10_001);
  });
});

describe("affinity", () => {
  const config = { "openai-compatibility": [compatible("up", ["k1", "k2", "k3"], [{ name: "m" }])] };
  test("a conversation stays on its key, others go round", () => {
    const bench = new Bench(config);
    const own = bench.first("m", { sessionIds: ["s1"] })?.credential.id;
    const others = new Set(Array.from({ length: 6 }, () => bench.first("m")?.credential.id));
    expect(others.size).toBe(3);
    for (let turn = 0; turn < 5; turn++) expect(bench.first("m", { sessionIds: ["s1"] })?.credential.id).toBe(own);
  });
  test("ids are the principal's own", () => {
    const bench = new Bench(config);
    const seen = ["p1", "p2", "p3"].map((principal) => bench.first("m", { sessionIds: ["s"], principal })?.credential.id);
    expect(new Set(seen).size).toBe(3);
  });
  test("a second id meets the first turn", () => {
    const bench = new Bench(config);
    const own = bench.first("m", { sessionIds: ["hash:1"] })?.credential.id;
    bench.first("m");
    expect(bench.first("m", { sessionIds: ["hash:2", "hash:1"] })?.credential.id).toBe(own);
    expect(bench.first("m", { sessionIds: ["hash:2"] })?.credential.id).toBe(own);
  });
  test("bound beats priority; a failure moves the conversation on", () => {
    const bench = new Bench({ "claude-api-key": [{ "api-key": "high", priority: 9, models: [{ name: "m" }] }, { "api-key": "low", models: [{ name: "m" }] }] });
    bench.fail("m", "rate-limited", { retryAfterMs: 1000, key: "high" });
    expect(bench.first("m", { sessionIds: ["s"] })?.credential.apiKey).toBe("low");
    bench.now += 1000;
    expect(bench.first("m", { sessionIds: ["s"] })?.credential.apiKey).toBe("low");
    bench.fail("m", "unavailable", { status: 500, sessionIds: ["s"] });
    expect(bench.first("m", { sessionIds: ["s"] })?.credential.apiKey).toBe("high");
  });
  test("it is forgotten after the time to live, which each use renews", () => {
    const bench = new Bench({ ...config, routing: { "session-affinity-ttl": "10s" } });
    const own = bench.first("m", { sessionIds: ["s"] })?.credential.id;
    bench.now += 9000;
    expect(bench.first("m", { sessionIds: ["s"] })?.credential.id).toBe(own);
    bench.now += 9000;
    expect(bench.first("m", { sessionIds: ["s"] })?.credential.id).toBe(own);
    bench.now += 10_000;
    expect(bench.first("m", { sessionIds: ["s"] })?.credential.id).not.toBe(own);
  });
  test("switched off", () => {
    const bench = new Bench({ ...config, routing: { "session-affinity": false } });
    expect(new Set(Array.from({ length: 3 }, () => bench.first("m", { sessionIds: ["s"] })?.credential.id)).size).toBe(3);
  });
});

describe("lists", () => {
  test("quota keeps a model listed, refusal of all its keys hides it", () => {
    const bench = new Bench({ "openai-compatibility": [compatible("up", ["k1", "k2"], [{ name: "m" }])] });
    bench.fail("m", "rate-limited", { retryAfterMs: 9000, key: "k1" });
    bench.fail("m", "rate-limited", { retryAfterMs: 9000, key: "k2" });
    expect(names(bench)).toEqual(["m"]);
    bench.now += 9000;
    bench.fail("m", "credential-rejected", { status: 401, key: "k1" });
    expect(names(bench)).toEqual(["m"]);
    bench.fail("m", "model-unavailable", { status: 404, key: "k2" });
    expect(names(bench)).toEqual([]);
    expect(bench.board.findModel("m")).toBeUndefined();
    bench.now += 12 * 3_600_000;
    expect(names(bench)).toEqual(["m"]);
  });
  test("a row", () => {
    const bench = new Bench({ "claude-api-key": [{ "api-key": "k" }] });
    expect(bench.board.findModel("claude-opus-5")).toEqual({
      id: "claude-opus-5", ownedBy: "anthropic", created: 1_784_038_800, displayName: "Claude Opus 5", contextTokens: 1_000_000, maxOutputTokens: 128_000,
    });
    const own = new Bench({ "openai-compatibility": [compatible("up", ["k"], [{ name: "m", "display-name": "M" }])] });
    expect(own.board.findModel("m")).toEqual({ id: "m", ownedBy: "up", created: START / 1000, displayName: "M" });
  });
  test("what an upstream lists replaces the catalogue, with its facts and its undated names", () => {
    const bench = new Bench({}, [{ providerId: "anthropic", name: "anthropic", apiKey: "k" }]);
    expect(bench.board.listable().map((each) => each.upstream.name)).toEqual(["anthropic"]);
    bench.board.learnModels("anthropic", [{ id: "claude-opus-4-5-20251101" }, { id: "claude-brand-new" }]);
    expect(names(bench)).toEqual(["claude-opus-4-5-20251101", "claude-brand-new", "claude-opus-4-5"]);
    expect(bench.board.findModel("claude-opus-4-5-20251101")?.maxOutputTokens).toBe(64_000);
    bench.board.reload(configSchema.parse({}), [{ providerId: "anthropic", name: "anthropic", apiKey: "k" }]);
    expect(names(bench)).toContain("claude-brand-new");
  });
  test("where the configuration names the models, no list is asked for", () => {
    const bench = new Bench({ "openai-compatibility": [compatible("up", ["k"], [{ name: "m" }]), compatible("open", ["k"], [])] });
    expect(bench.board.listable().map((each) => each.upstream.name)).toEqual(["open"]);
    bench.board.learnModels("up", [{ id: "other" }]);
    bench.board.learnModels("open", [{ id: "found" }]);
    expect(names(bench)).toEqual(["m", "found"]);
  });
});

describe("reload", () => {
  test("credentials that stay keep their state, the rest is new", () => {
    const entry = (...keys: string[]): object => ({ "openai-compatibility": [compatible("up", keys, [{ name: "m" }])] });
    const bench = new Bench(entry("k1", "k2"));
    bench.fail("m", "rate-limited", { retryAfterMs: 9000, key: "k1" });
    const question: RouteQuestion = { model: "m", dialect: "openai-chat", sessionIds: [], principal: "p" };
    const plan = bench.board.plan(question);
    bench.board.reload(configSchema.parse(entry("k1", "k3")), []);
    expect(keysOf(bench.ask("m").all)).toEqual(["k3"]);
    bench.now += 9000;
    expect(keysOf(bench.ask("m").all).sort()).toEqual(["k1", "k3"]);
    // The plan of before goes on with what it had.
    const before = bench.board.select(plan, question);
    expect([before.next(), before.next(), before.next()].map((each) => each?.credential.apiKey).sort()).toEqual(["k1", "k2", undefined]);
  });
});

describe("the operator's word on reasoning", () => {
  const bench = new Bench({
    "openai-compatibility": [compatible("up", ["k"], ["a-1", "a-2", "b", "c", "d"].map((name) => ({ name })))],
    reasoning: { models: { "a-*": "high", b: "off", c: "none", d: 4096, "*": "auto" } },
  });
  test("beats the suffix, the first match counts", () => {
    expect(bench.ask("a-1").plan.reasoning).toEqual({ mode: "effort", effort: "high", from: "override" });
    expect(bench.ask("a-2(low)").plan.reasoning?.effort).toBe("high");
    expect(bench.ask("d").plan.reasoning).toEqual({ mode: "budget", budget: 4096, from: "override" });
  });
  test("off takes settings out, none switches off", () => {
    expect(bench.ask("b").plan.reasoning).toEqual({ mode: "default", from: "override" });
    expect(bench.ask("c").plan.reasoning).toEqual({ mode: "off", from: "override" });
  });
});
