import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ask } from "../kit/calls.ts";
import { CLIENT_KEY } from "../kit/office.ts";
import { MODELS, startObserved, type ObservedWorld } from "./observe-world.ts";
import { parseMetrics, type Family } from "./parse-metrics.ts";

let world: ObservedWorld;

beforeAll(async () => {
  world = await startObserved({
    more: "request-retry: 0\nmetrics: { max-models: 2, token: scraper-token }",
    script: ({ prompt }) => (prompt === "refuse" ? { trouble: "refuse", status: 429, message: "slow down", headers: { "retry-after": "60" } } : { text: "fine", usage: { input: 12, cached: 2, output: 5, reasoning: 3 } }),
  });
});
afterAll(() => world.close());

async function scrape(key: string | null = null, path = "//metrics"): Promise<Map<string, Family>> {
  const answer = await world.get(path, key === null ? {} : { key });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parseMetrics(answer.text);
}

function value(families: Map<string, Family>, name: string, labels: Record<string, string> = {}): number | undefined {
  const family = families.get(name.replace(/_(bucket|sum|count)$/, "")) ?? families.get(name);
  const samples = family?.samples.filter((sample) => sample.name === name && Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted)) ?? [];
  return samples.length === 0 ? undefined : samples.reduce((sum, sample) => sum + sample.value, 0);
}

describe("what is counted", () => {
  test("requests, attempts, tokens by part, times", async () => {
    const before = await scrape();
    for (const dialect of ["openai-chat", "anthropic-messages"] as const) await (await ask(world.origin, dialect, { model: "sim-chat", stream: dialect === "openai-chat" })).text();
    const after = await scrape();
    const grown = (name: string, labels?: Record<string, string>): number => (value(after, name, labels) ?? 0) - (value(before, name, labels) ?? 0);
    expect(grown("dragoman_requests_total", { endpoint: "POST /v1/messages", dialect: "anthropic-messages", status: "200" })).toBe(1);
    expect(grown("dragoman_requests_total", { status: "200" })).toBe(2);
    expect(grown("dragoman_attempts_total", { provider: "simulated", model: "sim-chat", outcome: "succeeded" })).toBe(2);
    expect(["input", "cache_read", "output", "reasoning"].map((part) => grown("dragoman_tokens_total", { provider: "simulated", part }))).toEqual([20, 4, 4, 6]);
    expect(grown("dragoman_request_duration_seconds_count", { endpoint: "POST /v1/chat/completions" })).toBe(1);
    expect(grown("dragoman_time_to_first_event_seconds_count", { provider: "simulated" })).toBe(2);
    expect(grown("dragoman_unpriced_attempts_total", { model: "sim-chat" })).toBe(2);
    expect(value(after, "dragoman_requests_open")).toBe(0);
    expect(value(after, "dragoman_streams_open")).toBe(0);
    expect(value(after, "dragoman_build_info", { runtime: "tests" })).toBe(1);
  });

  test("failures by kind, cooldowns, and who was turned away at the door", async () => {
    await (await ask(world.origin, "anthropic-messages", { model: MODELS["anthropic-messages"] ?? "", prompt: "refuse" })).text();
    await (await ask(world.origin, "openai-chat", { model: "sim-chat", key: "wrong" })).text();
    await (await fetch(`${world.origin}/v1/no-such-${Math.random()}`)).text();
    const families = await scrape();
    expect(value(families, "dragoman_failures_total", { provider: "claude", kind: "rate-limited" })).toBe(1);
    expect(value(families, "dragoman_cooldowns", { provider: "claude", kind: "rate-limited" })).toBe(1);
    expect(value(families, "dragoman_credentials", { provider: "claude", state: "cooling" })).toBe(1);
    expect(value(families, "dragoman_requests_refused_total", { code: "invalid_api_key", status: "401" })).toBe(1);
    expect(value(families, "dragoman_requests_refused_total", { endpoint: "GET", status: "404" })).toBe(1);
  });

  test("models beyond the limit are one", async () => {
    for (const dialect of ["openai-responses", "gemini-generate-content"]) await (await ask(world.origin, "openai-chat", { model: MODELS[dialect] ?? "" })).text();
    const families = await scrape();
    const models = new Set(families.get("dragoman_attempts_total")?.samples.map(({ labels }) => labels.model));
    expect([...models].sort()).toEqual(["claude-sonnet-4-5-20250929", "other", "sim-chat"]);
  });

  test("what budgets have left", async () => {
    world.clock.advance(60_000);
    const key = await world.call("POST", "/keys", { body: { name: "metered", limits: { budgets: [{ window: "day", tokens: 1000 }] } } });
    expect(key.status).toBe(201);
    const { view: { id } } = key.body as { view: { id: number } };
    expect(value(await scrape(), "dragoman_budget_left_tokens", { holder: `key:${id}`, window: "day" })).toBe(1000);
  });
});

describe("who may read", () => {
  test("the management key, or the token, and nobody else", async () => {
    await scrape("scraper-token");
    expect((await world.get("//metrics", { key: null })).status).toBe(401);
    expect((await world.get("//metrics", { key: CLIENT_KEY })).status).toBe(401);
    // The token opens nothing else, and a scraper comes from elsewhere.
    expect((await world.get("/config", { key: "scraper-token" })).status).toBe(401);
    world.visitor.address = "192.0.2.7";
    await scrape("scraper-token");
    expect((await world.get("//metrics")).status).toBe(403);
    world.visitor.address = "127.0.0.1";
  });

  test("open, off, and changed while it runs", async () => {
    const change = async (metrics: Record<string, unknown>): Promise<void> => expect((await world.call("PATCH", "/config", { body: { set: [{ path: ["metrics"], value: metrics }] } })).status).toBe(200);
    await change({ open: true });
    expect((await world.get("//metrics", { key: null })).status).toBe(200);
    await change({ enabled: false });
    expect((await world.get("//metrics")).status).toBe(404);
    await change({});
    await scrape();
  });
});
